/** Pages of the simulated cluster, which need no api-version. */
import { describe, expect, it } from 'vitest';
import { startSimulatedCluster } from '../../support/simulated-cluster.ts';

describe('a page of the simulated cluster', () => {
  it.each(['/', '//', '/?timeout=60', '/Explorer/index.html'])('is served at %s', async (path) => {
    const cluster = await startSimulatedCluster('happy');
    const { status, headers, text } = await cluster.send('GET', path);
    expect(status).toBe(200);
    expect(headers).toContain('text/html; charset=utf-8');
    expect(text).toMatch(/^<!DOCTYPE html>/);
  });

  it.each(['/Explorer', '/explorer', '/Explorer/'])(
    'redirects from %s to Service Fabric Explorer',
    async (path) => {
      const cluster = await startSimulatedCluster('happy');
      const { status, reason, headers, text } = await cluster.send('GET', path);
      expect([status, reason, text]).toEqual([301, 'Moved Permanently', '']);
      expect(headers[headers.indexOf('Location') + 1]).toBe('/Explorer/index.html');
    },
  );

  it.each(['/', '/Explorer'])('is not served to a client without access: %s', async (path) => {
    const cluster = await startSimulatedCluster('unauthorized');
    const { status, reason, text } = await cluster.send('GET', path);
    expect([status, reason, text]).toEqual([403, 'Client certificate required', '']);
  });
});
