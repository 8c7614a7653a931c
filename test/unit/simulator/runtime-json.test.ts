/** JSON of the simulated cluster, with the quirks of the runtime's writer. */
import { describe, expect, it } from 'vitest';
import { apiVersion, composeFile, startSimulatedCluster } from '../../support/simulated-cluster.ts';

describe('the JSON of the simulated cluster', () => {
  it('has numbers for enums and milliseconds for time spans before API version 3.0', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(350);
    const { text } = await cluster.send(
      'GET',
      '/ComposeDeployments/web/$/GetUpgradeProgress?api-version=2.0',
    );
    expect(text).toContain('"UpgradeState":2,');
    expect(text).toContain('"UpgradeKind":1,"RollingUpgradeMode":3,');
    expect(text).toContain('"HealthCheckStableDurationInMilliseconds":"120000"');
    expect(text).toContain('"UpgradeDomainTimeoutInMilliseconds":"922337203685477"');
    expect(text).toContain('"StartTimestampUtc":"0"');
    expect(text).toContain('"UpgradePhase":2');
  });

  it("has the runtime's vertical tabs and surrogates, and ends text at NUL", async () => {
    const cluster = await startSimulatedCluster('missing');
    const name = 'a"\u000b\u0001/📦\u0000hidden'.replace('/', '');
    await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, {
      DeploymentName: name,
      ComposeFileContent: composeFile,
    });
    const { body } = await cluster.send('GET', `/ComposeDeployments${apiVersion}`);
    const text = body.toString('latin1');
    expect(text).toContain(
      '"DeploymentName":"a\\"\\v\\u0001\xed\xa0\xbd\xed\xb3\xa6","ApplicationName":"fabric:\\/a',
    );
    expect(text).not.toContain('hidden');
  });
});
