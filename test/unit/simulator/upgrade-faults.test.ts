/** Faults around the first request to upgrade, roles, and the count of requests that write. */
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../../src/simulator/scenarios.ts';
import {
  apiVersion,
  parseErrorCode,
  post,
  resumeUpgrade,
  type SimulatedCluster,
  startSimulatedCluster,
  summarizeProgress,
  upgradeBody,
} from '../../support/simulated-cluster.ts';

const path = '/ComposeDeployments/web/$/Upgrade';
const untouched = 'RollingForwardCompleted Invalid v1 -()';

/** Sends an upgrade. @returns the status or error code of the answer, or the code of the network's error */
async function upgrade(cluster: SimulatedCluster, more = ''): Promise<string> {
  return cluster.send('POST', path + apiVersion + more, upgradeBody).then(
    (answer) => (answer.status === 202 ? '202' : parseErrorCode(answer)),
    ({ code }) => code,
  );
}

const readSummary = async (cluster: SimulatedCluster) => summarizeProgress(await cluster.readProgress());

describe('the first request to upgrade', () => {
  it.each<{ scenario: ScenarioName; answer: string; status: number | 'reset'; progress: string }>([
    {
      scenario: 'lost-answer',
      answer: 'ECONNRESET',
      status: 'reset',
      progress: 'ProvisioningTarget Invalid v2 -()',
    },
    { scenario: 'lost-request', answer: 'ECONNRESET', status: 'reset', progress: untouched },
    { scenario: 'late-accept', answer: 'FABRIC_E_TIMEOUT', status: 504, progress: untouched },
    { scenario: 'stolen', answer: '202', status: 202, progress: 'ProvisioningTarget Invalid v3 -()' },
  ])('meets its fault in the scenario "$scenario"', async ({ scenario, answer, status, progress }) => {
    const cluster = await startSimulatedCluster(scenario);
    expect(await readSummary(cluster)).toBe(untouched);
    expect(await upgrade(cluster)).toBe(answer);
    expect(cluster.writes).toEqual([{ verb: 'POST', path, status }]);
    expect(await readSummary(cluster)).toBe(progress);
  });

  it('is lost over TLS as well', async () => {
    const cluster = await startSimulatedCluster('lost-request', { tls: true });
    const options = { method: 'POST', agent: false, rejectUnauthorized: false };
    const sent = new Promise((_, reject) => {
      request(cluster.url + path + apiVersion, options)
        .on('error', reject)
        .end(JSON.stringify(upgradeBody));
    });
    await expect(sent).rejects.toThrow(expect.objectContaining({ code: 'ECONNRESET' }));
    expect(cluster.writes).toEqual([{ verb: 'POST', path, status: 'reset' }]);
  });

  it('is accepted after five seconds in the scenario "late-accept", and others wait for it', async () => {
    const cluster = await startSimulatedCluster('late-accept');
    await upgrade(cluster);
    cluster.at(4);
    expect(await readSummary(cluster)).toBe(untouched);
    expect(await upgrade(cluster, '&timeout=10')).toBe('FABRIC_E_TIMEOUT');
    expect(await readSummary(cluster)).toBe('ProvisioningTarget Invalid v2 -()');
  });

  it('is held in the scenario "stolen" while the upgrade of another client runs', async () => {
    const cluster = await startSimulatedCluster('stolen');
    expect(await upgrade(cluster, '&timeout=10')).toBe('FABRIC_E_TIMEOUT');
    expect(await readSummary(cluster)).toBe('ProvisioningTarget Invalid v2 -()');
    cluster.at(60);
    expect(await readSummary(cluster)).toBe('Failed Invalid v2 -()');
  });

  it('is the only one with a fault', async () => {
    const cluster = await startSimulatedCluster('lost-request');
    expect([await upgrade(cluster), await upgrade(cluster)]).toEqual(['ECONNRESET', '202']);
    cluster.at(4000);
    expect(await upgrade(cluster)).toBe('202');
    expect(cluster.writes.map(({ status }) => status)).toEqual(['reset', 202, 202]);
  });

  it('waits for a long upgrade in the scenario "busy"', async () => {
    const cluster = await startSimulatedCluster('busy');
    cluster.at(1060);
    expect(await upgrade(cluster)).toBe('FABRIC_E_TIMEOUT');
    expect(await readSummary(cluster)).toContain(' v2 UD1(');
    expect(await upgrade(cluster, '&timeout=7200')).toBe('202');
    expect(await readSummary(cluster)).toBe('ProvisioningTarget Invalid v3 -()');
  });
});

describe('clients with the role "user"', () => {
  it('may read, but not write', async () => {
    const cluster = await startSimulatedCluster('manual', { role: 'user' });
    cluster.at(200);
    const answers = [
      await post(cluster, 'Upgrade', upgradeBody),
      await post(cluster, 'RollbackUpgrade'),
      await post(cluster, 'Delete'),
      await resumeUpgrade(cluster, 'UD1'),
      await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, upgradeBody),
    ];
    for (const answer of answers)
      expect([answer.status, parseErrorCode(answer)]).toEqual([403, 'E_ACCESSDENIED']);
    expect(cluster.writes.map(({ verb, status }) => `${verb} ${status}`)).toEqual([
      'POST 403',
      'POST 403',
      'POST 403',
      'POST 403',
      'PUT 403',
    ]);
    cluster.at(900);
    expect(await readSummary(cluster)).toBe('RollingForwardPending UnmonitoredManual v2 UD1()');
  });
});
