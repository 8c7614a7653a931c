/** Real forward proxies: TLS to the cluster through a CONNECT tunnel, and plain requests. */
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

/** Only the proxy can resolve this host. */
const secured = 'https://cluster.test:19080';
const plain = 'http://cluster.test:19080';
const readOnce = ['upgrade-progress', 'web', '--retries', '0', '-o', 'json'];
const plainPath = '/ComposeDeployments/web/$/GetUpgradeProgress?api-version=6.0-preview&timeout=60';

const createTlsOptions = (folder: string) => [
  '--ca-file',
  join(folder, 'ca.pem'),
  '--cert-file',
  join(folder, 'client.pem'),
];

describe('a forward proxy', () => {
  it('tunnels TLS with the client certificate to the cluster', async () => {
    const gateway = await startTlsGateway(mutual, good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const folder = createFolder(files);
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { exitCode, stdout, stderr } = await run(
      [...readOnce, '-e', secured, ...createTlsOptions(folder)],
      {
        env,
      },
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
    expect(proxy.requests).toEqual(['CONNECT cluster.test:19080']);
    expect(proxy.headers[0]).toEqual({ host: 'cluster.test:19080', connection: 'close' });
  });

  const secureProxy = authority.issue({ address: '127.0.0.1' });

  it.each([secured, plain])('may speak TLS itself, for %s', async (endpoint) => {
    const gateway = await (endpoint === secured ? startTlsGateway(mutual, good) : startGateway(good));
    const proxy = await startForwardProxy({ to: gateway.url, tls: secureProxy });
    const folder = createFolder(files);
    const argv = [...readOnce, '-e', endpoint, ...(endpoint === secured ? createTlsOptions(folder) : [])];
    // Only a process of its own can be configured to trust the proxy.
    const { stdout } = await runProgram(argv, {
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      ALL_PROXY: `https://127.0.0.1:${proxy.port}`,
    });
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
    expect(proxy.requests).toHaveLength(1);
  });

  it("must have a certificate that the system trusts, whatever the cluster's options are", async () => {
    const proxy = await startForwardProxy({ to: 'http://127.0.0.1:1', tls: secureProxy });
    const folder = createFolder(files);
    const env = { HTTPS_PROXY: `https://127.0.0.1:${proxy.port}` };
    const { exitCode, stderr } = await run([...readOnce, '-e', secured, ...createTlsOptions(folder)], {
      env,
    });
    expect(exitCode).toBe(6);
    expect(stderr).toContain(`Server certificate rejected: the proxy https://127.0.0.1:${proxy.port}.`);
    expect(stderr).toContain('issued by CN=Authority of the cluster');
    expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
    expect(proxy.requests).toEqual([]);
  });

  it('gets its user and password, and the cluster does not', async () => {
    const gateway = await startTlsGateway(server, good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const folder = createFolder(files);
    const env = { https_proxy: `http://me:s%40fe@127.0.0.1:${proxy.port}`, SFCOMPOSE_TOKEN: 'SECRET' };
    const { exitCode, stderr } = await run(
      [...readOnce, '-e', secured, '--ca-file', join(folder, 'ca.pem'), '-v'],
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

  it('may have a password that occurs in the document', async () => {
    const gateway = await startGateway(good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const env = { HTTP_PROXY: `http://me:Rolling@127.0.0.1:${proxy.port}` };
    const { stdout } = await run([...readOnce, '-e', plain], { env });
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
  });

  it('gets the whole request for a cluster without TLS', async () => {
    const gateway = await startGateway(good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const env = { HTTP_PROXY: `http://me:pass@127.0.0.1:${proxy.port}` };
    const { exitCode } = await run([...readOnce, '-e', plain], { env });
    expect(exitCode).toBe(0);
    expect(proxy.requests).toEqual([`GET ${plain}${plainPath}`]);
    expect(proxy.headers[0]).toMatchObject({
      host: 'cluster.test:19080',
      'proxy-authorization': `Basic ${btoa('me:pass')}`,
    });
  });

  it('is bypassed for this machine', async () => {
    const gateway = await startGateway(good);
    const proxy = await startForwardProxy({ to: gateway.url });
    const env = { ALL_PROXY: `http://127.0.0.1:${proxy.port}` };
    expect((await run([...readOnce, '-e', gateway.url], { env })).exitCode).toBe(0);
    expect(proxy.requests).toEqual([]);
  });

  it('keeps two tunnels for the parallel reads of a watch', async () => {
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

describe('the failure of a proxy', () => {
  it.each([
    ['407 Proxy Authentication Required', 'The proxy requires a user name and a password'],
    ['403 Forbidden', 'is not allowed to'],
    ['502 Bad Gateway', 'The proxy cannot reach the cluster'],
  ])('is explained for the response %s', async (refusal, text) => {
    const proxy = await startForwardProxy({ to: 'http://127.0.0.1:1', refusal });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { exitCode, stdout, stderr } = await run([...readOnce, '-e', secured], { env });
    expect(stderr).toContain(`Request rejected by the proxy http://127.0.0.1:${proxy.port}: ${refusal}.`);
    expect(stderr).toContain(text);
    expect(stderr).toContain('add the host to NO_PROXY\n    cluster.test');
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_PROXY');
    expect(exitCode).toBe(6);
  });

  it.each([secured, plain])(
    'is explained when it refuses connections, on the way to %s',
    async (endpoint) => {
      const { exitCode, stderr } = await run([...readOnce, '-e', endpoint], {
        env: { ALL_PROXY: '127.0.0.1:1' },
      });
      expect(stderr).toContain('Connection refused: the proxy http://127.0.0.1:1.');
      expect(stderr).toContain('The request did not reach the cluster.');
      expect(exitCode).toBe(6);
    },
  );

  it('is explained when the server is not a proxy', async () => {
    const gateway = await startGateway();
    const port = new URL(gateway.url).port;
    const { exitCode, stderr } = await run([...readOnce, '-e', secured], {
      env: { HTTPS_PROXY: `127.0.0.1:${port}` },
    });
    expect(stderr).toContain(
      `Connection closed before the response was complete: the proxy http://127.0.0.1:${port}.`,
    );
    expect(exitCode).toBe(6);
  });

  it('does not include a bad certificate of the cluster behind it', async () => {
    const other = await startTlsGateway(authority.issue({ address: 'other.test' }), good);
    const proxy = await startForwardProxy({ to: other.url });
    const folder = createFolder(files);
    const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const { exitCode, stderr } = await run(
      [...readOnce, '-e', secured, '--ca-file', join(folder, 'ca.pem')],
      {
        env,
      },
    );
    expect(stderr).toContain(`Server certificate rejected: ${secured}.`);
    expect(stderr).toContain('for DNS:other.test');
    expect(exitCode).toBe(7);
    expect(other.requests).toEqual([]);
  });

  it.each<ProxyResponse>([
    {
      status: '407 Proxy Authentication Required',
      code: 6,
      text: 'The proxy requires a user name and a password',
    },
    {
      status: '403 Forbidden',
      code: 7,
      text: 'Access denied by the cluster or the proxy http://127.0.0.1:PORT.',
    },
    {
      status: '502 Bad Gateway',
      code: 6,
      text: 'another kind of server, or the proxy http://127.0.0.1:PORT or load balancer',
    },
  ])('is explained for the response $status to the request itself', async ({ status, code, text }) => {
    const [number = '', ...reason] = status.split(' ');
    const answerStatus = answer('', Number(number), reason.join(' '));
    const proxy = await startGateway(answerStatus, answerStatus);
    const { exitCode, stderr } = await run([...readOnce, '-e', plain], { env: { HTTP_PROXY: proxy.url } });
    expect(unfoldTable(stderr)).toContain(text.replace('http://127.0.0.1:PORT', proxy.url));
    expect(exitCode).toBe(code);
  });

  it('is a possible cause of errors behind the proxy', async () => {
    const silent = await startGateway((_, request) => request.socket.destroy());
    const proxy = await startForwardProxy({ to: silent.url });
    const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    const { exitCode, stderr } = await run([...readOnce, '-e', secured], { env });
    expect(stderr).toContain(
      `goes through the proxy http://127.0.0.1:${proxy.port}, which may be the cause.`,
    );
    expect(exitCode).toBe(6);
  });
});

it('a busy proxy is tried again', async () => {
  const proxy = await startForwardProxy({ to: 'http://127.0.0.1:1', refusal: '503 Busy' });
  const env = { HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
  await run(['upgrade-progress', 'web', '-e', secured], { env });
  expect(proxy.requests).toHaveLength(3);
});
