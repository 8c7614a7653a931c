/** Bodies of requests to the simulated cluster. */
import { describe, expect, it } from 'vitest';
import {
  apiVersion,
  composeFile,
  parseErrorCode,
  post,
  startSimulatedCluster,
  summarizeProgress,
  upgradeBody,
} from '../../support/simulated-cluster.ts';

interface BadBody {
  readonly name: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
}

describe('the body of an upgrade request', () => {
  it('may have its members in any order', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    await post(cluster, 'Upgrade', Object.fromEntries(Object.entries(upgradeBody).reverse()));
    cluster.at(50);
    expect(await cluster.readProgress()).toMatchObject({
      RollingUpgradeMode: 'Monitored',
      MonitoringPolicy: { HealthCheckStableDurationInMilliseconds: 'PT0H10M0S' },
    });
  });

  it('may omit everything else, or say null', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const { DeploymentName, ComposeFileContent, UpgradeKind, RollingUpgradeMode } = upgradeBody;
    const body = { DeploymentName, ComposeFileContent, UpgradeKind, RollingUpgradeMode };
    const nulls = { MonitoringPolicy: null, RegistryCredential: null, ApplicationHealthPolicy: null };
    expect((await post(cluster, 'Upgrade', { ...body, ...nulls, Another: [1] })).status).toBe(202);
    cluster.at(50);
    expect(await cluster.readProgress()).toMatchObject({
      // The runtime reads uninitialised memory.
      UpgradeReplicaSetCheckTimeoutInSeconds: 0xcdcdcdcd,
      MonitoringPolicy: {
        FailureAction: 'Manual',
        HealthCheckWaitDurationInMilliseconds: 'PT0H0M0S',
        HealthCheckStableDurationInMilliseconds: 'PT0H2M0S',
        HealthCheckRetryTimeoutInMilliseconds: 'PT0H10M0S',
      },
    });
  });

  it.each([
    ['90000', 'PT0H1M30S'],
    ['PT90S', 'PT0H1M30S'],
    ['P1DT1H', 'P1DT1H0M0S'],
  ])('may have the duration %s', async (duration, expected) => {
    const cluster = await startSimulatedCluster('never-upgraded');
    await post(cluster, 'Upgrade', {
      ...upgradeBody,
      MonitoringPolicy: { UpgradeTimeoutInMilliseconds: duration },
    });
    cluster.at(50);
    expect(await cluster.readProgress()).toMatchObject({
      MonitoringPolicy: { UpgradeTimeoutInMilliseconds: expected },
    });
  });

  it.each([
    { RollingUpgradeMode: 3 as unknown as string, ForceRestart: 'no' },
    { MonitoringPolicy: { UpgradeTimeoutInMilliseconds: 'P1D' } },
    { MonitoringPolicy: { UpgradeTimeoutInMilliseconds: 60_000 } },
    { MonitoringPolicy: { UpgradeTimeoutInMilliseconds: '1.5' } },
    { MonitoringPolicy: 'Rollback' },
    { UpgradeReplicaSetCheckTimeoutInSeconds: '900' },
    { RegistryCredential: { RegistryUserName: 'me', RegistryPassword: 1 } },
    { ApplicationHealthPolicy: { ConsiderWarningAsError: 'false' } },
    { ComposeFileContent: null },
    { DeploymentName: 7 },
  ])('is refused as a whole for a value that the runtime cannot read: %j', async (members) => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const { status, text } = await post(cluster, 'Upgrade', { ...upgradeBody, ...members });
    expect([status, text]).toEqual([500, '{"Error":{"Code":"SerializationError","Message":"Null"}}']);
  });

  it.each<BadBody>([
    { name: 'that is not JSON', body: '{', status: 500, code: 'SerializationError' },
    { name: 'that is a list', body: [], status: 500, code: 'SerializationError' },
    {
      name: 'without a compose file',
      body: { DeploymentName: 'web' },
      status: 500,
      code: 'SerializationError',
    },
    {
      name: 'with an empty compose file',
      body: { ...upgradeBody, ComposeFileContent: '' },
      status: 500,
      code: 'SerializationError',
    },
    {
      name: 'with a compose file that is not valid',
      body: { ...upgradeBody, ComposeFileContent: 'services: {web: {image: web}}' },
      status: 400,
      code: 'FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR',
    },
    {
      name: 'without a kind',
      body: { ...upgradeBody, UpgradeKind: undefined },
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      name: 'without a mode',
      body: { ...upgradeBody, RollingUpgradeMode: null },
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      name: 'that is larger than 4 MiB',
      body: { ...upgradeBody, More: 'x'.repeat(2 ** 22) },
      status: 413,
      code: 'FABRIC_E_VALUE_TOO_LARGE',
    },
    {
      name: 'with an empty name',
      body: { ...upgradeBody, DeploymentName: '' },
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      name: 'with a compose file that the image builder does not expect',
      body: { ...upgradeBody, ComposeFileContent: '# nothing' },
      status: 500,
      code: 'FABRIC_E_IMAGEBUILDER_UNEXPECTED_ERROR',
    },
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
      name: 'without a name',
      body: { ...upgradeBody, DeploymentName: undefined },
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
  ])('is refused $name', async ({ body, status, code }) => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const answer = await post(cluster, 'Upgrade', body);
    expect([answer.status, parseErrorCode(answer)]).toEqual([status, code]);
    expect(summarizeProgress(await cluster.readProgress())).toBe('RollingForwardCompleted Invalid v1 -()');
  });
});

describe('the body of a request to create a deployment', () => {
  it.each<BadBody>([
    {
      name: 'without a name',
      body: { ComposeFileContent: composeFile },
      status: 400,
      code: 'FABRIC_E_INVALID_NAME_URI',
    },
    {
      name: 'with a path as the name',
      body: { DeploymentName: 'a/b', ComposeFileContent: composeFile },
      status: 400,
      code: 'FABRIC_E_INVALID_NAME_URI',
    },
    {
      name: 'with an empty compose file',
      body: { DeploymentName: 'shop', ComposeFileContent: '' },
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      name: 'with a compose file that is not valid',
      body: { DeploymentName: 'shop', ComposeFileContent: "version: '3'" },
      status: 400,
      code: 'FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR',
    },
    {
      name: 'of a deployment that exists, before its compose file is read',
      body: { DeploymentName: 'web', ComposeFileContent: "version: '3'" },
      status: 409,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS',
    },
  ])('is refused $name', async ({ body, status, code }) => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const answer = await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, body);
    expect([answer.status, parseErrorCode(answer)]).toEqual([status, code]);
    const { text } = await cluster.send('GET', `/ComposeDeployments${apiVersion}`);
    expect(JSON.parse(text).Items).toHaveLength(1);
  });
});
