/** What requests carry. */
import { describe, expect, it } from 'vitest';
import { parseErrorCode, post, simulatedCluster, upgradeBody } from '../../support/simulated-cluster.ts';

interface BadBody {
  readonly name: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
}

describe('the body of an upgrade', () => {
  it('what a policy says before the kind of upgrade is not heard', async () => {
    const cluster = await simulatedCluster('never-upgraded');
    const { UpgradeKind, ...others } = upgradeBody;
    await post(cluster, 'Upgrade', { ...others, UpgradeKind });
    cluster.at(50);
    expect(await cluster.progress()).toMatchObject({ RollingUpgradeMode: 'UnmonitoredAuto' });
  });

  it.each<BadBody>([
    { name: 'no JSON', body: '{', status: 500, code: 'SerializationError' },
    { name: 'a list', body: [], status: 500, code: 'SerializationError' },
    { name: 'no file', body: { DeploymentName: 'web' }, status: 400, code: 'E_INVALIDARG' },
    {
      name: 'an unknown mode',
      body: { ...upgradeBody, RollingUpgradeMode: 'Fast' },
      status: 500,
      code: 'SerializationError',
    },
    {
      name: 'a bad duration',
      body: { ...upgradeBody, MonitoringPolicy: { UpgradeTimeoutInMilliseconds: 'soon' } },
      status: 500,
      code: 'SerializationError',
    },
    {
      name: 'another name',
      body: { ...upgradeBody, DeploymentName: 'wbe' },
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      name: 'a path for a name',
      body: { ...upgradeBody, DeploymentName: 'a/b' },
      status: 400,
      code: 'FABRIC_E_INVALID_NAME_URI',
    },
  ])('an upgrade with $name is refused', async ({ body, status, code }) => {
    const cluster = await simulatedCluster('never-upgraded');
    const answer = await post(cluster, 'Upgrade', body);
    expect([answer.status, parseErrorCode(answer)]).toEqual([status, code]);
  });
});
