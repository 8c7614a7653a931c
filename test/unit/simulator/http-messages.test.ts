/** HTTP messages of the simulated cluster. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  apiVersion,
  getProgressPath,
  startSimulatedCluster,
  summarizeProgress,
} from '../../support/simulated-cluster.ts';

describe('a response of the simulated cluster', () => {
  it("has the runtime's headers in the runtime's order", async () => {
    const cluster = await startSimulatedCluster('happy');
    const { status, reason, headers, body } = await cluster.send('GET', getProgressPath('web'));
    expect([status, reason]).toEqual([200, 'OK']);
    expect(headers.slice(0, -1)).toEqual([
      'Content-Length',
      String(body.length),
      'Content-Type',
      'application/json; charset=utf-8',
      'Server',
      'Microsoft-HTTPAPI/2.0',
      'X-Content-Type-Options',
      'nosniff',
      'Date',
    ]);
  });
});

describe('a request to the simulated cluster', () => {
  it.each<[string, Record<string, string>]>([
    ['Host', { Host: 'rebound.example' }],
    ['Host', { Host: 'rebound.example:19080' }],
    ['Host', { Host: 'localhost.rebound.example' }],
    ['Host', { Host: '127.0.0.1.rebound.example' }],
    ['Host', { Host: '10.0.0.1' }],
    ['Origin', { Origin: 'https://page.example' }],
    ['Origin', { Origin: 'http://127.0.0.1:19080' }],
    ['Origin', { Origin: 'null' }],
  ])('is refused if a web page may have sent it, by its header %s: %j', async (name, headers) => {
    const cluster = await startSimulatedCluster('happy');
    for (const verb of ['GET', 'POST', 'OPTIONS']) {
      const answer = await cluster.send(
        verb,
        `/ComposeDeployments/web/$/Delete${apiVersion}`,
        undefined,
        headers,
      );
      expect([answer.status, answer.reason]).toEqual([403, 'Access Denied']);
      expect(JSON.parse(answer.text).Error).toEqual({
        Code: 'E_ACCESSDENIED',
        Message: expect.stringContaining(`${name} header`),
      });
      expect(answer.headers.join()).not.toMatch(/Access-Control/i);
    }
    expect(summarizeProgress(await cluster.readProgress())).toContain('ProvisioningTarget');
  });

  it.each(['localhost', 'LocalHost:8080', '127.0.0.1', '127.1.2.3:19080', '[::1]', '[::1]:19080'])(
    'is accepted for the host %s',
    async (host) => {
      const cluster = await startSimulatedCluster('happy');
      const { status } = await cluster.send('GET', getProgressPath('web'), undefined, { Host: host });
      expect(status).toBe(200);
    },
  );

  it('is refused if it is not HTTP', async () => {
    const cluster = await startSimulatedCluster('happy');
    const { hostname, port } = new URL(cluster.url);
    const socket = connect(Number(port), hostname);
    socket.write('HELO there\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('text/html');
  });
});
