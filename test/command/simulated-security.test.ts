/** The simulated cluster lets in whoever has the accepted client certificate, and asks for it as Windows does. */
import { constants } from 'node:crypto';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import https, { type RequestOptions } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClientCertificate } from '../../src/simulator/certificate.ts';
import { newAuthority } from '../support/authority.ts';
import { folderWith } from '../support/folder.ts';
import { run, testTime } from '../support/run.ts';
import { progressPath, simulatedCluster } from '../support/simulated-cluster.ts';

const authority = newAuthority('Test authority');
const issued = () => authority.issue({ address: '127.0.0.1' });
const mine = issued();
const anothers = issued();
const progress = progressPath('web');

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** One request, on a connection of its own unless an agent is given. */
function ask(url: string, path: string, options: RequestOptions = {}, body?: Buffer): Promise<Answer> {
  const client: RequestOptions = { rejectUnauthorized: false, agent: false, path, ...options };
  return new Promise((resolve, reject) => {
    const request = https.request(url, client, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const { statusCode = 0, statusMessage = '' } = response;
      resolve({ status: statusCode, reason: statusMessage, body: Buffer.concat(chunks).toString() });
    });
    request.on('error', reject).end(body);
  });
}

/** A connection that has sent a request, and reads nothing. */
async function mute(url: string): Promise<TLSSocket> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, ...mine });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  socket.pause();
  await new Promise((resolve) =>
    socket.write(`GET ${progress} HTTP/1.1\r\nHost: localhost\r\n\r\n`, resolve),
  );
  // The other side has to notice.
  await ask(url, '/$/GetAadMetadata?api-version=1.0');
  return socket;
}

const secured = () => simulatedCluster('happy', { tls: true, clientCertificate: mine.cert });
const refusal: Answer = { status: 403, reason: 'Client certificate required', body: '' };

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

  it.each([
    ['good', mine, 200],
    ['missing', {}, 403],
  ])('asks once a connection when the certificate is %s', async (_, client, status) => {
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

/** Runs `simulate --tls` with that file until what is done with it is done, then presses Ctrl-C. */
async function simulate(file: string, use: (url: string) => Promise<unknown> = async () => {}) {
  const interrupt = new AbortController();
  let used: Promise<unknown> | undefined;
  const result = await run(['simulate', '--port', '0', '--tls', '--client-certificate', file], {
    interrupt: interrupt.signal,
    onOutput(text) {
      used ??= use(text.trim()).finally(() => interrupt.abort('SIGINT'));
    },
  });
  await used;
  return result;
}

describe('simulate --client-certificate', () => {
  it('makes the file, and says how to use it', async () => {
    const file = join(folderWith(), 'client.pem');
    let url = '';
    const { exitCode, stderr } = await simulate(file, async (address) => {
      url = address;
      const pem = readFileSync(file);
      expect((await ask(url, progress, { cert: pem, key: pem })).status).toBe(200);
      expect(await ask(url, progress)).toEqual(refusal);
    });
    expect(readFileSync(file, 'utf8')).toMatch(
      /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/,
    );
    const thumbprint = /with the thumbprint ([0-9A-F]{40})\./.exec(stderr)?.[1];
    expect(stderr.split('\n').slice(3)).toEqual([
      `It lets in whoever has the client certificate in ${file}, which has just been made, with its key.`,
      `Try: sfcompose upgrade-progress web -e ${url} --server-thumbprint ${thumbprint} --cert-file ${file}`,
      'Ctrl-C ends it.',
      '',
    ]);
    expect(exitCode).toBe(130);
  });

  it.skipIf(process.platform === 'win32')('lets nobody else read it', async () => {
    const file = join(folderWith(), 'client.pem');
    await simulate(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes it again the next time', async () => {
    const file = join(folderWith(), 'client.pem');
    await simulate(file);
    const pem = readFileSync(file);
    const { stderr } = await simulate(file, async (url) => {
      expect((await ask(url, progress, { cert: pem, key: pem })).status).toBe(200);
    });
    expect(readFileSync(file)).toEqual(pem);
    expect(stderr).toContain(`It lets in whoever has the client certificate in ${file}.\n`);
  });

  it('takes one that was made elsewhere, its key before it', async () => {
    const file = join(folderWith(), 'my client.pem');
    const made = await createClientCertificate(testTime().clock.now());
    const [cert = '', key = ''] = made.split(/(?=-----BEGIN PRIVATE)/);
    writeFileSync(file, `Bag Attributes\r\n${key}${cert}`.replaceAll(/\r?\n/g, '\r\n'));
    const { stderr } = await simulate(file, async (url) => {
      expect((await ask(url, progress, { cert, key })).status).toBe(200);
      expect(await ask(url, progress, anothers)).toEqual(refusal);
    });
    expect(stderr).toContain(`--cert-file "${file}"\n`);
  });

  it('ends at once on Ctrl-C, whatever its clients are up to', async () => {
    const { exitCode } = await simulate(join(folderWith(), 'client.pem'), async (url) => {
      await mute(url);
      const silent = connectTcp(Number(new URL(url).port), '127.0.0.1');
      silent.on('error', () => {});
      await new Promise((resolve) => silent.once('connect', resolve));
      // The other side has to notice.
      await ask(url, '/$/GetAadMetadata?api-version=1.0');
    });
    expect(exitCode).toBe(130);
  });

  it.each<[string, (path: string) => void | Promise<void>, string]>([
    ['a directory', () => {}, 'cannot be read: it is a directory.'],
    [
      'no PEM',
      (path) => writeFileSync(path, 'client.pfx'),
      'cannot be used: it holds no certificate in PEM.',
    ],
    [
      'a key alone',
      (path) => writeFileSync(path, mine.key),
      'cannot be used: it holds no certificate in PEM.',
    ],
    ['empty', (path) => writeFileSync(path, ''), 'cannot be used: it holds no certificate in PEM.'],
    [
      'expired',
      async (path) => writeFileSync(path, await createClientCertificate(Date.parse('2020-01-01T00:00:00Z'))),
      'cannot be used: its certificate expired at 2020-12-31T00:00:00Z.',
    ],
    [
      'not good yet',
      async (path) => writeFileSync(path, await createClientCertificate(Date.parse('2040-01-02T00:00:00Z'))),
      'cannot be used: its certificate is good from 2040-01-01T00:00:00Z on.',
    ],
  ])('refuses a file that is %s', async (kind, make, said) => {
    const place = folderWith();
    const file = kind === 'a directory' ? place : join(place, 'client.pem');
    await make(file);
    const { exitCode, stdout, stderr } = await simulate(file);
    expect(stderr).toBe(`sfcompose: --client-certificate "${file}" ${said}\n`);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('refuses an empty path', async () => {
    const { exitCode, stderr } = await simulate('');
    expect(stderr).toBe('sfcompose: --client-certificate is "", but it takes the path of a file.\n');
    expect(exitCode).toBe(2);
  });

  it('refuses a folder that is not there', async () => {
    const file = join(folderWith(), 'nowhere', 'client.pem');
    const { exitCode, stderr } = await simulate(file);
    expect(stderr).toBe(
      `sfcompose: --client-certificate "${file}" cannot be made: there is no such folder.\n`,
    );
    expect(exitCode).toBe(2);
  });

  it.skipIf(process.platform === 'win32')('makes nothing where a link points', async () => {
    const place = folderWith();
    const [link, target] = [join(place, 'client.pem'), join(place, 'target.pem')];
    symlinkSync(target, link);
    const { exitCode, stderr } = await simulate(link);
    expect(stderr).toContain('cannot be made: it is a link that leads nowhere.');
    expect(existsSync(target)).toBe(false);
    expect(exitCode).toBe(2);
  });

  it('needs --tls, and makes nothing without', async () => {
    const file = join(folderWith(), 'client.pem');
    const { exitCode, stderr } = await run(['simulate', '--port', '0', '--client-certificate', file]);
    expect(stderr).toBe('sfcompose: --client-certificate needs --tls.\n');
    expect(existsSync(file)).toBe(false);
    expect(exitCode).toBe(2);
  });
});
