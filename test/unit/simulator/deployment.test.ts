/** What operators do to a deployment by hand. */
import { describe, expect, it } from 'vitest';
import {
  api,
  parseErrorCode,
  post,
  progressPath,
  resumeUpgrade,
  simulatedCluster,
  summarizeProgress,
  upgradeBody,
} from '../../support/simulated-cluster.ts';

describe('by hand', () => {
  it('a manual upgrade goes on when it is told to, domain by domain', async () => {
    const cluster = await simulatedCluster('manual');
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD1'))).toBe('FABRIC_E_APPLICATION_NOT_UPGRADING');
    cluster.at(200);
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD0'))).toBe(
      'FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED',
    );
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD2'))).toBe('E_INVALIDARG');
    expect((await resumeUpgrade(cluster, 'UD1')).status).toBe(200);
    cluster.at(230);
    expect(summarizeProgress(await cluster.progress())).toContain(
      'RollingForwardInProgress UnmonitoredManual v2 UD1(',
    );
    cluster.at(500);
    expect(summarizeProgress(await cluster.progress())).toContain(
      'RollingForwardPending UnmonitoredManual v2 UD2()',
    );
    await resumeUpgrade(cluster, 'UD2');
    cluster.at(900);
    expect(summarizeProgress(await cluster.progress())).toContain('RollingForwardCompleted');
  });

  it('a monitored upgrade takes no such order', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(170);
    expect(parseErrorCode(await resumeUpgrade(cluster, 'UD1'))).toBe('FABRIC_E_INVALID_OPERATION');
  });

  it('a rollback is noticed at the next step, and cannot be asked of what is past it', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(300);
    expect(await post(cluster, 'RollbackUpgrade')).toMatchObject({ status: 200, reason: 'OK', text: '' });
    expect((await post(cluster, 'RollbackUpgrade')).status).toBe(200);
    expect(summarizeProgress(await cluster.progress())).toContain('RollingForwardInProgress');
    cluster.at(345);
    expect(summarizeProgress(await cluster.progress())).toBe(
      'RollingBackInProgress UnmonitoredAuto v1 UD0(_node_0 Upgrading, _node_3 PreUpgradeSafetyCheck)',
    );
    cluster.at(2000);
    expect(summarizeProgress(await cluster.progress())).toContain('RollingBackCompleted');
    expect(parseErrorCode(await post(cluster, 'RollbackUpgrade'))).toBe(
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING',
    );
  });

  it('a rollback of what the failure action rolls back already is refused', async () => {
    const cluster = await simulatedCluster('rollback');
    cluster.at(600);
    const answer = await post(cluster, 'RollbackUpgrade');
    expect([answer.status, parseErrorCode(answer)]).toEqual([
      409,
      'FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION',
    ]);
  });

  it('a manual upgrade rolls back manually', async () => {
    const cluster = await simulatedCluster('manual');
    cluster.at(450);
    await resumeUpgrade(cluster, 'UD1');
    cluster.at(700);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(2000);
    expect(summarizeProgress(await cluster.progress())).toBe(
      'RollingBackInProgress UnmonitoredManual v1 UD1()',
    );
    await resumeUpgrade(cluster, 'UD1');
    cluster.at(3000);
    expect(summarizeProgress(await cluster.progress())).toBe('RollingBackCompleted UnmonitoredManual v1 -()');
  });

  it('the first upgrade, rolled back while it is provisioned, leaves a 404 that is not "missing"', async () => {
    const cluster = await simulatedCluster('happy');
    await post(cluster, 'RollbackUpgrade');
    expect(summarizeProgress(await cluster.progress())).toContain('ProvisioningTarget');
    cluster.at(40);
    const answer = await cluster.send('GET', progressPath('web'));
    expect([answer.status, answer.reason]).toEqual([404, 'NotFound']);
    expect(answer.text).toBe('{"Error":{"Code":"NotFound","Message":"Null"}}');
    const status = await cluster.send('GET', `/ComposeDeployments/web${api}`);
    expect(JSON.parse(status.text).ComposeDeploymentStatus).toBe('Upgrading');
    cluster.at(100);
    expect((await cluster.send('GET', progressPath('web'))).status).toBe(404);
  });

  it('a later one shows what is left of the upgrade before', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(1000);
    await post(cluster, 'Upgrade', upgradeBody);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(1100);
    const document = await cluster.progress();
    expect(summarizeProgress(document)).toBe('RollingBackCompleted Monitored v2 -()');
    expect(document['UpgradeDuration']).toMatch(/^PT0H12M/);
  });

  it('a new upgrade follows its own policy', async () => {
    const cluster = await simulatedCluster('never-upgraded');
    expect(await post(cluster, 'Upgrade', upgradeBody)).toMatchObject({
      status: 202,
      reason: 'Accepted',
      text: '',
    });
    cluster.at(500);
    const document = await cluster.progress();
    expect(summarizeProgress(document)).toBe('RollingForwardPending Monitored v2 UD1()');
    expect(document['MonitoringPolicy']).toMatchObject({
      HealthCheckStableDurationInMilliseconds: 'PT0H10M0S',
    });
    expect(document).not.toHaveProperty('ApplicationHealthPolicy');
    expect(document['UpgradeReplicaSetCheckTimeoutInSeconds']).toBe(4294967295);
  });

  it('a failure action of "Manual" leaves it to a person', async () => {
    const cluster = await simulatedCluster('rollback');
    cluster.at(1000);
    await post(cluster, 'Upgrade', {
      ...upgradeBody,
      MonitoringPolicy: { FailureAction: 2, HealthCheckRetryTimeoutInMilliseconds: '60000' },
    });
    cluster.at(3000);
    expect(summarizeProgress(await cluster.progress())).toBe(
      'RollingForwardPending UnmonitoredManual v3 UD2() unhealthy',
    );
    await resumeUpgrade(cluster, 'UD2');
    cluster.at(4000);
    expect(summarizeProgress(await cluster.progress())).toContain('RollingForwardCompleted');
  });

  it('a second upgrade waits for the first, as long as it is allowed to', async () => {
    const cluster = await simulatedCluster('happy');
    const path = `/ComposeDeployments/web/$/Upgrade${api}`;
    const answer = await cluster.send('POST', `${path}&timeout=30`, upgradeBody);
    expect([answer.status, parseErrorCode(answer)]).toEqual([504, 'FABRIC_E_TIMEOUT']);
    expect((await cluster.send('POST', `${path}&timeout=3600`, upgradeBody)).status).toBe(202);
    expect(summarizeProgress(await cluster.progress())).toBe('ProvisioningTarget Invalid v3 -()');
  });

  it('several at a time, each some way behind the one before', async () => {
    const cluster = await simulatedCluster('happy', { names: ['web', 'api', 'shop'] });
    cluster.at(120);
    const { text } = await cluster.send('GET', `/ComposeDeployments${api}&MaxResults=2`);
    expect(JSON.parse(text)).toMatchObject({
      ContinuationToken: 'shop',
      Items: ['api', 'shop'].map((name) => ({ DeploymentName: name, ComposeDeploymentStatus: 'Upgrading' })),
    });
    const states = ['web', 'api', 'shop'].map(async (name) => {
      const { text } = await cluster.send('GET', progressPath(name));
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

  it('a deployment is created, listed and deleted', async () => {
    const cluster = await simulatedCluster('missing');
    const create = { DeploymentName: 'shop', ComposeFileContent: 'services:' };
    const status = async () => (await cluster.send('GET', `/ComposeDeployments/shop${api}`)).text;
    expect(await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, create)).toMatchObject({
      status: 202,
    });
    expect(parseErrorCode(await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, create))).toBe(
      'FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS',
    );
    expect(await status()).toBe(
      '{"DeploymentName":"shop","ApplicationName":"fabric:\\/shop","ComposeDeploymentStatus":"Provisioning"}',
    );
    expect(parseErrorCode(await cluster.send('GET', `${progressPath('shop')}&timeout=5`))).toBe(
      'FABRIC_E_TIMEOUT',
    );
    expect(JSON.parse((await cluster.send('GET', progressPath('shop'))).text).UpgradeState).toBe(
      'RollingForwardCompleted',
    );
    await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, { ...create, DeploymentName: 'api' });
    const list = JSON.parse((await cluster.send('GET', `/ComposeDeployments${api}&MaxResults=1`)).text);
    expect(list).toMatchObject({ ContinuationToken: 'api', Items: [{ DeploymentName: 'api' }] });
    const rest = await cluster.send('GET', `/ComposeDeployments${api}&ContinuationToken=api`);
    expect(JSON.parse(rest.text)).toMatchObject({
      ContinuationToken: '',
      Items: [{ DeploymentName: 'shop' }],
    });
    expect((await cluster.send('POST', `/ComposeDeployments/shop/$/Delete${api}`)).status).toBe(202);
    expect(await status()).toContain('"Deleting"');
    expect(parseErrorCode(await cluster.send('GET', `${progressPath('shop')}&timeout=5`))).toBe(
      'FABRIC_E_TIMEOUT',
    );
    expect(parseErrorCode(await cluster.send('GET', progressPath('shop')))).toBe(
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    );
    expect(await cluster.send('GET', `/ComposeDeployments/shop${api}`)).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it('a creation that fails leaves a deployment that says so', async () => {
    const cluster = await simulatedCluster('missing');
    await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, {
      DeploymentName: 'web',
      ComposeFileContent: 'nothing',
    });
    cluster.at(60);
    expect(summarizeProgress(await cluster.progress())).toBe('RollingForwardCompleted Invalid v1 -()');
    const { text } = await cluster.send('GET', `/ComposeDeployments/web${api}`);
    expect(JSON.parse(text)).toMatchObject({ ComposeDeploymentStatus: 'Failed', StatusDetails: /services/ });
  });

  it('a deletion fails the upgrade first', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(200);
    await post(cluster, 'Delete');
    expect(summarizeProgress(await cluster.progress())).toBe('Failed Invalid v2 -()');
    cluster.at(300);
    expect((await cluster.send('GET', progressPath('web'))).status).toBe(404);
  });
});
