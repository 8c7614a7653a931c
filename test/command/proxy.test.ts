/** The way through a proxy, for real: TLS to the cluster inside a CONNECT tunnel, and plain requests in full. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority, createKey } from '../support/authority.ts';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { runProgram } from '../support/program.ts';
import { run } from '../support/run.ts';
import { answer, answerWith, startGateway, startTlsGateway } from '../support/scripted-gateway.ts';

const authority = createAuthority('Authority of the cluster');
const key = createKey('rsa');
const files = {
  'ca.pem': authority.pem,
  'client.pem': authority.issueClient({ name: 'operator', key }) + key,
};
const server = authority.issue({ address: 'cluster.test' });
const mutual = {
  ...server,
  ca: authority.pem,
  requestCert: true,
  rejectUnauthorized: true,
  maxVersion: 'TLSv1.2',
} as const;
const good = answerWith(runningUpgrade);

/** Nobody but the proxy knows where that host is. */
const secured = 'https://cluster.test:19080';
const plain = 'http://cluster.test:19080';
const once = ['upgrade-progress', 'web', '--retries', '0', '-o', 'json'];
const plainPath = '/ComposeDeployments/web/$/GetUpgradeProgress?api-version=6.0-preview&timeout=60';

const secure = (folder: string) => [
  '--ca-file',
  join(folder, 'ca.pem'),
  '--cert-file',
  join(folder, 'client.pem'),
];

describe('a proxy', () => {
  it('connects us, our own TLS and client certificate intact', async () => {
    const gateway = await startTlsGateway(mutual, good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const folder = createFolder(files);
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { exitCode, stdout, stderr } = await run([...once, '-e', secured, ...secure(folder)], { env });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
    expect(proxy.requests).toEqual(['CONNECT cluster.test:19080']);
    expect(proxy.headers[0]).toEqual({ host: 'cluster.test:19080', connection: 'close' });
  });

  const secureProxy = authority.issue({ address: '127.0.0.1' });

  it.each([secured, plain])('that speaks TLS itself connects us to %s', async (endpoint) => {
    const gateway = await (endpoint === secured ? startTlsGateway(mutual, good) : startGateway(good));
    const proxy = await startForwardProxy({ to: gateway.url, tls: secureProxy });
    const folder = createFolder(files);
    const argv = [...once, '-e', endpoint, ...(endpoint === secured ? secure(folder) : [])];
    // Only a process of its own can be made to trust the proxy.
    const { stdout } = await runProgram(argv, {
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      ALL_PROXY: `https://127.0.0.1:${proxy.port}`,
    });
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
    expect(proxy.requests).toHaveLength(1);
  });

  it('must be vouched for by the system, whatever is said of the cluster', async () => {
    const proxy = await startForwardProxy({ to: 'http://127.0.0.1:1', tls: secureProxy });
    const folder = createFolder(files);
    const env = { HTTPS_PROXY: `https://127.0.0.1:${proxy.port}` };
    const { exitCode, stderr } = await run([...once, '-e', secured, ...secure(folder)], { env });
    expect(exitCode).toBe(6);
    expect(stderr).toContain(`The certificate of the proxy https://127.0.0.1:${proxy.port} is not accepted`);
    expect(stderr).toContain('issued by CN=Authority of the cluster');
    expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
    expect(proxy.requests).toEqual([]);
  });

  it('is passed its user and password, and they are passed to nobody else', async () => {
    const gateway = await startTlsGateway(server, good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const folder = createFolder(files);
    const env = { https_proxy: `http://me:s%40fe@127.0.0.1:${proxy.port}`, SFCOMPOSE_TOKEN: 'SECRET' };
    const { exitCode, stderr } = await run(
      [...once, '-e', secured, '--ca-file', join(folder, 'ca.pem'), '-v'],
      { env },
    );
    expect(exitCode).toBe(0);
    expect(proxy.headers[0]?.['proxy-authorization']).toBe(`Basic ${btoa('me:s@fe')}`);
    expect(JSON.stringify(proxy.headers)).not.toContain('SECRET');
    expect(gateway.requests[0]?.headers['proxy-authorization']).toBeUndefined();
    expect(gateway.requests[0]?.headers.authorization).toBe('Bearer SECRET');
    expect(stderr).toContain(`proxy: http://127.0.0.1:${proxy.port} (https_proxy)`);
    expect(stderr).not.toMatch(/s@fe|s%40fe|SECRET/);
  });

  it('may have a password that is a word of the document', async () => {
    const gateway = await startGateway(good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const env = { HTTP_PROXY: `http://me:Rolling@127.0.0.1:${proxy.port}` };
    const { stdout } = await run([...once, '-e', plain], { env });
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
  });

  it('gets the whole request where the cluster has no TLS', async () => {
    const gateway = await startGateway(good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const env = { HTTP_PROXY: `http://me:pass@127.0.0.1:${proxy.port}` };
    const { exitCode } = await run([...once, '-e', plain], { env });
    expect(exitCode).toBe(0);
    expect(proxy.requests).toEqual([`GET ${plain}${plainPath}`]);
    expect(proxy.headers[0]).toMatchObject({
      host: 'cluster.test:19080',
      'proxy-authorization': `Basic ${btoa('me:pass')}`,
    });
  });

  it('is passed by for this machine', async () => {
    const gateway = await startGateway(good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const env = { ALL_PROXY: `http://127.0.0.1:${proxy.port}` };
    expect((await run([...once, '-e', gateway.url], { env })).exitCode).toBe(0);
    expect(proxy.requests).toEqual([]);
  });

  it('is used again by a watch, a tunnel for each of two reads at once', async () => {
    const gateway = await startTlsGateway(server, ...Array.from({ length: 9 }, () => good));
    const proxy = await startForwardProxy({ to: gateway.url });
    const folder = createFolder(files);
    const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const argv = ['upgrade-progress', 'web', '-e', secured, '--ca-file', join(folder, 'ca.pem')];
    const { exitCode } = await run([...argv, '--watch', '--max-wait', '35s', '-o', 'json'], { env });
    expect(exitCode).toBe(124);
    expect([gateway.requests.length, gateway.relatedReads.length]).toEqual([4, 7]);
    expect(proxy.requests).toHaveLength(2);
  });
});

interface ProxyResponse {
  readonly status: string;
  readonly code: number;
  readonly text: string;
}

describe("a proxy's failure is told from the cluster's:", () => {
  it.each([
    ['407 Proxy Authentication Required', 'It wants a user and a password'],
    ['403 Forbidden', 'may not be allowed'],
    ['502 Bad Gateway', 'It may not reach the cluster'],
  ])('%s', async (refusal, said) => {
    const proxy = await startForwardProxy({ to: 'http://127.0.0.1:1', refusal });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { exitCode, stdout, stderr } = await run([...once, '-e', secured], { env });
    expect(stderr).toContain(
      `The proxy http://127.0.0.1:${proxy.port} did not connect us to the cluster: ${refusal}.`,
    );
    expect(stderr).toContain(said);
    expect(stderr).toContain('add the host to NO_PROXY: cluster.test');
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_PROXY');
    expect(exitCode).toBe(6);
  });

  it.each([secured, plain])('nothing listens there, on the way to %s', async (endpoint) => {
    const { exitCode, stderr } = await run([...once, '-e', endpoint], { env: { ALL_PROXY: '127.0.0.1:1' } });
    expect(stderr).toContain('Nothing listens on the proxy http://127.0.0.1:1.');
    expect(stderr).toContain('The cluster was not reached.');
    expect(exitCode).toBe(6);
  });

  it('it is no proxy at all', async () => {
    const gateway = await startGateway();
    const port = new URL(gateway.url).port;
    const { exitCode, stderr } = await run([...once, '-e', secured], {
      env: { HTTPS_PROXY: `127.0.0.1:${port}` },
    });
    expect(stderr).toContain(`The proxy http://127.0.0.1:${port} broke the connection off`);
    expect(exitCode).toBe(6);
  });

  it('the certificate that comes through the tunnel is the cluster’s matter', async () => {
    const other = await startTlsGateway(authority.issue({ address: 'other.test' }), good);
    const proxy = await startForwardProxy({ to: other.url });
    const folder = createFolder(files);
    const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const { exitCode, stderr } = await run([...once, '-e', secured, '--ca-file', join(folder, 'ca.pem')], {
      env,
    });
    expect(stderr).toContain(`The certificate of ${secured} is not accepted.`);
    expect(stderr).toContain('for DNS:other.test');
    expect(exitCode).toBe(7);
    expect(other.requests).toEqual([]);
  });

  it.each<ProxyResponse>([
    { status: '407 Proxy Authentication Required', code: 6, text: 'It wants a user and a password' },
    {
      status: '403 Forbidden',
      code: 7,
      text: 'The cluster, or the proxy http://127.0.0.1:PORT, refused us.',
    },
    {
      status: '502 Bad Gateway',
      code: 6,
      text: 'another server, the proxy http://127.0.0.1:PORT or load balancer',
    },
  ])('$status, where it is sent the request itself', async ({ status, code, text }) => {
    const [number = '', ...reason] = status.split(' ');
    const saying = answer('', Number(number), reason.join(' '));
    const proxy = await startGateway(saying, saying);
    const { exitCode, stderr } = await run([...once, '-e', plain], { env: { HTTP_PROXY: proxy.url } });
    expect(unfoldTable(stderr)).toContain(text.replace('http://127.0.0.1:PORT', proxy.url));
    expect(exitCode).toBe(code);
  });

  it('what goes wrong behind it may be of its making', async () => {
    const silent = await startGateway((_, request) => request.socket.destroy());
    const proxy = await startForwardProxy({ to: silent.url });
    const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const { exitCode, stderr } = await run([...once, '-e', secured], { env });
    expect(stderr).toContain(
      `goes through the proxy http://127.0.0.1:${proxy.port}, which may be the cause.`,
    );
    expect(exitCode).toBe(6);
  });
});

it('a proxy that may come to its senses is tried again', async () => {
  const proxy = await startForwardProxy({ to: 'http://127.0.0.1:1', refusal: '503 Busy' });
  const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
  await run(['upgrade-progress', 'web', '-e', secured], { env });
  expect(proxy.requests).toHaveLength(3);
});
