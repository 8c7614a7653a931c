/** Other documents of the simulated cluster. */
import { describe, expect, it } from 'vitest';
import { apiVersion, startSimulatedCluster } from '../../support/simulated-cluster.ts';

describe('the simulated cluster', () => {
  it("serves the application's own record, with all domains and real times", async () => {
    const cluster = await startSimulatedCluster('timeout');
    cluster.at(350);
    const readRecord = async () =>
      JSON.parse((await cluster.send('GET', '/Applications/web/$/GetUpgradeProgress?api-version=6.0')).text);
    expect(Object.keys(await readRecord())).toEqual([
      'Name',
      'TypeName',
      'TargetApplicationTypeVersion',
      'UpgradeDomains',
      'UpgradeState',
      'NextUpgradeDomain',
      'RollingUpgradeMode',
      'UpgradeDescription',
      'UpgradeDurationInMilliseconds',
      'UpgradeDomainDurationInMilliseconds',
      'UnhealthyEvaluations',
      'CurrentUpgradeDomainProgress',
      'StartTimestampUtc',
      'FailureTimestampUtc',
      'FailureReason',
      'UpgradeDomainProgressAtFailure',
      'UpgradeStatusDetails',
    ]);
    expect(await readRecord()).toMatchObject({
      Name: 'fabric:/web',
      TypeName: 'Compose_1',
      UpgradeDomains: [
        { Name: 'UD1', State: 'InProgress' },
        { Name: 'UD2', State: 'Pending' },
        { Name: 'UD0', State: 'Completed' },
      ],
      NextUpgradeDomain: 'UD2',
      StartTimestampUtc: '2026-11-24T07:00:30.149Z',
      FailureReason: 'None',
    });
    cluster.at(600);
    expect(await readRecord()).toMatchObject({
      TargetApplicationTypeVersion: 'v1',
      UpgradeState: 'RollingBackInProgress',
      FailureReason: 'UpgradeDomainTimeout',
      FailureTimestampUtc: expect.stringMatching(/^2026-11-24T07:09:3\d/),
    });
  });

  it('serves the status, the version and the metadata for signing in', async () => {
    const cluster = await startSimulatedCluster('failed');
    cluster.at(60);
    expect((await cluster.send('GET', `/ComposeDeployments/web${apiVersion}`)).text).toMatch(
      /^{"DeploymentName":"web","ApplicationName":"fabric:\\\/web","ComposeDeploymentStatus":"Ready","StatusDetails":"The upgrade to v2 failed: /,
    );
    expect((await cluster.send('GET', '/$/GetClusterVersion?api-version=6.4')).text).toMatch(
      /^{"Version":"6\.4\.\d+\.\d+"}$/,
    );
    expect((await cluster.send('GET', '/$/GetAadMetadata?api-version=1.0')).text).toBe(
      '{"type":"","metadata":{}}',
    );
  });
});

describe('the service of a partition', () => {
  const path = (partition: string) => `/Partitions/${partition}/$/GetServiceName?api-version=6.0`;

  it('is served with its ID', async () => {
    const cluster = await startSimulatedCluster('stuck');
    cluster.at(400);
    const { CurrentUpgradeDomainProgress: domain } = await cluster.readProgress();
    const [, partition = ''] = /"PartitionId":"([^"]+)"/.exec(JSON.stringify(domain)) ?? [];
    const { status, text } = await cluster.send('GET', path(partition));
    expect(status).toBe(200);
    expect(text).toBe('{"Id":"web~web","Name":"fabric:\\/web\\/web"}');
  });

  it('is not found for an unknown partition', async () => {
    const cluster = await startSimulatedCluster('happy');
    const { status, reason } = await cluster.send('GET', path('4ee87f08-0000-0000-0000-d29d532e344b'));
    expect([status, reason]).toEqual([404, 'FABRIC_E_PARTITION_NOT_FOUND']);
  });
});
