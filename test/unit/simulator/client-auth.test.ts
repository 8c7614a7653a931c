/** Client certificates, which the simulated cluster asks for as Windows does. */
import { constants } from 'node:crypto';
import https, { type RequestOptions } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulatedCluster } from '../../support/simulated-cluster.ts';
import {
  acceptedClient,
  openMuteConnection,
  otherClient,
  progressPath,
  refusedAnswer,
  sendRequest,
  startSecuredCluster,
} from '../../support/simulated-tls.ts';

interface ClientCase {
  readonly name: string;
  readonly client: RequestOptions;
  readonly status: number;
}

describe('a simulated cluster that asks for a client certificate', () => {
  it('accepts its client certificate', async () => {
    const { url } = await startSecuredCluster();
    const { status, body } = await sendRequest(url, progressPath, acceptedClient);
    expect(status).toBe(200);
    expect(JSON.parse(body).UpgradeState).toBe('ProvisioningTarget');
  });

  it('refuses clients without a certificate and with another one alike', async () => {
    const { url } = await startSecuredCluster();
    expect(await sendRequest(url, progressPath)).toEqual(refusedAnswer);
    expect(await sendRequest(url, progressPath, otherClient)).toEqual(refusedAnswer);
  });

  it('checks the URL before the certificate', async () => {
    const { url } = await startSecuredCluster();
    expect((await sendRequest(url, '/ComposeDeployments/web')).status).toBe(400);
  });

  it('serves the metadata for signing in without asking for a certificate', async () => {
    const { url } = await startSecuredCluster();
    let handshakes = 0;
    const agent = new https.Agent().on('keylog', () => handshakes++);
    expect((await sendRequest(url, '/$/GetAadMetadata?api-version=1.0', { agent })).status).toBe(200);
    expect(handshakes).toBe(1);
  });

  it.each<ClientCase>([
    { name: 'accepted', client: acceptedClient, status: 200 },
    { name: 'missing', client: {}, status: 403 },
  ])('asks once per connection when the certificate is $name', async ({ client, status }) => {
    const { url } = await startSecuredCluster();
    let handshakes = 0;
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 }).on('keylog', () => handshakes++);
    onTestFinished(() => agent.destroy());
    for (let request = 1; request <= 8; request++)
      expect((await sendRequest(url, progressPath, { agent, ...client })).status).toBe(status);
    expect(handshakes).toBe(2);
  });

  it('asks again on another connection', async () => {
    const { url } = await startSecuredCluster();
    const agent = new https.Agent({ keepAlive: false });
    expect((await sendRequest(url, progressPath, { agent, ...acceptedClient })).status).toBe(200);
    expect((await sendRequest(url, progressPath, { agent, ...acceptedClient })).status).toBe(200);
  });

  it('reads the body of a request before it asks', async () => {
    const { url } = await startSecuredCluster();
    const path = '/ComposeDeployments/web/$/RollbackUpgrade?api-version=6.4-preview';
    const large = Buffer.alloc(3 * 2 ** 20);
    expect((await sendRequest(url, path, { method: 'POST', ...acceptedClient }, large)).status).toBe(200);
    expect(await sendRequest(url, path, { method: 'POST' }, large)).toEqual(refusedAnswer);
  });

  it('refuses an accepted certificate in the scenario "unauthorized"', async () => {
    const { url } = await startSimulatedCluster('unauthorized', {
      tls: true,
      clientCertificate: acceptedClient.cert,
    });
    expect(await sendRequest(url, progressPath, acceptedClient)).toEqual(refusedAnswer);
  });

  it.each<[string, RequestOptions]>([
    ['speaks only TLS 1.3', { minVersion: 'TLSv1.3' }],
    ['refuses renegotiation', { secureOptions: constants.SSL_OP_NO_RENEGOTIATION }],
  ])('survives a client that %s', async (_, options) => {
    const { url } = await startSecuredCluster();
    await expect(sendRequest(url, progressPath, { ...options, ...acceptedClient })).rejects.toThrow();
    expect((await sendRequest(url, progressPath, acceptedClient)).status).toBe(200);
  });

  it('survives a client that closes the connection when it is asked', async () => {
    const { url } = await startSecuredCluster();
    (await openMuteConnection(url)).destroy();
    expect((await sendRequest(url, progressPath, acceptedClient)).status).toBe(200);
  });
});
