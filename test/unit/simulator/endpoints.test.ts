/** What the simulated cluster serves beside the upgrade. */
import { describe, expect, it } from 'vitest';
import { api, simulatedCluster } from '../../support/simulated-cluster.ts';

describe('beside the upgrade it serves', () => {
  it("the application's own view, with all domains and real times", async () => {
    const cluster = await simulatedCluster('timeout');
    cluster.at(350);
    const view = async () =>
      JSON.parse((await cluster.send('GET', '/Applications/web/$/GetUpgradeProgress?api-version=6.0')).text);
    expect(Object.keys(await view())).toEqual([
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
    expect(await view()).toMatchObject({
      Name: 'fabric:/web',
      TypeName: 'Compose_0',
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
    expect(await view()).toMatchObject({
      TargetApplicationTypeVersion: 'v1',
      UpgradeState: 'RollingBackInProgress',
      FailureReason: 'UpgradeDomainTimeout',
      FailureTimestampUtc: expect.stringMatching(/^2026-11-24T07:09:3\d/),
    });
  });

  it('status, version and the way to sign in', async () => {
    const cluster = await simulatedCluster('failed');
    cluster.at(60);
    expect((await cluster.send('GET', `/ComposeDeployments/web${api}`)).text).toMatch(
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

  it('is told, with its id', async () => {
    const cluster = await simulatedCluster('stuck');
    cluster.at(400);
    const { CurrentUpgradeDomainProgress: domain } = await cluster.progress();
    const [, partition = ''] = /"PartitionId":"([^"]+)"/.exec(JSON.stringify(domain)) ?? [];
    const { status, text } = await cluster.send('GET', path(partition));
    expect(status).toBe(200);
    expect(text).toBe('{"Id":"web~web","Name":"fabric:\\/web\\/web"}');
  });

  it('of a partition that there is not is not found', async () => {
    const cluster = await simulatedCluster('happy');
    const { status, reason } = await cluster.send('GET', path('4ee87f08-0000-0000-0000-d29d532e344b'));
    expect([status, reason]).toEqual([404, 'FABRIC_E_PARTITION_NOT_FOUND']);
  });
});
