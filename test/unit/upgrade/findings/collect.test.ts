/** All findings of an upgrade, over documents of every state and mode, odd ones among them. */
import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../../src/output/table/upgrade.ts';
import { upgradeStates } from '../../../../src/upgrade/state.ts';
import { summarize } from '../../../../src/upgrade/summary.ts';
import {
  fullForm,
  midway,
  neverUpgraded,
  rollingBack,
  shortForm,
  unhealthyEvent,
  waitingNode,
} from '../../../support/documents.ts';
import { buildSnapshot, explain } from '../../../support/snapshots.ts';
import { plainStyle } from '../../../support/style.ts';

describe('odd documents', () => {
  const strange = ['__proto__', 'constructor', 'toString', '\u0000'];
  const endless = 'P10675199DT2H48M5.4775807S';
  it.each(strange)('the word "%s" is a word like any other', (word) => {
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
      NodeUpgradeProgressList: [{ ...waitingNode(word, word), UpgradePhase: word }],
    };
    for (const UpgradeState of [...Object.keys(upgradeStates), word]) {
      const document = fullForm({
        UpgradeState,
        RollingUpgradeMode: word,
        CurrentUpgradeDomainProgress: domain,
        ApplicationUnhealthyEvaluations: [tree],
      });
      const domains = [{ Name: word, State: word }];
      const one = buildSnapshot(document, { application: { UpgradeDomains: domains, UpgradeState: word } });
      expect(renderTable(one, plainStyle(80), { full: true, next: true })).not.toMatch(
        /undefined|NaN|native code/,
      );
      expect(summarize(one)).not.toMatch(/undefined|NaN|native code/);
    }
  });

  it('a clock without end is none', () => {
    const document = { ...midway, UpgradeDuration: endless, CurrentUpgradeDomainDuration: endless };
    const findings = explain(document, { before: [midway], application: {} });
    expect(JSON.stringify(findings)).not.toMatch(/undefined|NaN|null/);
  });
});

describe('every document', () => {
  const states = [...Object.keys(upgradeStates), 'NotInvented', ''];
  const modes = ['Monitored', 'UnmonitoredAuto', 'UnmonitoredManual', 'UnmonitoredDeferred', ''];
  it.each(states)('in state "%s" is explained in every mode, the worst first', (state) => {
    const ranks = { error: 0, warning: 1, info: 2 };
    for (const mode of modes) {
      for (const document of [midway, rollingBack, fullForm(), shortForm(), neverUpgraded()]) {
        const findings = explain({ ...document, UpgradeState: state, RollingUpgradeMode: mode });
        const found = findings.map(({ severity }) => ranks[severity]);
        expect(found).toEqual([...found].sort());
        for (const { what, evidence, next } of findings)
          for (const line of [what, ...evidence, ...next]) expect(line).not.toMatch(/undefined|NaN|^$/);
      }
    }
  });

  it('of an unknown state says so', () => {
    expect(explain({ ...midway, UpgradeState: 'NotInvented' })[0]?.code).toBe('unknown-state');
  });

  it('of a success says nothing', () => {
    expect(explain(fullForm({ UpgradeState: 'RollingForwardCompleted' }))).toEqual([]);
  });

  it('of a deployment that was never upgraded says how to', () => {
    const [note] = explain(neverUpgraded(), { status: { status: 'Ready', details: '' } });
    expect(note?.what).toBe('It was never upgraded');
    expect(note?.next).toEqual([
      'Start an upgrade: sfctl compose upgrade --deployment-name web --file-path <compose file> --upgrade-mode Monitored --failure-action Rollback',
    ]);
  });
});
