/** The wording of upgrade states. */
import { describe, expect, it } from 'vitest';
import { findActiveDomain } from '../../../src/upgrade/active-domain.ts';
import { upgradeStates } from '../../../src/upgrade/enums.ts';
import { createBareSnapshot } from '../../../src/upgrade/snapshot.ts';
import { describeMode, describeState } from '../../../src/upgrade/wording.ts';
import {
  createDomainEvaluation,
  createPolicy,
  createUpgrade,
  type Members,
  nextDomain,
  noLimit,
} from '../../support/documents.ts';
import { buildSnapshot, parseUpgrade } from '../../support/snapshots.ts';

function describeDocument(members: Members): string {
  return describeState(createBareSnapshot(parseUpgrade(createUpgrade(members))));
}

interface WordingCase {
  readonly words: string;
  readonly members: Members;
}

describe('the wording of a state', () => {
  it.each<WordingCase>([
    {
      words: 'checking health of the domain before UD1',
      members: { UpgradeState: 'RollingForwardPending', CurrentUpgradeDomainProgress: nextDomain },
    },
    {
      words: 'checking health of the domain before UD1, unhealthy so far',
      members: {
        UpgradeState: 'RollingForwardPending',
        CurrentUpgradeDomainProgress: nextDomain,
        ApplicationUnhealthyEvaluations: [{ HealthEvaluation: { Kind: 'Event' } }],
      },
    },
    {
      words: 'checking health of the last upgrade domain',
      members: { UpgradeState: 'RollingForwardInProgress' },
    },
    {
      words: 'rolling forward',
      members: { UpgradeState: 'RollingForwardInProgress', UpgradeDuration: 'PT0H0M0S' },
    },
    {
      words: 'waiting for approval to continue with UD1',
      members: {
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: nextDomain,
      },
    },
    {
      words: 'rolling back, UD1',
      members: { UpgradeState: 'RollingBackInProgress', CurrentUpgradeDomainProgress: nextDomain },
    },
  ])('is $words', ({ words, members }) => {
    expect(describeDocument(members)).toBe(words);
  });

  it('names the domain whose health is checked, with its own number', () => {
    const domains = ['UD0', 'UD1', 'UD2'].map((Name, index) => ({
      Name,
      State: index < 2 ? 'Completed' : 'Pending',
    }));
    const check = { UpgradeState: 'RollingForwardPending' };
    const next = { DomainName: 'UD2', NodeUpgradeProgressList: [] };
    const known = { application: { UpgradeDomains: domains } };
    const snapshot = buildSnapshot(createUpgrade({ ...check, CurrentUpgradeDomainProgress: next }), known);
    expect(describeState(snapshot)).toBe('checking health of UD1 (2 of 3)');
    expect(findActiveDomain(snapshot)).toEqual({ name: 'UD1', place: 2, total: 3, isNext: false });
    const unhealthy = { ...check, ApplicationUnhealthyEvaluations: [createDomainEvaluation([], 20)] };
    const alone = buildSnapshot(createUpgrade({ ...unhealthy, CurrentUpgradeDomainProgress: next }));
    expect(describeState(alone)).toBe('checking health of UD1, unhealthy so far');
    const last = buildSnapshot(createUpgrade({ UpgradeState: 'RollingForwardInProgress' }), known);
    expect(describeState(last)).toBe('checking health of UD2 (3 of 3)');
  });

  it.each([...Object.keys(upgradeStates), 'NotInvented', '', 'constructor'])(
    'is not empty for "%s"',
    (state) => {
      expect(describeDocument({ UpgradeState: state })).not.toBe('');
    },
  );
});

interface ModeCase {
  readonly words: string | undefined;
  readonly members: Members;
}

describe('the wording of a mode', () => {
  it.each<ModeCase>([
    { words: 'rolls back if unhealthy for 10m', members: {} },
    { words: 'stops if unhealthy for 10m', members: createPolicy({ FailureAction: 'Manual' }) },
    {
      words: 'rolls back if unhealthy',
      members: createPolicy({ HealthCheckRetryTimeoutInMilliseconds: noLimit }),
    },
    { words: 'no health checks', members: { RollingUpgradeMode: 'UnmonitoredAuto' } },
    {
      words: 'waits for approval after each domain',
      members: { RollingUpgradeMode: 'UnmonitoredManual' },
    },
    { words: undefined, members: { RollingUpgradeMode: 'NotInvented' } },
  ])('is $words', ({ words, members }) => {
    expect(describeMode(parseUpgrade(createUpgrade(members)))).toBe(words);
  });
});
