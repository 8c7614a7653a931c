/** JSON as the runtime's writer has it. */
import { describe, expect, it } from 'vitest';
import { api, simulatedCluster } from '../../support/simulated-cluster.ts';

describe('the bytes are those of the runtime', () => {
  it('for an api-version before 3.0: numbers for enums, milliseconds for spans', async () => {
    const cluster = await simulatedCluster('happy');
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

  it('of texts that are no clean JSON: vertical tabs, halves of characters, NUL', async () => {
    const cluster = await simulatedCluster('missing');
    const name = 'a"\u000b\u0001/📦\u0000hidden'.replace('/', '');
    await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, {
      DeploymentName: name,
      ComposeFileContent: 'services:',
    });
    const { body } = await cluster.send('GET', `/ComposeDeployments${api}`);
    const shown = body.toString('latin1');
    expect(shown).toContain(
      '"DeploymentName":"a\\"\\v\\u0001\xed\xa0\xbd\xed\xb3\xa6","ApplicationName":"fabric:\\/a',
    );
    expect(shown).not.toContain('hidden');
  });
});
