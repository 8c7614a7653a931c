/** Where each upgrade domain stands. */
import { describe, expect, it } from 'vitest';
import { listDomains, measureProgress } from '../../../src/upgrade/domain-progress.ts';
import { fullForm, type Members, shortForm, unhealthyEvent } from '../../support/documents.ts';
import { buildSnapshot } from '../../support/snapshots.ts';

const working = (name: string) => ({
  CurrentUpgradeDomainProgress: {
    DomainName: name,
    NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
  },
});
const between = (name: string) => ({
  CurrentUpgradeDomainProgress: { DomainName: name, NodeUpgradeProgressList: [] },
});
const pending = { UpgradeState: 'RollingForwardPending' };
const manual = { RollingUpgradeMode: 'UnmonitoredManual' };
const unhealthy = { ApplicationUnhealthyEvaluations: [unhealthyEvent] };
const back = { UpgradeState: 'RollingBackInProgress', TargetApplicationTypeVersion: 'v1' };

/** The snapshot of a document, with a record of the application. */
function snapshot(document: Members, record: Members = {}) {
  return buildSnapshot(document, { application: record });
}

interface DomainsCase {
  readonly name: string;
  readonly states: string;
  readonly document: Members;
  readonly record?: Members;
}

describe('the domains', () => {
  it.each<DomainsCase>([
    { name: 'one is under way', states: 'done current next', document: fullForm(working('UD1')) },
    {
      name: 'compose is ahead of the record',
      states: 'done done current',
      document: fullForm(working('UD2')),
    },
    {
      name: 'compose is behind the record',
      states: 'current next waiting',
      document: fullForm(working('UD0')),
    },
    {
      name: 'the health of one is checked',
      states: 'done current next',
      document: fullForm({ ...pending, ...between('UD2') }),
    },
    {
      name: 'it is not good',
      states: 'done unhealthy next',
      document: fullForm({ ...pending, ...between('UD2'), ...unhealthy }),
    },
    { name: 'the last is checked', states: 'done done current', document: fullForm() },
    {
      name: 'it is just accepted',
      states: 'next waiting waiting',
      document: fullForm({ UpgradeDuration: 'PT0H0M0S' }),
      record: { UpgradeDomains: ['UD0', 'UD1', 'UD2'].map((Name) => ({ Name, State: 'Pending' })) },
    },
    {
      name: 'a person is waited for',
      states: 'done next waiting',
      document: fullForm({ ...pending, ...manual, ...between('UD1') }),
    },
    {
      name: 'it was stopped for its health',
      states: 'done failed next',
      document: fullForm({ ...pending, ...manual, ...between('UD2'), ...unhealthy }),
    },
    {
      name: 'it was stopped for its time',
      states: 'done failed next',
      document: fullForm({
        ...manual,
        ...working('UD1'),
        UpgradeDomainProgressAtFailure: working('UD1').CurrentUpgradeDomainProgress,
      }),
    },
    {
      name: 'it goes on after that',
      states: 'done done next',
      document: fullForm({
        ...pending,
        ...manual,
        ...between('UD2'),
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
      name: 'it failed',
      states: 'done failed waiting',
      document: shortForm({ UpgradeState: 'Failed' }),
      record: { UpgradeState: 'Failed' },
    },
    {
      name: 'it is over',
      states: 'done done done',
      document: fullForm({ UpgradeState: 'UnprovisioningCurrent' }),
    },
    {
      name: 'it goes back',
      states: 'done current next',
      document: fullForm({ ...back, ...working('UD1') }),
      record: { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackInProgress' },
    },
  ])('where $name: $states', ({ states, document, record }) => {
    const { list, isWhole } = listDomains(snapshot(document, record));
    expect(list.map(({ name }) => name)).toEqual(['UD0', 'UD1', 'UD2']);
    expect(list.map(({ state }) => state).join(' ')).toBe(states);
    expect(isWhole).toBe(true);
  });

  it('are those that are named where the application does not tell', () => {
    const { list, isWhole } = listDomains(snapshot(fullForm(working('UD1')), { UpgradeDomains: null }));
    expect(list).toEqual([{ name: 'UD1', state: 'current', took: undefined }]);
    expect(isWhole).toBe(false);
  });

  it.each([
    ['checked', {}],
    ['stopped', manual],
  ])('the one that is named is the next, whatever was %s before it, where that is not known', (_, mode) => {
    const document = fullForm({ ...pending, ...mode, ...between('UD2'), ...unhealthy });
    const { list } = listDomains(snapshot(document, { UpgradeDomains: [] }));
    expect(list).toEqual([{ name: 'UD2', state: 'next', took: undefined }]);
  });
});

interface ProgressCase {
  readonly words: string;
  readonly whole: number;
  readonly document: Members;
  readonly record?: Members;
}

describe('the progress', () => {
  it.each<ProgressCase>([
    { words: 'stage 1 of 3: prepare', whole: 0, document: shortForm({ UpgradeState: 'ProvisioningTarget' }) },
    { words: '1 of 3 upgrade domains done', whole: 4 / 9, document: fullForm(working('UD1')) },
    {
      words: 'stage 2 of 3: upgrade the domains',
      whole: 1 / 3,
      document: fullForm(working('UD1')),
      record: { UpgradeDomains: [] },
    },
    {
      words: 'stage 2 of 3: take the domains back',
      whole: 1 / 3,
      document: fullForm({ ...back, ...working('UD1') }),
    },
    {
      words: '1 of 3 upgrade domains taken back',
      whole: 4 / 9,
      document: fullForm({ ...back, ...working('UD1') }),
      record: { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackInProgress' },
    },
    {
      words: 'stage 3 of 3: remove what is not needed',
      whole: 2 / 3,
      document: fullForm({ UpgradeState: 'UnprovisioningCurrent' }),
    },
  ])('$words', ({ words, whole, document, record }) => {
    const progress = measureProgress(snapshot(document, record));
    expect(progress?.words).toBe(words);
    expect(progress?.whole).toBeCloseTo(whole);
  });

  it('is none where nothing is under way', () => {
    expect(measureProgress(snapshot(fullForm({ UpgradeState: 'RollingForwardCompleted' })))).toBeUndefined();
  });
});
