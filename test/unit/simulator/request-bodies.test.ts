/** What requests carry. */
import { describe, expect, it } from 'vitest';
import { parseErrorCode, post, simulatedCluster, upgradeBody } from '../../support/simulated-cluster.ts';

describe('the body of an upgrade', () => {
  it('what a policy says before the kind of upgrade is not heard', async () => {
    const cluster = await simulatedCluster('never-upgraded');
    const { UpgradeKind, ...others } = upgradeBody;
    await post(cluster, 'Upgrade', { ...others, UpgradeKind });
    cluster.at(50);
    expect(await cluster.progress()).toMatchObject({ RollingUpgradeMode: 'UnmonitoredAuto' });
  });

  it.each<[string, unknown, number, string]>([
    ['no JSON', '{', 500, 'SerializationError'],
    ['a list', [], 500, 'SerializationError'],
    ['no file', { DeploymentName: 'web' }, 400, 'E_INVALIDARG'],
    ['an unknown mode', { ...upgradeBody, RollingUpgradeMode: 'Fast' }, 500, 'SerializationError'],
    [
      'a bad duration',
      { ...upgradeBody, MonitoringPolicy: { UpgradeTimeoutInMilliseconds: 'soon' } },
      500,
      'SerializationError',
    ],
    ['another name', { ...upgradeBody, DeploymentName: 'wbe' }, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['a path for a name', { ...upgradeBody, DeploymentName: 'a/b' }, 400, 'FABRIC_E_INVALID_NAME_URI'],
  ])('an upgrade with %s is refused', async (_, body, status, expected) => {
    const cluster = await simulatedCluster('never-upgraded');
    const answer = await post(cluster, 'Upgrade', body);
    expect([answer.status, parseErrorCode(answer)]).toEqual([status, expected]);
  });
});
