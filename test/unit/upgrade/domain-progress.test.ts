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

describe('the domains', () => {
  it.each<[what: string, states: string, document: Members, record?: Members]>([
    ['one is under way', 'done current next', fullForm(working('UD1'))],
    ['compose is ahead of the record', 'done done current', fullForm(working('UD2'))],
    ['compose is behind the record', 'current next waiting', fullForm(working('UD0'))],
    ['the health of one is checked', 'done current next', fullForm({ ...pending, ...between('UD2') })],
    ['it is not good', 'done unhealthy next', fullForm({ ...pending, ...between('UD2'), ...unhealthy })],
    ['the last is checked', 'done done current', fullForm()],
    [
      'it is just accepted',
      'next waiting waiting',
      fullForm({ UpgradeDuration: 'PT0H0M0S' }),
      { UpgradeDomains: ['UD0', 'UD1', 'UD2'].map((Name) => ({ Name, State: 'Pending' })) },
    ],
    ['a person is waited for', 'done next waiting', fullForm({ ...pending, ...manual, ...between('UD1') })],
    [
      'it was stopped for its health',
      'done failed next',
      fullForm({ ...pending, ...manual, ...between('UD2'), ...unhealthy }),
    ],
    [
      'it was stopped for its time',
      'done failed next',
      fullForm({
        ...manual,
        ...working('UD1'),
        UpgradeDomainProgressAtFailure: working('UD1').CurrentUpgradeDomainProgress,
      }),
    ],
    [
      'it goes on after that',
      'done done next',
      fullForm({
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
    ],
    ['it failed', 'done failed waiting', shortForm({ UpgradeState: 'Failed' }), { UpgradeState: 'Failed' }],
    ['it is over', 'done done done', fullForm({ UpgradeState: 'UnprovisioningCurrent' })],
    [
      'it goes back',
      'done current next',
      fullForm({ ...back, ...working('UD1') }),
      { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackInProgress' },
    ],
  ])('where %s: %s', (_, states, document, record) => {
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

describe('the progress', () => {
  it.each<[words: string, whole: number, document: Members, record?: Members]>([
    ['stage 1 of 3: prepare', 0, shortForm({ UpgradeState: 'ProvisioningTarget' })],
    ['1 of 3 upgrade domains done', 4 / 9, fullForm(working('UD1'))],
    ['stage 2 of 3: upgrade the domains', 1 / 3, fullForm(working('UD1')), { UpgradeDomains: [] }],
    ['stage 2 of 3: take the domains back', 1 / 3, fullForm({ ...back, ...working('UD1') })],
    [
      '1 of 3 upgrade domains taken back',
      4 / 9,
      fullForm({ ...back, ...working('UD1') }),
      { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackInProgress' },
    ],
    ['stage 3 of 3: remove what is not needed', 2 / 3, fullForm({ UpgradeState: 'UnprovisioningCurrent' })],
  ])('%s', (words, whole, document, record) => {
    const progress = measureProgress(snapshot(document, record));
    expect(progress?.words).toBe(words);
    expect(progress?.whole).toBeCloseTo(whole);
  });

  it('is none where nothing is under way', () => {
    expect(measureProgress(snapshot(fullForm({ UpgradeState: 'RollingForwardCompleted' })))).toBeUndefined();
  });
});
