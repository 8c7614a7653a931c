/** Documents of the simulated cluster about health, with the requests of sfctl. */
import { describe, expect, it } from 'vitest';
import { toWire } from '../../../support/documents.ts';
import {
  apiVersion,
  parseErrorCode,
  type SimulatedCluster,
  startSimulatedCluster,
  upgradeBody,
} from '../../../support/simulated-cluster.ts';

const query = '?api-version=6.0&timeout=60';
const partition = '4ee87f08-8d68-c6ba-91e4-d29d532e344b';

interface Health {
  readonly AggregatedHealthState: string;
  readonly HealthEvents: readonly { Property: string; HealthState: string; Description: string }[];
  readonly [member: string]: unknown;
}

async function read(cluster: SimulatedCluster, path: string, more = ''): Promise<Health> {
  const { status, text } = await cluster.send('GET', `${path}${query}${more}`);
  expect([status, text]).toEqual([200, text]);
  return JSON.parse(text);
}

/** Reads the state of everything that a crash concerns. */
async function readStates(cluster: SimulatedCluster): Promise<Readonly<Record<string, string>>> {
  const paths = {
    cluster: '/$/GetClusterHealth',
    application: '/Applications/web/$/GetHealth',
    service: '/Services/web~web/$/GetHealth',
    partition: `/Partitions/${partition}/$/GetHealth`,
    application_on_node: '/Nodes/_node_1/$/GetApplications/web/$/GetHealth',
    node: '/Nodes/_node_1/$/GetHealth',
    other_service: '/Services/web~api/$/GetHealth',
    system: '/Applications/System/$/GetHealth',
  };
  const states = Object.entries(paths).map(
    async ([name, path]) => [name, (await read(cluster, path)).AggregatedHealthState] as const,
  );
  return Object.fromEntries(await Promise.all(states));
}

const healthy = {
  cluster: 'Ok',
  application: 'Ok',
  service: 'Ok',
  partition: 'Ok',
  application_on_node: 'Ok',
  node: 'Ok',
  other_service: 'Ok',
  system: 'Ok',
};

/** Finds the events at the leaves of a tree of causes. */
function listCauses(health: Health): readonly string[] {
  return JSON.stringify(health['UnhealthyEvaluations']).match(/"SourceId":"[^"]+","Property":"[^":]+/g) ?? [];
}

describe('the health of the simulated cluster', () => {
  it('is good, and bad while containers crash, and good again after the rollback', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(200);
    expect(await readStates(cluster)).toEqual(healthy);
    cluster.at(480);
    expect(await readStates(cluster)).toEqual({
      ...healthy,
      cluster: 'Error',
      application: 'Error',
      service: 'Warning',
      partition: 'Warning',
      application_on_node: 'Error',
    });
    // The first domain is rolled back first.
    cluster.at(560);
    expect((await cluster.readProgress())['UpgradeState']).toBe('RollingBackInProgress');
    expect(await readStates(cluster)).toMatchObject({ application_on_node: 'Error' });
    cluster.at(1000);
    expect(await readStates(cluster)).toEqual(healthy);
  });

  it('has the cause that the upgrade has', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(480);
    const upgrade = JSON.stringify((await cluster.readProgress())['ApplicationUnhealthyEvaluations']);
    const [event] = upgrade.match(/"UnhealthyEvent":\{[^}]*\}/) ?? [];
    expect(event).toContain('CodePackageActivation:web.Code:EntryPoint:');
    for (const path of [
      '/$/GetClusterHealth',
      '/Applications/web/$/GetHealth',
      '/Nodes/_node_1/$/GetApplications/web/$/GetHealth',
    ])
      expect(JSON.stringify((await read(cluster, path))['UnhealthyEvaluations'])).toContain(event);
    expect(listCauses(await read(cluster, `/Partitions/${partition}/$/GetHealth`))).toEqual([
      '"SourceId":"System.RA","Property":"ReplicaServiceTypeRegistrationStatus',
      '"SourceId":"System.RA","Property":"ReplicaServiceTypeRegistrationStatus',
    ]);
  });

  it('says after ten minutes which instances are missing', async () => {
    const cluster = await startSimulatedCluster('stuck');
    const readPartition = () => read(cluster, `/Partitions/${partition}/$/GetHealth`);
    cluster.at(900);
    const before = await readPartition();
    expect(before).toMatchObject({
      AggregatedHealthState: 'Warning',
      HealthEvents: [{ SourceId: 'System.FM', HealthState: 'Ok' }],
    });
    expect(listCauses(before)).toEqual(['"SourceId":"System.RA","Property":"ReplicaOpenStatus']);
    cluster.at(1000);
    const [report] = (await readPartition()).HealthEvents;
    expect(report?.HealthState).toBe('Warning');
    expect(report?.Description.split('\r\n').slice(0, 3)).toEqual([
      'Partition is below target replica or instance count.',
      `fabric:/web/web 6 1 ${partition}`,
      expect.stringMatching(/^ {2}InBuild _node_1 \d+$/),
    ]);
    expect(report?.Description).toContain('(Showing 5 out of 6 instances. Total available instances: 5)');
  });

  it('counts the entities below, children before parents', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(480);
    const { HealthStatistics } = await read(cluster, '/$/GetClusterHealth');
    const { HealthStateCountList } = HealthStatistics as {
      HealthStateCountList: { EntityKind: string; HealthStateCount: Record<string, number> }[];
    };
    expect(
      HealthStateCountList.map(({ EntityKind, HealthStateCount: { OkCount, ErrorCount, WarningCount } }) =>
        [EntityKind, OkCount, ErrorCount, WarningCount].join(' '),
      ),
    ).toEqual([
      'Node 6 0 0',
      'Replica 10 0 2',
      'Partition 1 0 1',
      'Service 1 0 1',
      'DeployedServicePackage 10 2 0',
      'DeployedApplication 4 2 0',
      'Application 0 1 0',
    ]);
    const without = await read(cluster, '/$/GetClusterHealth', '&ExcludeHealthStatistics=True');
    expect(without).not.toHaveProperty('HealthStatistics');
  });

  it('lists only the states that are asked for', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(480);
    const path = '/Applications/web/$/GetHealth';
    const filters = '&EventsHealthStateFilter=1&DeployedApplicationsHealthStateFilter=12';
    expect(await read(cluster, path, `${filters}&ServicesHealthStateFilter=65535`)).toMatchObject({
      HealthEvents: [],
      ServiceHealthStates: [{ ServiceName: 'fabric:/web/web' }, { ServiceName: 'fabric:/web/api' }],
      DeployedApplicationHealthStates: [{ NodeName: '_node_1' }, { NodeName: '_node_4' }],
    });
  });

  it('has the members and the spelling of the runtime', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(3000);
    const { text } = await cluster.send('GET', `/Nodes/_node_2/$/GetApplications/web/$/GetHealth${query}`);
    const servicePackage = (manifest: string) => ({
      ApplicationName: 'fabric:/web',
      ServiceManifestName: manifest,
      NodeName: '_node_2',
      AggregatedHealthState: 'Ok',
      ServicePackageActivationId: '',
    });
    expect(text).toBe(
      toWire({
        HealthEvents: [
          {
            SourceId: 'System.Hosting',
            Property: 'Activation',
            HealthState: 'Ok',
            TimeToLiveInMilliSeconds: 'P10675199DT2H48M5.4775807S',
            Description: 'The application was activated successfully.',
            SequenceNumber: '134399772000000000',
            RemoveWhenExpired: false,
            SourceUtcTimestamp: '2026-11-24T07:00:00.000Z',
            LastModifiedUtcTimestamp: '2026-11-24T07:00:00.757Z',
            IsExpired: false,
            LastOkTransitionAt: '2026-11-24T07:00:00.757Z',
            LastWarningTransitionAt: '0001-01-01T00:00:00.000Z',
            LastErrorTransitionAt: '0001-01-01T00:00:00.000Z',
          },
        ],
        AggregatedHealthState: 'Ok',
        UnhealthyEvaluations: [],
        HealthStatistics: {
          HealthStateCountList: [
            {
              EntityKind: 'DeployedServicePackage',
              HealthStateCount: { OkCount: 2, ErrorCount: 0, WarningCount: 0 },
            },
          ],
        },
        Name: 'fabric:/web',
        NodeName: '_node_2',
        DeployedServicePackageHealthStates: [servicePackage('webPkg'), servicePackage('apiPkg')],
      }),
    );
  });

  it('is not that of an application whose creation failed', async () => {
    const cluster = await startSimulatedCluster('failed');
    const body = { DeploymentName: 'shop', ComposeFileContent: upgradeBody.ComposeFileContent };
    expect((await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, body)).status).toBe(202);
    cluster.at(100);
    const answer = await cluster.send('GET', `/Applications/shop/$/GetHealth${query}`);
    expect([answer.status, parseErrorCode(answer)]).toEqual([404, 'FABRIC_E_APPLICATION_NOT_FOUND']);
    const { ApplicationHealthStates } = await read(cluster, '/$/GetClusterHealth');
    expect(ApplicationHealthStates).toMatchObject([{ Name: 'fabric:/web' }, { Name: 'fabric:/System' }]);
  });

  it.each([
    ['/Applications/wbe/$/GetHealth', 'FABRIC_E_APPLICATION_NOT_FOUND'],
    ['/Services/web~wbe/$/GetHealth', 'FABRIC_E_SERVICE_DOES_NOT_EXIST'],
  ])('is not found at %s', async (path, code) => {
    const cluster = await startSimulatedCluster('happy');
    const answer = await cluster.send('GET', path + query);
    expect([answer.status, parseErrorCode(answer)]).toEqual([404, code]);
  });
});
