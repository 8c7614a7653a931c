/** The states of upgrade domains, and the progress that follows from them. */
import { describe, expect, it } from 'vitest';
import { listDomains, measureProgress } from '../../../src/upgrade/domain-progress.ts';
import {
  completedUpgrade,
  createShortUpgrade,
  createUpgrade,
  type Members,
  unhealthyEvent,
} from '../../support/documents.ts';
import { buildSnapshot } from '../../support/snapshots.ts';

const upgradingIn = (name: string) => ({
  CurrentUpgradeDomainProgress: {
    DomainName: name,
    NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
  },
});
const pausedBefore = (name: string) => ({
  CurrentUpgradeDomainProgress: { DomainName: name, NodeUpgradeProgressList: [] },
});
const pending = { UpgradeState: 'RollingForwardPending' };
const manual = { RollingUpgradeMode: 'UnmonitoredManual' };
const unhealthy = { ApplicationUnhealthyEvaluations: [unhealthyEvent] };
const back = { UpgradeState: 'RollingBackInProgress', TargetApplicationTypeVersion: 'v1' };

/** Builds the snapshot of a document with a record of the application. */
function createSnapshot(document: Members, record: Members = {}) {
  return buildSnapshot(document, { application: record });
}

interface DomainsCase {
  readonly name: string;
  readonly states: string;
  readonly document: Members;
  readonly record?: Members;
}

describe('the list of upgrade domains', () => {
  it.each<DomainsCase>([
    {
      name: 'a domain is being upgraded',
      states: 'done current next',
      document: createUpgrade(upgradingIn('UD1')),
    },
    {
      name: "the deployment is ahead of the application's record",
      states: 'done done current',
      document: createUpgrade(upgradingIn('UD2')),
    },
    {
      name: "the deployment is behind the application's record",
      states: 'current next waiting',
      document: createUpgrade(upgradingIn('UD0')),
    },
    {
      name: 'the health of a domain is checked',
      states: 'done current next',
      document: createUpgrade({ ...pending, ...pausedBefore('UD2') }),
    },
    {
      name: 'that health check fails so far',
      states: 'done unhealthy next',
      document: createUpgrade({ ...pending, ...pausedBefore('UD2'), ...unhealthy }),
    },
    {
      name: 'the health of the last domain is checked',
      states: 'done done current',
      document: createUpgrade(),
    },
    {
      name: 'the upgrade has just been accepted',
      states: 'next waiting waiting',
      document: createUpgrade({ UpgradeDuration: 'PT0H0M0S' }),
      record: { UpgradeDomains: ['UD0', 'UD1', 'UD2'].map((Name) => ({ Name, State: 'Pending' })) },
    },
    {
      name: 'the upgrade waits for approval',
      states: 'done next waiting',
      document: createUpgrade({ ...pending, ...manual, ...pausedBefore('UD1') }),
    },
    {
      name: 'a failed health check stopped the upgrade',
      states: 'done failed next',
      document: createUpgrade({ ...pending, ...manual, ...pausedBefore('UD2'), ...unhealthy }),
    },
    {
      name: 'a time-out stopped the upgrade',
      states: 'done failed next',
      document: createUpgrade({
        ...manual,
        ...upgradingIn('UD1'),
        UpgradeDomainProgressAtFailure: upgradingIn('UD1').CurrentUpgradeDomainProgress,
      }),
    },
    {
      name: 'the upgrade continues after such a stop',
      states: 'done done next',
      document: createUpgrade({
        ...pending,
        ...manual,
        ...pausedBefore('UD2'),
        ApplicationUnhealthyEvaluations: [
          {
            HealthEvaluation: {
              Kind: 'UpgradeDomainDeployedApplications',
              UpgradeDomainName: 'UD0',
              UnhealthyEvaluations: [],
            },
          },
        ],
      }),
    },
    {
      name: 'the upgrade failed',
      states: 'done failed waiting',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
      record: { UpgradeState: 'Failed' },
    },
    {
      name: 'all domains are done',
      states: 'done done done',
      document: createUpgrade({ UpgradeState: 'UnprovisioningCurrent' }),
    },
    {
      name: 'the upgrade rolls back',
      states: 'done current next',
      document: createUpgrade({ ...back, ...upgradingIn('UD1') }),
      record: { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackInProgress' },
    },
  ])('is $states when $name', ({ states, document, record }) => {
    const { list, isComplete } = listDomains(createSnapshot(document, record));
    expect(list.map(({ name }) => name)).toEqual(['UD0', 'UD1', 'UD2']);
    expect(list.map(({ state }) => state).join(' ')).toBe(states);
    expect(isComplete).toBe(true);
  });

  it('holds only the current domain without a list from the application', () => {
    const { list, isComplete } = listDomains(
      createSnapshot(createUpgrade(upgradingIn('UD1')), { UpgradeDomains: null }),
    );
    expect(list).toEqual([{ name: 'UD1', state: 'current', took: undefined }]);
    expect(isComplete).toBe(false);
  });

  it.each([
    ['checked', {}],
    ['stopped', manual],
  ])('holds only the next domain after one was %s, without a list from the application', (_, mode) => {
    const document = createUpgrade({ ...pending, ...mode, ...pausedBefore('UD2'), ...unhealthy });
    const { list } = listDomains(createSnapshot(document, { UpgradeDomains: [] }));
    expect(list).toEqual([{ name: 'UD2', state: 'next', took: undefined }]);
  });
});

interface ProgressCase {
  readonly words: string;
  readonly whole: number;
  readonly document: Members;
  readonly record?: Members;
}

describe('the progress of an upgrade', () => {
  it.each<ProgressCase>([
    {
      words: 'stage 1 of 3: prepare',
      whole: 0,
      document: createShortUpgrade({ UpgradeState: 'ProvisioningTarget' }),
    },
    { words: '1 of 3 upgrade domains done', whole: 4 / 9, document: createUpgrade(upgradingIn('UD1')) },
    {
      words: 'stage 2 of 3: upgrade the domains',
      whole: 1 / 3,
      document: createUpgrade(upgradingIn('UD1')),
      record: { UpgradeDomains: [] },
    },
    {
      words: 'stage 2 of 3: take the domains back',
      whole: 1 / 3,
      document: createUpgrade({ ...back, ...upgradingIn('UD1') }),
    },
    {
      words: '1 of 3 upgrade domains taken back',
      whole: 4 / 9,
      document: createUpgrade({ ...back, ...upgradingIn('UD1') }),
      record: { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackInProgress' },
    },
    {
      words: 'stage 3 of 3: remove what is not needed',
      whole: 2 / 3,
      document: createUpgrade({ UpgradeState: 'UnprovisioningCurrent' }),
    },
  ])('is worded $words', ({ words, whole, document, record }) => {
    const progress = measureProgress(createSnapshot(document, record));
    expect(progress?.words).toBe(words);
    expect(progress?.share).toBeCloseTo(whole);
  });

  it('is undefined when nothing is in progress', () => {
    expect(measureProgress(createSnapshot(completedUpgrade))).toBeUndefined();
  });
});
