/** All findings about an upgrade, for documents in every state and mode and for odd ones. */

import { describe, expect, it } from 'vitest';
import { renderUpgradeScreen } from '../../../../src/output/upgrade-screen/screen.ts';
import { formatStep } from '../../../../src/platform/next-step.ts';
import { upgradeStates } from '../../../../src/upgrade/enums.ts';
import { summarize } from '../../../../src/upgrade/summary.ts';
import {
  completedUpgrade,
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  createWaitingNode,
  rollingBackUpgrade,
  runningUpgrade,
  unhealthyEvent,
} from '../../../support/documents.ts';
import { buildSnapshot, explain } from '../../../support/snapshots.ts';
import { createPlainStyle } from '../../../support/style.ts';

describe('the findings about odd documents', () => {
  const strange = ['__proto__', 'constructor', 'toString', '\u0000'];
  const endless = 'P10675199DT2H48M5.4775807S';
  it.each(strange)('treat the name "%s" like any other', (word) => {
    const tree = {
      HealthEvaluation: {
        Kind: word,
        AggregatedHealthState: word,
        TotalCount: 5,
        UnhealthyEvaluations: [
          {
            HealthEvaluation: {
              ...unhealthyEvent.HealthEvaluation,
              UnhealthyEvent: { ...unhealthyEvent.HealthEvaluation.UnhealthyEvent, HealthState: word },
            },
          },
        ],
      },
    };
    const domain = {
      DomainName: word,
      NodeUpgradeProgressList: [{ ...createWaitingNode(word, word), UpgradePhase: word }],
    };
    for (const UpgradeState of [...Object.keys(upgradeStates), word]) {
      const document = createUpgrade({
        UpgradeState,
        RollingUpgradeMode: word,
        CurrentUpgradeDomainProgress: domain,
        ApplicationUnhealthyEvaluations: [tree],
      });
      const domains = [{ Name: word, State: word }];
      const one = buildSnapshot(document, { application: { UpgradeDomains: domains, UpgradeState: word } });
      const screen = renderUpgradeScreen(one, createPlainStyle(80), { cluster: 'prod', full: true });
      expect(screen).not.toMatch(/undefined|NaN|native code/);
      expect(summarize(one)).not.toMatch(/undefined|NaN|native code/);
    }
  });

  it('ignore infinite clocks', () => {
    const document = { ...runningUpgrade, UpgradeDuration: endless, CurrentUpgradeDomainDuration: endless };
    const findings = explain(document, { before: [runningUpgrade], application: {} });
    expect(JSON.stringify(findings)).not.toMatch(/undefined|NaN|null/);
  });
});

describe('the findings about an upgrade', () => {
  const states = [...Object.keys(upgradeStates), 'NotInvented', ''];
  const modes = ['Monitored', 'UnmonitoredAuto', 'UnmonitoredManual', 'UnmonitoredDeferred', ''];
  it.each(states)('in state "%s" are complete sentences in every mode, the most severe first', (state) => {
    const ranks = { error: 0, warning: 1, info: 2 };
    for (const mode of modes) {
      for (const document of [
        runningUpgrade,
        rollingBackUpgrade,
        createUpgrade(),
        createShortUpgrade(),
        createNeverUpgraded(),
      ]) {
        const findings = explain({ ...document, UpgradeState: state, RollingUpgradeMode: mode });
        const severities = findings.map(({ severity }) => ranks[severity]);
        expect(severities).toEqual([...severities].sort());
        for (const { what, evidence, next } of findings)
          for (const line of [what, ...evidence, ...next.map(formatStep)])
            expect(line).not.toMatch(/undefined|NaN|^$/);
      }
    }
  });

  it('report an unknown state', () => {
    expect(explain({ ...runningUpgrade, UpgradeState: 'NotInvented' })[0]?.code).toBe('unknown-state');
  });

  it('are empty after a success', () => {
    expect(explain(completedUpgrade)).toEqual([]);
  });

  it('explain how to start the first upgrade', () => {
    const [note] = explain(createNeverUpgraded(), { status: { status: 'Ready', details: '' } });
    expect(note?.what).toBe('web was never upgraded');
    expect(note?.next.map(formatStep)).toEqual(['Start an upgrade: sfcompose upgrade web -f <compose file>']);
  });
});
