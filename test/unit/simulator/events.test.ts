/** Events of the simulated cluster, with the requests of sfctl. */
import { describe, expect, it } from 'vitest';
import {
  parseErrorCode,
  post,
  type SimulatedCluster,
  startSimulatedCluster,
  upgradeBody,
} from '../../support/simulated-cluster.ts';

const day = 'StartTimeUtc=2026-11-24T00:00:00Z&EndTimeUtc=2026-11-25T00:00:00Z';

type Event = Readonly<Record<string, unknown>> & { readonly Kind: string; readonly TimeStamp: string };

async function readEvents(cluster: SimulatedCluster, query: string): Promise<readonly Event[]> {
  const { status, text } = await cluster.send(
    'GET',
    `/EventsStore/Applications/web/$/Events?api-version=6.4&${query}`,
  );
  expect([status, text]).toEqual([200, text]);
  return JSON.parse(text);
}

/** Sums up events as their kinds, and the domains of those that have one. */
function summarize(events: readonly Event[]): readonly string[] {
  return events.map(({ Kind, UpgradeDomains }) => [Kind, UpgradeDomains].join(' ').trim());
}

describe('the events of a simulated application', () => {
  it('tell of an upgrade that succeeds', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(3000);
    const events = await readEvents(cluster, day);
    expect(summarize(events)).toEqual([
      'ApplicationUpgradeStarted',
      'ApplicationUpgradeDomainCompleted (UD0)',
      'ApplicationUpgradeDomainCompleted (UD1)',
      'ApplicationUpgradeDomainCompleted (UD2)',
      'ApplicationUpgradeCompleted',
    ]);
    expect(events.at(-1)).toMatchObject({
      ApplicationId: 'web',
      ApplicationTypeVersion: 'v2',
      OverallUpgradeElapsedTimeInMs: expect.closeTo(722_000, -4),
    });
    // The activity of the upgrade.
    expect(new Set(events.map(({ EventInstanceId }) => EventInstanceId)).size).toBe(1);
  });

  it('tell of containers that exit, and of a rollback, as far as they have happened', async () => {
    const cluster = await startSimulatedCluster('rollback');
    const forward = [
      'ApplicationUpgradeStarted',
      'ApplicationUpgradeDomainCompleted (UD0)',
      'ApplicationContainerInstanceExited',
      'DeployedServicePackageNewHealthReport',
      'ApplicationContainerInstanceExited',
      'DeployedServicePackageNewHealthReport',
      'ApplicationUpgradeDomainCompleted (UD1)',
    ];
    const back = [
      'ApplicationUpgradeRollbackStarted',
      'ApplicationUpgradeDomainCompleted (UD0)',
      'ApplicationUpgradeDomainCompleted (UD1)',
      'ApplicationUpgradeRollbackCompleted',
    ];
    cluster.at(310);
    expect(summarize(await readEvents(cluster, day))).toEqual(forward.slice(0, 2));
    cluster.at(320);
    expect(summarize(await readEvents(cluster, day))).toEqual(forward.slice(0, 4));
    cluster.at(3000);
    const events = await readEvents(cluster, day);
    expect(summarize(events)).toEqual([...forward, ...back]);
    expect(events[2]).toMatchObject({
      TimeStamp: '2026-11-24T07:05:17.511Z',
      ServiceName: 'fabric:/web/web',
      ServicePackageName: 'webPkg',
      CodePackageName: 'web.Code',
      ExitCode: 137,
      UnexpectedTermination: true,
      StartTime: '2026-11-24T07:05:12.511Z',
    });
    expect(events[3]).toMatchObject({
      TimeStamp: '2026-11-24T07:05:18.268Z',
      ServiceManifestName: 'webPkg',
      NodeName: '_node_1',
      SourceId: 'System.Hosting',
      HealthState: 'Error',
      SourceUtcTimestamp: '2026-11-24T07:05:17.517Z',
    });
    // Both are the version that runs again.
    const versions = { CurrentApplicationTypeVersion: 'v1', ApplicationTypeVersion: 'v1' };
    expect(events[7]).toMatchObject({ ...versions, FailureReason: 'HealthCheck' });
    expect(events[8]).toMatchObject({ ...versions, UpgradeState: 'RollingBack' });
    expect(events.at(-1)).toMatchObject({ ApplicationTypeVersion: 'v1', FailureReason: 'HealthCheck' });
  });

  it('tell of no crash that a rollback forestalled', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(280);
    expect((await post(cluster, 'RollbackUpgrade')).status).toBe(200);
    cluster.at(3000);
    const kinds = summarize(await readEvents(cluster, day));
    expect(kinds).toContain('ApplicationUpgradeRollbackStarted');
    expect(kinds.filter((kind) => kind === 'ApplicationContainerInstanceExited')).toHaveLength(1);
  });

  it('stay after another upgrade has begun', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(3000);
    expect((await post(cluster, 'Upgrade', upgradeBody)).status).toBe(202);
    cluster.at(3060);
    expect(summarize(await readEvents(cluster, day)).slice(-2)).toEqual([
      'ApplicationUpgradeCompleted',
      'ApplicationUpgradeStarted',
    ]);
  });

  it('are those of the span of time and of the kinds that are asked for', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(3000);
    const span = 'starttimeutc=2026-11-24T07%3A05%3A18Z&endtimeutc=2026-11-24T07%3A06%3A00Z';
    expect(summarize(await readEvents(cluster, span))).toEqual([
      'DeployedServicePackageNewHealthReport',
      'ApplicationContainerInstanceExited',
      'DeployedServicePackageNewHealthReport',
    ]);
    const kinds =
      'EventsTypesFilter=ApplicationUpgradeStarted,ApplicationUpgradeRollbackCompletedEvent,ApplicationCreated';
    expect(summarize(await readEvents(cluster, `${day}&${kinds}`))).toEqual([
      'ApplicationUpgradeStarted',
      'ApplicationUpgradeRollbackCompleted',
    ]);
  });

  it('are none for an application that does not exist', async () => {
    const cluster = await startSimulatedCluster('missing');
    expect(await readEvents(cluster, day)).toEqual([]);
  });

  it('tell of upgrades before the simulation', async () => {
    const cluster = await startSimulatedCluster('history');
    const week = 'StartTimeUtc=2026-11-17T00:00:00Z&EndTimeUtc=2026-11-25T00:00:00Z';
    const ends = (await readEvents(cluster, week)).filter(({ Kind }) => /pgradeC|BackC|backC/.test(Kind));
    expect(
      ends.map((event) => [event.Kind, event['ApplicationTypeVersion'], event['FailureReason']]),
    ).toEqual([
      ['ApplicationUpgradeCompleted', 'v2', undefined],
      ['ApplicationUpgradeRollbackCompleted', 'v2', 'Interrupted'],
      ['ApplicationUpgradeRollbackCompleted', 'v2', 'HealthCheck'],
      ['ApplicationUpgradeCompleted', 'v5', undefined],
    ]);
    expect(await cluster.readProgress()).toMatchObject({
      UpgradeState: 'RollingForwardCompleted',
      TargetApplicationTypeVersion: 'v5',
    });
  });

  it('are not there without an event store', async () => {
    const cluster = await startSimulatedCluster('happy', { eventStore: false });
    const answer = await cluster.send('GET', `/EventsStore/Applications/web/$/Events?api-version=6.4&${day}`);
    expect([answer.status, parseErrorCode(answer)]).toEqual([404, 'FABRIC_E_SERVICE_DOES_NOT_EXIST']);
  });

  it.each([
    '',
    'StartTimeUtc=2026-11-24T00:00:00Z',
    'StartTimeUtc=2026-11-24&EndTimeUtc=2026-11-25',
    'StartTimeUtc=%zz&EndTimeUtc=2026-11-25T00:00:00Z',
    'StartTimeUtc=2026-11-24T00:00:00.5Z&EndTimeUtc=2026-11-25T00:00:00Z',
    `${day}&EventsTypesFilter=ApplicationUpgradeStarted,NodeDown`,
  ])('are refused without a valid span of time, and of another kind: %s', async (query) => {
    const cluster = await startSimulatedCluster('happy');
    const answer = await cluster.send(
      'GET',
      `/EventsStore/Applications/web/$/Events?api-version=6.4&${query}`,
    );
    expect([answer.status, parseErrorCode(answer)]).toEqual([400, 'E_INVALIDARG']);
  });
});
