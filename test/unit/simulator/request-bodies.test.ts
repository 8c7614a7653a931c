/** Bodies of requests to the simulated cluster. */
import { describe, expect, it } from 'vitest';
import { parseErrorCode, post, startSimulatedCluster, upgradeBody } from '../../support/simulated-cluster.ts';

interface BadBody {
  readonly name: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
}

describe('the body of an upgrade request', () => {
  it('loses its policy when the kind of upgrade comes last, as on the runtime', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const { UpgradeKind, ...others } = upgradeBody;
    await post(cluster, 'Upgrade', { ...others, UpgradeKind });
    cluster.at(50);
    expect(await cluster.readProgress()).toMatchObject({ RollingUpgradeMode: 'UnmonitoredAuto' });
  });

  it.each<BadBody>([
    { name: 'that is not JSON', body: '{', status: 500, code: 'SerializationError' },
    { name: 'that is a list', body: [], status: 500, code: 'SerializationError' },
    { name: 'without a compose file', body: { DeploymentName: 'web' }, status: 400, code: 'E_INVALIDARG' },
    {
      name: 'with an unknown mode',
      body: { ...upgradeBody, RollingUpgradeMode: 'Fast' },
      status: 500,
      code: 'SerializationError',
    },
    {
      name: 'with a bad duration',
      body: { ...upgradeBody, MonitoringPolicy: { UpgradeTimeoutInMilliseconds: 'soon' } },
      status: 500,
      code: 'SerializationError',
    },
    {
      name: 'for another deployment',
      body: { ...upgradeBody, DeploymentName: 'wbe' },
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      name: 'with a path as the name',
      body: { ...upgradeBody, DeploymentName: 'a/b' },
      status: 400,
      code: 'FABRIC_E_INVALID_NAME_URI',
    },
  ])('is refused $name', async ({ body, status, code }) => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const answer = await post(cluster, 'Upgrade', body);
    expect([answer.status, parseErrorCode(answer)]).toEqual([status, code]);
  });
});
