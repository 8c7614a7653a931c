/** The states of upgrade domains, and the progress that follows from them. */
import { describe, expect, it } from 'vitest';
import { parseApplicationUpgrade } from '../../../src/cluster/wire/application-upgrade.ts';
import { findActiveDomain } from '../../../src/upgrade/active-domain.ts';
import { listDomains, measureProgress } from '../../../src/upgrade/domain-progress.ts';
import {
  createSnapshot as createUpgradeSnapshot,
  type UpgradeSnapshot,
} from '../../../src/upgrade/snapshot.ts';
import { isRollback } from '../../../src/upgrade/state.ts';
import {
  completedUpgrade,
  createShortUpgrade,
  createUpgrade,
  type Members,
  unhealthyEvent,
} from '../../support/documents.ts';
import { startSimulatedCluster } from '../../support/simulated-cluster.ts';
import { buildSnapshot, parseUpgrade } from '../../support/snapshots.ts';

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
const failedIn = (name: string) => ({
  UpgradeDomainProgressAtFailure: upgradingIn(name).CurrentUpgradeDomainProgress,
});
const backRecord = { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackInProgress' };
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
      record: { UpgradeDomains: ['UD0', 'UD1', 'UD2'].map((Name) => ({ Name, State: 'Completed' })) },
    },
    {
      name: 'only the record names the domain that has begun',
      states: 'done current next',
      document: createUpgrade(),
    },
    {
      name: 'the first domain has begun, and neither document names it',
      states: 'current next waiting',
      document: createUpgrade({ UpgradeDuration: 'PT0H0M4.2S' }),
      record: { UpgradeDomains: ['UD0', 'UD1', 'UD2'].map((Name) => ({ Name, State: 'Pending' })) },
    },
    {
      name: 'a domain has begun, with no nodes yet',
      states: 'done current next',
      document: createUpgrade(pausedBefore('UD1')),
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
      record: backRecord,
    },
    {
      name: 'the upgrade rolls back from its second domain',
      states: 'current next waiting',
      document: createUpgrade({ ...back, ...upgradingIn('UD0'), ...failedIn('UD1') }),
      record: backRecord,
    },
    {
      name: 'the upgrade is back from its second domain',
      states: 'done done waiting',
      document: createUpgrade({ ...back, UpgradeState: 'UnprovisioningTarget', ...failedIn('UD1') }),
      record: backRecord,
    },
  ])('is $states when $name', ({ states, document, record }) => {
    const { list, isComplete } = listDomains(createSnapshot(document, record));
    expect(list.map(({ name }) => name)).toEqual(['UD0', 'UD1', 'UD2']);
    expect(list.map(({ state }) => state).join(' ')).toBe(states);
    expect(isComplete).toBe(true);
  });

  it('counts the domains that a rollback has something to do in', () => {
    const turned = createUpgrade({ ...back, ...upgradingIn('UD0'), ...failedIn('UD1') });
    expect(findActiveDomain(createSnapshot(turned, backRecord))).toMatchObject({
      name: 'UD0',
      place: 1,
      total: 2,
    });
    // A watch that last saw UD1 learns from the rollback that the upgrade went further.
    const further = buildSnapshot(createUpgrade({ ...back, ...upgradingIn('UD2') }), {
      before: [createUpgrade({ ...upgradingIn('UD1'), UpgradeDuration: 'PT0H1M0S' })],
      application: backRecord,
    });
    expect(findActiveDomain(further)).toMatchObject({ name: 'UD2', place: 3, total: 3 });
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
  readonly name: string;
  /** Share, and the share after the part under way. */
  readonly shares: readonly [number, number];
  readonly document: Members;
  readonly record?: Members;
}

describe('the progress of an upgrade', () => {
  it.each<ProgressCase>([
    {
      name: 'while it is provisioned',
      shares: [0, 0.05],
      document: createShortUpgrade({ UpgradeState: 'ProvisioningTarget' }),
    },
    { name: 'in the second domain', shares: [0.35, 0.65], document: createUpgrade(upgradingIn('UD1')) },
    {
      name: 'while the health of the second domain is checked',
      shares: [0.35, 0.65],
      document: createUpgrade({ ...pending, ...pausedBefore('UD2') }),
    },
    {
      name: 'while the health of the last one is checked',
      shares: [0.65, 0.95],
      document: createUpgrade(),
      record: { UpgradeDomains: ['UD0', 'UD1', 'UD2'].map((Name) => ({ Name, State: 'Completed' })) },
    },
    {
      name: 'where the domains are not known',
      shares: [0.05, 0.05],
      document: createUpgrade(upgradingIn('UD1')),
      record: { UpgradeDomains: [] },
    },
    {
      name: 'while it cleans up',
      shares: [0.95, 1],
      document: createUpgrade({ UpgradeState: 'UnprovisioningCurrent' }),
    },
    {
      name: 'as a rollback begins',
      shares: [0.35, 0.175],
      document: createUpgrade({ ...back, ...upgradingIn('UD0'), ...failedIn('UD1') }),
      record: backRecord,
    },
    {
      name: 'in the last domain of a rollback',
      shares: [0.175, 0],
      document: createUpgrade({ ...back, ...upgradingIn('UD1'), ...failedIn('UD1') }),
      record: backRecord,
    },
    {
      name: 'while it cleans up after a rollback',
      shares: [0, 0],
      document: createUpgrade({ ...back, UpgradeState: 'UnprovisioningTarget' }),
    },
  ])('is $shares $name', ({ shares, document, record }) => {
    const { share, next } = measureProgress(createSnapshot(document, record)) ?? {};
    expect(share).toBeCloseTo(shares[0]);
    expect(next).toBeCloseTo(shares[1]);
  });

  it('goes down from where it was when a watched upgrade turns back', () => {
    const forward = createUpgrade(upgradingIn('UD1'));
    const turned = createUpgrade({ ...back, ...upgradingIn('UD0'), UpgradeDuration: 'PT0H5M0S' });
    const snapshot = buildSnapshot(turned, { before: [forward], application: {} });
    expect(measureProgress(snapshot)).toMatchObject({
      reached: expect.closeTo(0.35),
      share: expect.closeTo(0.35),
    });
  });

  it.each([
    ['has ended', completedUpgrade],
    ['rolls back from nobody knows where', createUpgrade({ ...back, ...upgradingIn('UD1') })],
  ])('is undefined when it %s', (_, document) => {
    expect(measureProgress(createSnapshot(document))).toBeUndefined();
  });

  it.each(['happy', 'rollback', 'timeout'] as const)(
    'moves only in the direction of a simulated upgrade: %s',
    async (scenario) => {
      const cluster = await startSimulatedCluster(scenario);
      const record = '/Applications/web/$/GetUpgradeProgress?api-version=6.0';
      let last: UpgradeSnapshot | undefined;
      let [share, isBack] = [0, false];
      for (let seconds = 10; seconds <= 900; seconds += 10) {
        cluster.at(seconds);
        const upgrade = parseUpgrade(await cluster.readProgress());
        const application = parseApplicationUpgrade(JSON.parse((await cluster.send('GET', record)).text));
        last = createUpgradeSnapshot(upgrade, { status: undefined, application, services: new Map() }, last);
        const progress = measureProgress(last);
        if (progress === undefined) continue;
        isBack ||= isRollback(upgrade);
        const change = progress.share - share;
        // A rollback begins where the upgrade was.
        expect(isBack ? -change : change).toBeGreaterThanOrEqual(-1e-9);
        share = progress.share;
      }
      expect(share).toBeCloseTo(scenario === 'happy' ? 0.95 : 0);
      // The watch saw how long each domain took that the upgrade, or its rollback, worked on.
      const reached = scenario === 'happy' ? ['UD0', 'UD1', 'UD2'] : ['UD0', 'UD1'];
      expect(last?.course.finished.map(({ name }) => name)).toEqual(reached);
    },
  );
});
