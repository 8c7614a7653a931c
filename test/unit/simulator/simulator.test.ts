/** The gateway of the simulated cluster. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  apiVersion,
  getProgressPath,
  startSimulatedCluster,
  startTime,
  upgradeBody,
} from '../../support/simulated-cluster.ts';

describe('the gateway of the simulated cluster', () => {
  it('refuses a request for another cluster', async () => {
    const cluster = await startSimulatedCluster('happy');
    const answer = await cluster.send('GET', getProgressPath('web'), undefined, { ClusterId: 'another' });
    expect([answer.status, answer.reason]).toEqual([403, 'Access Denied']);
    expect(JSON.parse(answer.text).Error.Code).toBe('E_ACCESSDENIED');
  });

  it('survives clients that disconnect in the middle of a request', async () => {
    const cluster = await startSimulatedCluster('happy');
    const { hostname, port } = new URL(cluster.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /ComposeDeployments/web/$/Upgrade${apiVersion} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n`;
    await new Promise<void>((resolve) => socket.write(`${head}{"Deploy`, () => resolve()));
    // Once this is answered, the server has seen the other request as well.
    await cluster.readProgress();
    socket.resetAndDestroy();
    expect((await cluster.send('GET', getProgressPath('web'))).status).toBe(200);
    expect((await cluster.send('GET', getProgressPath('web'))).status).toBe(200);
  });

  it('drops the requests that it holds when their clients disconnect', async () => {
    const signals: AbortSignal[] = [];
    let slept = () => {};
    const cluster = await startSimulatedCluster('happy', {
      clock: {
        now: () => startTime,
        monotonic: () => 0,
        sleep: (_, signal) =>
          new Promise((resolve) => {
            if (signal === undefined) throw new Error('a sleep without a signal');
            signals.push(signal);
            signal.addEventListener('abort', () => resolve());
            slept();
          }),
      },
    });
    const { hostname, port } = new URL(cluster.url);
    const body = JSON.stringify(upgradeBody);
    const head = `POST /ComposeDeployments/web/$/Upgrade${apiVersion} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
    const clients = Array.from({ length: 50 }, () => connect(Number(port), hostname));
    const allHeld = new Promise<void>((resolve) => {
      slept = () => {
        if (signals.length === clients.length) resolve();
      };
    });
    for (const client of clients) client.write(head + body);
    await allHeld;
    const dropped = signals.map(
      (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
    );
    for (const client of clients) client.destroy();
    await Promise.all(dropped);
    expect((await cluster.send('GET', getProgressPath('web'))).status).toBe(200);
    // No request slept a second time.
    expect(signals).toHaveLength(clients.length);
    expect(new Set(signals).size).toBe(clients.length);
  });

  it('refuses every request except anonymous ones in the scenario "unauthorized", with no body', async () => {
    const cluster = await startSimulatedCluster('unauthorized');
    const answer = await cluster.send('GET', getProgressPath('web'));
    expect([answer.status, answer.reason, answer.text]).toEqual([403, 'Client certificate required', '']);
    expect(answer.headers.slice(0, -1)).toEqual([
      'Content-Length',
      '0',
      'Server',
      'Microsoft-HTTPAPI/2.0',
      'Date',
    ]);
    expect((await cluster.send('GET', '/nowhere')).status).toBe(400);
    expect((await cluster.send('GET', '/$/GetAadMetadata?api-version=1.0')).status).toBe(200);
  });

  it('fails at times in the scenario "flaky", but never three times in a row', async () => {
    const cluster = await startSimulatedCluster('flaky');
    const results: string[] = [];
    for (let count = 0; count < 20; count++) {
      results.push(
        await cluster.send('GET', getProgressPath('web')).then(
          ({ status }) => String(status),
          ({ code }) => code,
        ),
      );
    }
    expect(results.slice(0, 10)).toEqual(results.slice(10));
    expect(new Set(results)).toEqual(new Set(['200', '503', '504', 'ECONNRESET']));
    expect(results.join(' ').replaceAll(/\b(?!200)\w+/g, 'bad')).not.toContain('bad bad bad');
  });
});
