/** Documents of the simulated cluster that the printed next steps ask for, with the requests of sfctl. */
import { describe, expect, it } from 'vitest';
import { getPartitionId } from '../../../src/simulator/ids.ts';
import { post, type SimulatedCluster, startSimulatedCluster } from '../../support/simulated-cluster.ts';

const partition = '/Partitions/4ee87f08-8d68-c6ba-91e4-d29d532e344b/$';
const query = '?api-version=6.0&timeout=60';

async function read(cluster: SimulatedCluster, path: string): Promise<Record<string, unknown>> {
  const { status, text } = await cluster.send('GET', path);
  expect([status, text]).toEqual([200, text]);
  return JSON.parse(text);
}

interface Replica {
  readonly NodeName: string;
  readonly ReplicaStatus: string;
  readonly HealthState: string;
  readonly InstanceId: string;
}

async function readReplicas(cluster: SimulatedCluster): Promise<readonly Replica[]> {
  const { Items } = await read(cluster, `${partition}/GetReplicas${query}`);
  return Items as readonly Replica[];
}

const deployed = (node: string) => `/Nodes/${node}/$/GetApplications/web/$`;

const readLog = (cluster: SimulatedCluster, more: string) =>
  read(
    cluster,
    `${deployed('_node_1')}/GetCodePackages/$/ContainerLogs${query}&ServiceManifestName=webPkg&CodePackageName=web.Code${more}`,
  );

describe('the instances of the simulated cluster', () => {
  it('are down where an upgrade is stuck', async () => {
    const cluster = await startSimulatedCluster('stuck');
    cluster.at(1000);
    const replicas = await readReplicas(cluster);
    expect(replicas.filter(({ ReplicaStatus }) => ReplicaStatus !== 'Ready')).toEqual([
      expect.objectContaining({ NodeName: '_node_1', ReplicaStatus: 'InBuild', HealthState: 'Warning' }),
    ]);
    expect(new Set(replicas.map(({ InstanceId }) => InstanceId)).size).toBe(6);
    // Only the first service is stuck.
    const other = `/Partitions/${getPartitionId('fabric:/web', 'api')}/$/GetReplicas${query}`;
    const { Items } = await read(cluster, other);
    expect(new Set((Items as readonly Replica[]).map(({ ReplicaStatus }) => ReplicaStatus))).toEqual(
      new Set(['Ready']),
    );
    expect(await read(cluster, `${partition}/GetHealth${query}`)).toMatchObject({
      AggregatedHealthState: 'Warning',
      PartitionId: '4ee87f08-8d68-c6ba-91e4-d29d532e344b',
    });
  });

  it('are down while they are upgraded', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(40);
    const down = async () =>
      (await readReplicas(cluster)).flatMap((one) => (one.ReplicaStatus === 'Ready' ? [] : one.NodeName));
    expect(await down()).toEqual(['_node_0']);
    cluster.at(2000);
    expect(await down()).toEqual([]);
    expect(await read(cluster, `${partition}/GetHealth${query}`)).toMatchObject({
      AggregatedHealthState: 'Ok',
    });
  });

  it('crash in the scenario "rollback", leave a log, and are healthy again after the rollback', async () => {
    const cluster = await startSimulatedCluster('rollback');
    const readHealth = (node: string) => read(cluster, `${deployed(node)}/GetHealth${query}`);
    cluster.at(350);
    // The second node of the domain is still being upgraded.
    expect(await readHealth('_node_4')).toMatchObject({ AggregatedHealthState: 'Ok' });
    cluster.at(480);
    expect(await readHealth('_node_4')).toMatchObject({ AggregatedHealthState: 'Error' });
    expect(await readHealth('_node_1')).toMatchObject({
      Name: 'fabric:/web',
      NodeName: '_node_1',
      AggregatedHealthState: 'Error',
      DeployedServicePackageHealthStates: [
        { ServiceManifestName: 'webPkg', AggregatedHealthState: 'Error' },
        { ServiceManifestName: 'apiPkg', AggregatedHealthState: 'Ok' },
      ],
    });
    expect(await readHealth('_node_2')).toMatchObject({ AggregatedHealthState: 'Ok' });
    cluster.at(2000);
    expect(await readHealth('_node_1')).toMatchObject({ AggregatedHealthState: 'Ok' });
    expect(await readLog(cluster, '')).toEqual({ Content: 'web is starting\nlistening on port 80\n' });
    expect(await readLog(cluster, '&Previous=true')).toEqual({
      Content: 'web is starting\nlistening on port 80\nOut of memory\n',
    });
  });

  it('leave no log of a crash in a domain that the upgrade never reached', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(100);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(2000);
    const record = await read(cluster, `/Applications/web/$/GetUpgradeProgress${query}`);
    expect(record).toMatchObject({ UpgradeState: 'RollingBackCompleted', FailureReason: 'Interrupted' });
    expect(await readLog(cluster, '&Previous=true')).toEqual({
      Content: 'web is starting\nlistening on port 80\n',
    });
  });

  it.each([
    ['/Partitions/00000000-0000-0000-0000-000000000000/$/GetReplicas', 404, 'FABRIC_E_PARTITION_NOT_FOUND'],
    [`${deployed('_node_9')}/GetHealth`, 404, 'FABRIC_E_NODE_NOT_FOUND'],
    [`${deployed('$')}/GetHealth`, 400, 'E_INVALIDARG'],
    [`${deployed('_node_1/_node_2')}/GetHealth`, 400, 'E_INVALIDARG'],
    ['/Nodes/_node_1/$/GetApplications/wbe/$/GetHealth', 404, 'FABRIC_E_APPLICATION_NOT_FOUND'],
    [`${deployed('_node_1')}/GetCodePackages/$/ContainerLogs`, 400, 'E_INVALIDARG'],
  ])('are not served at %s', async (path, status, code) => {
    const cluster = await startSimulatedCluster('happy');
    const answer = await cluster.send('GET', path + query);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).Error.Code).toBe(code);
  });
});
