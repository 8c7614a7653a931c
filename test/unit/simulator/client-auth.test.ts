/** The simulated cluster asks for a client certificate as Windows does, and lets in whoever has the accepted one. */
import { constants } from 'node:crypto';
import https, { type RequestOptions } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { simulatedCluster } from '../../support/simulated-cluster.ts';
import { anothers, ask, mine, mute, progress, refusal, secured } from '../../support/simulated-tls.ts';

interface ClientCase {
  readonly name: string;
  readonly client: RequestOptions;
  readonly status: number;
}

describe('a cluster that wants a client certificate', () => {
  it('lets in whoever has the accepted one', async () => {
    const { url } = await secured();
    const { status, body } = await ask(url, progress, mine);
    expect(status).toBe(200);
    expect(JSON.parse(body).UpgradeState).toBe('ProvisioningTarget');
  });

  it('refuses whoever has none, or another, in the same words', async () => {
    const { url } = await secured();
    expect(await ask(url, progress)).toEqual(refusal);
    expect(await ask(url, progress, anothers)).toEqual(refusal);
  });

  it('says first what is wrong with a URL', async () => {
    const { url } = await secured();
    expect((await ask(url, '/ComposeDeployments/web')).status).toBe(400);
  });

  it('tells everybody how to sign in, without asking', async () => {
    const { url } = await secured();
    let handshakes = 0;
    const agent = new https.Agent().on('keylog', () => handshakes++);
    expect((await ask(url, '/$/GetAadMetadata?api-version=1.0', { agent })).status).toBe(200);
    expect(handshakes).toBe(1);
  });

  it.each<ClientCase>([
    { name: 'good', client: mine, status: 200 },
    { name: 'missing', client: {}, status: 403 },
  ])('asks once a connection when the certificate is $name', async ({ client, status }) => {
    const { url } = await secured();
    let handshakes = 0;
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 }).on('keylog', () => handshakes++);
    onTestFinished(() => agent.destroy());
    for (let request = 1; request <= 8; request++)
      expect((await ask(url, progress, { agent, ...client })).status).toBe(status);
    expect(handshakes).toBe(2);
  });

  it('asks again on another connection', async () => {
    const { url } = await secured();
    const agent = new https.Agent({ keepAlive: false });
    expect((await ask(url, progress, { agent, ...mine })).status).toBe(200);
    expect((await ask(url, progress, { agent, ...mine })).status).toBe(200);
  });

  it('takes what comes with a request before it asks', async () => {
    const { url } = await secured();
    const path = '/ComposeDeployments/web/$/RollbackUpgrade?api-version=6.4-preview';
    const large = Buffer.alloc(3 * 2 ** 20);
    expect((await ask(url, path, { method: 'POST', ...mine }, large)).status).toBe(200);
    expect(await ask(url, path, { method: 'POST' }, large)).toEqual(refusal);
  });

  it('asks, but refuses all the same, where every request is refused', async () => {
    const { url } = await simulatedCluster('unauthorized', { tls: true, clientCertificate: mine.cert });
    expect(await ask(url, progress, mine)).toEqual(refusal);
  });

  it.each<[string, RequestOptions]>([
    ['speaks only TLS 1.3', { minVersion: 'TLSv1.3' }],
    ['refuses a new handshake', { secureOptions: constants.SSL_OP_NO_RENEGOTIATION }],
  ])('outlives a client that %s', async (_, options) => {
    const { url } = await secured();
    await expect(ask(url, progress, { ...options, ...mine })).rejects.toThrow();
    expect((await ask(url, progress, mine)).status).toBe(200);
  });

  it('outlives a client that goes away when it is asked', async () => {
    const { url } = await secured();
    (await mute(url)).destroy();
    expect((await ask(url, progress, mine)).status).toBe(200);
  });
});
