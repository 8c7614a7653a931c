/** Upgrades, rollbacks, creations and deletions that an operator requests from the simulated cluster. */
import { describe, expect, it } from 'vitest';
import {
  apiVersion,
  composeFile,
  getProgressPath,
  parseErrorCode,
  post,
  resumeUpgrade,
  type SimulatedCluster,
  startSimulatedCluster,
  summarizeProgress,
  upgradeBody,
} from '../../support/simulated-cluster.ts';

async function readStatus(cluster: SimulatedCluster, name: string): Promise<Record<string, unknown>> {
  const { text } = await cluster.send('GET', `/ComposeDeployments/${name}${apiVersion}`);
  return JSON.parse(text);
}

describe('a simulated deployment', () => {
  it('continues a manual upgrade domain by domain, on request', async () => {
    const cluster = await startSimulatedCluster('manual');
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD1'))).toBe('FABRIC_E_APPLICATION_NOT_UPGRADING');
    cluster.at(50);
    // The first domain is still in progress.
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD1'))).toBe('E_INVALIDARG');
    cluster.at(200);
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD0'))).toBe(
      'FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED',
    );
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD2'))).toBe('E_INVALIDARG');
    expect(await resumeUpgrade(cluster, 'UD1')).toMatchObject({ status: 200, text: '' });
    // A repeated request does not go further than the first.
    expect((await resumeUpgrade(cluster, 'UD1')).status).toBe(200);
    cluster.at(230);
    expect(summarizeProgress(await cluster.readProgress())).toContain(
      'RollingForwardInProgress UnmonitoredManual v2 UD1(',
    );
    cluster.at(500);
    expect(summarizeProgress(await cluster.readProgress())).toContain(
      'RollingForwardPending UnmonitoredManual v2 UD2()',
    );
    await resumeUpgrade(cluster, 'UD2');
    cluster.at(570);
    // No domain is left, whatever the name.
    for (const domain of ['UD0', 'UD2', 'nowhere'])
      expect(parseErrorCode(await resumeUpgrade(cluster, domain))).toBe('FABRIC_E_APPLICATION_NOT_UPGRADING');
    cluster.at(900);
    expect(summarizeProgress(await cluster.readProgress())).toContain('RollingForwardCompleted');
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD2'))).toBe('FABRIC_E_APPLICATION_NOT_UPGRADING');
  });

  it('refuses to continue a monitored upgrade on request', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(170);
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD1'))).toBe('E_INVALIDARG');
  });

  it('starts a requested rollback at the next step, and refuses one after the end', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(300);
    expect(await post(cluster, 'RollbackUpgrade')).toMatchObject({ status: 200, reason: 'OK', text: '' });
    expect((await post(cluster, 'RollbackUpgrade')).status).toBe(200);
    expect(summarizeProgress(await cluster.readProgress())).toContain('RollingForwardInProgress');
    cluster.at(345);
    expect(summarizeProgress(await cluster.readProgress())).toBe(
      'RollingBackInProgress UnmonitoredAuto v1 UD0(_node_0 Upgrading, _node_3 PreUpgradeSafetyCheck)',
    );
    cluster.at(2000);
    expect(summarizeProgress(await cluster.readProgress())).toContain('RollingBackCompleted');
    expect(parseErrorCode(await post(cluster, 'RollbackUpgrade'))).toBe(
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING',
    );
  });

  it('refuses a rollback when the failure action has started one', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(600);
    const answer = await post(cluster, 'RollbackUpgrade');
    expect([answer.status, parseErrorCode(answer)]).toEqual([
      409,
      'FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION',
    ]);
  });

  it('rolls a manual upgrade back manually', async () => {
    const cluster = await startSimulatedCluster('manual');
    cluster.at(450);
    await resumeUpgrade(cluster, 'UD1');
    cluster.at(700);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(2000);
    expect(summarizeProgress(await cluster.readProgress())).toBe(
      'RollingBackInProgress UnmonitoredManual v1 UD1()',
    );
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD0'))).toBe(
      'FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED',
    );
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD2'))).toBe('E_INVALIDARG');
    await resumeUpgrade(cluster, 'UD1');
    cluster.at(3000);
    // The third domain was never touched, and needs no approval.
    expect(summarizeProgress(await cluster.readProgress())).toBe(
      'RollingBackCompleted UnmonitoredManual v1 -()',
    );
  });

  it('has no record of its first upgrade after a rollback while provisioning', async () => {
    const cluster = await startSimulatedCluster('happy');
    await post(cluster, 'RollbackUpgrade');
    expect(summarizeProgress(await cluster.readProgress())).toContain('ProvisioningTarget');
    cluster.at(40);
    const answer = await cluster.send('GET', getProgressPath('web'));
    expect([answer.status, answer.reason]).toEqual([404, 'NotFound']);
    expect(answer.text).toBe('{"Error":{"Code":"NotFound","Message":"Null"}}');
    const status = await cluster.send('GET', `/ComposeDeployments/web${apiVersion}`);
    expect(JSON.parse(status.text).ComposeDeploymentStatus).toBe('Upgrading');
    cluster.at(100);
    expect((await cluster.send('GET', getProgressPath('web'))).status).toBe(404);
  });

  it('shows the previous upgrade after a rollback of a later one while provisioning', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(1000);
    await post(cluster, 'Upgrade', upgradeBody);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(1100);
    const document = await cluster.readProgress();
    expect(summarizeProgress(document)).toBe('RollingBackCompleted Monitored v2 -()');
    expect(document['UpgradeDuration']).toMatch(/^PT0H12M/);
  });

  it('applies the policy of a new upgrade', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    expect(await post(cluster, 'Upgrade', upgradeBody)).toMatchObject({
      status: 202,
      reason: 'Accepted',
      text: '',
    });
    cluster.at(500);
    const document = await cluster.readProgress();
    expect(summarizeProgress(document)).toBe('RollingForwardPending Monitored v2 UD1()');
    expect(document['MonitoringPolicy']).toMatchObject({
      HealthCheckStableDurationInMilliseconds: 'PT0H10M0S',
    });
    expect(document).not.toHaveProperty('ApplicationHealthPolicy');
    expect(document['UpgradeReplicaSetCheckTimeoutInSeconds']).toBe(4294967295);
  });

  it('waits for approval after a failure with the failure action "Manual"', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(1000);
    await post(cluster, 'Upgrade', {
      ...upgradeBody,
      MonitoringPolicy: { FailureAction: 2, HealthCheckRetryTimeoutInMilliseconds: '60000' },
    });
    cluster.at(3000);
    expect(summarizeProgress(await cluster.readProgress())).toBe(
      'RollingForwardPending UnmonitoredManual v3 UD2() unhealthy',
    );
    await resumeUpgrade(cluster, 'UD2');
    cluster.at(4000);
    expect(summarizeProgress(await cluster.readProgress())).toContain('RollingForwardCompleted');
  });

  it('starts a second upgrade after the first, within the timeout of the request', async () => {
    const cluster = await startSimulatedCluster('happy');
    const path = `/ComposeDeployments/web/$/Upgrade${apiVersion}`;
    const answer = await cluster.send('POST', `${path}&timeout=30`, upgradeBody);
    expect([answer.status, parseErrorCode(answer)]).toEqual([504, 'FABRIC_E_TIMEOUT']);
    expect((await cluster.send('POST', `${path}&timeout=3600`, upgradeBody)).status).toBe(202);
    expect(summarizeProgress(await cluster.readProgress())).toBe('ProvisioningTarget Invalid v3 -()');
  });

  it('is a little behind the previous one when there are many', async () => {
    const cluster = await startSimulatedCluster('happy', { names: ['web', 'api', 'shop'] });
    cluster.at(120);
    const { text } = await cluster.send('GET', `/ComposeDeployments${apiVersion}&MaxResults=2`);
    expect(JSON.parse(text)).toMatchObject({
      ContinuationToken: 'shop',
      Items: ['api', 'shop'].map((name) => ({ DeploymentName: name, ComposeDeploymentStatus: 'Upgrading' })),
    });
    const states = ['web', 'api', 'shop'].map(async (name) => {
      const { text } = await cluster.send('GET', getProgressPath(name));
      const { UpgradeState, UpgradeDuration } = JSON.parse(text);
      return [UpgradeState, UpgradeDuration];
    });
    expect(await Promise.all(states)).toMatchInlineSnapshot(`
      [
        [
          "RollingForwardInProgress",
          "PT0H1M2.1676S",
        ],
        [
          "RollingForwardInProgress",
          "PT0H0M2.0153S",
        ],
        [
          "RollingForwardInProgress",
          "PT0H0M2.0153S",
        ],
      ]
    `);
  });

  it('is created, listed and deleted', async () => {
    const cluster = await startSimulatedCluster('missing');
    const create = { DeploymentName: 'shop', ComposeFileContent: composeFile };
    const status = async () => (await cluster.send('GET', `/ComposeDeployments/shop${apiVersion}`)).text;
    expect(await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, create)).toMatchObject({
      status: 202,
    });
    expect(
      parseErrorCode(await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, create)),
    ).toBe('FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS');
    expect(await status()).toBe(
      '{"DeploymentName":"shop","ApplicationName":"fabric:\\/shop","ComposeDeploymentStatus":"Provisioning"}',
    );
    expect(parseErrorCode(await cluster.send('GET', `${getProgressPath('shop')}&timeout=5`))).toBe(
      'FABRIC_E_TIMEOUT',
    );
    expect(JSON.parse((await cluster.send('GET', getProgressPath('shop'))).text).UpgradeState).toBe(
      'RollingForwardCompleted',
    );
    await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, {
      ...create,
      DeploymentName: 'api',
    });
    const list = JSON.parse(
      (await cluster.send('GET', `/ComposeDeployments${apiVersion}&MaxResults=1`)).text,
    );
    expect(list).toMatchObject({ ContinuationToken: 'api', Items: [{ DeploymentName: 'api' }] });
    const rest = await cluster.send('GET', `/ComposeDeployments${apiVersion}&ContinuationToken=api`);
    expect(JSON.parse(rest.text)).toMatchObject({
      ContinuationToken: '',
      Items: [{ DeploymentName: 'shop' }],
    });
    expect((await cluster.send('POST', `/ComposeDeployments/shop/$/Delete${apiVersion}`)).status).toBe(202);
    expect(await status()).toContain('"Deleting"');
    for (const expected of ['"Deleting"', '"Unprovisioning"']) {
      expect(parseErrorCode(await cluster.send('GET', `${getProgressPath('shop')}&timeout=12`))).toBe(
        'FABRIC_E_TIMEOUT',
      );
      expect(await status()).toContain(expected);
      expect((await cluster.send('POST', `/ComposeDeployments/shop/$/Delete${apiVersion}`)).status).toBe(202);
    }
    expect(parseErrorCode(await cluster.send('GET', getProgressPath('shop')))).toBe(
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    );
    expect(await cluster.send('GET', `/ComposeDeployments/shop${apiVersion}`)).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it('remains with the status "Failed" when its creation fails, and can be created again', async () => {
    const cluster = await startSimulatedCluster('failed');
    const create = () =>
      cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, {
        DeploymentName: 'shop',
        ComposeFileContent: composeFile,
      });
    await create();
    cluster.at(60);
    const { text } = await cluster.send('GET', getProgressPath('shop'));
    // Types and first versions are numbered across the cluster.
    expect(summarizeProgress(JSON.parse(text))).toBe('RollingForwardCompleted Invalid v2 -()');
    expect(await readStatus(cluster, 'shop')).toMatchObject({
      ComposeDeploymentStatus: 'Failed',
      StatusDetails: expect.stringContaining('application type'),
    });
    // Such a deployment never becomes ready for an upgrade.
    const upgrade = await cluster.send('POST', `/ComposeDeployments/shop/$/Upgrade${apiVersion}`, {
      ...upgradeBody,
      DeploymentName: 'shop',
    });
    expect(parseErrorCode(upgrade)).toBe('FABRIC_E_TIMEOUT');
    expect((await create()).status).toBe(202);
    expect(await readStatus(cluster, 'shop')).toMatchObject({ ComposeDeploymentStatus: 'Provisioning' });
  });

  it('explains its status while it is upgraded', async () => {
    const cluster = await startSimulatedCluster('rollback');
    const readDetails = async (seconds: number) => {
      cluster.at(seconds);
      return (await readStatus(cluster, 'web'))['StatusDetails'];
    };
    expect(await readDetails(10)).toBe('Provisioning v2.');
    expect(await readDetails(100)).toBe('Upgrading from v1 to v2.');
    expect(await readDetails(600)).toBe('Rolling back from v2 to v1.');
    expect(await readDetails(770)).toBe('Rolled back to v1.');
    expect(await readDetails(1000)).toBeUndefined();
  });

  it('fails its upgrade when it is deleted', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(200);
    await post(cluster, 'Delete');
    expect(summarizeProgress(await cluster.readProgress())).toBe('Failed Invalid v2 -()');
    const { text } = await cluster.send('GET', '/Applications/web/$/GetUpgradeProgress?api-version=6.0');
    expect(JSON.parse(text).UpgradeState).toBe('Failed');
    expect(await readStatus(cluster, 'web')).toMatchObject({ ComposeDeploymentStatus: 'Deleting' });
    cluster.at(220);
    expect(await readStatus(cluster, 'web')).toMatchObject({ ComposeDeploymentStatus: 'Unprovisioning' });
    cluster.at(300);
    expect((await cluster.send('GET', getProgressPath('web'))).status).toBe(404);
  });
});
