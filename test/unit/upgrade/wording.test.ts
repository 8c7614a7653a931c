/** The wording of upgrade states. */
import { describe, expect, it } from 'vitest';
import { upgradeStates } from '../../../src/upgrade/enums.ts';
import { createBareSnapshot } from '../../../src/upgrade/snapshot.ts';
import { describeState } from '../../../src/upgrade/wording.ts';
import { createUpgrade, type Members, nextDomain } from '../../support/documents.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

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

  it.each([...Object.keys(upgradeStates), 'NotInvented', '', 'constructor'])(
    'is not empty for "%s"',
    (state) => {
      expect(describeDocument({ UpgradeState: state })).not.toBe('');
    },
  );
});
