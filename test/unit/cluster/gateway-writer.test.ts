/** Writes over real sockets: one attempt each, and only what certainly was not started counts as such. */
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Gateway } from '../../../src/cluster/gateway.ts';
import { GatewayWriter, type UpgradeRequest, type WriteResult } from '../../../src/cluster/gateway-writer.ts';
import type { Connection } from '../../../src/config/connection.ts';
import { parseEndpoint } from '../../../src/config/endpoint.ts';
import { parseToken } from '../../../src/config/token.ts';
import { ExpectedError } from '../../../src/platform/errors.ts';
import { Secret } from '../../../src/platform/secret.ts';
import { createAuthority } from '../../support/authority.ts';
import { startForwardProxy } from '../../support/forward-proxy.ts';
import { createTestTime, type TestTime } from '../../support/run.ts';

const password = 'pa$$w0rd "quoted"';

const upgrade: UpgradeRequest = {
  deployment: 'web',
  composeFile: {
    environment: [new Secret('environment-value')],
    text: new Secret("version: '3'\nservices:\n  web:\n    image: größe\n"),
  },
  policy: {
    mode: 'Monitored',
    replicaSetCheckTimeoutMs: Infinity,
    monitoring: {
      failureAction: 'Rollback',
      healthCheckWaitMs: 0,
      healthCheckStableMs: 120_000,
      healthCheckRetryMs: 600_000,
      upgradeTimeoutMs: 7_200_000,
      upgradeDomainTimeoutMs: Infinity,
      considerWarningAsError: false,
      maxPercentUnhealthyNodes: 20,
      maxPercentUnhealthyInstances: 10,
    },
  },
  registry: { user: 'me', password: new Secret(password), isEncrypted: false, from: 'a test' },
};

const upgradeBody = {
  DeploymentName: 'web',
  ComposeFileContent: upgrade.composeFile.text.reveal(),
  RegistryCredential: { RegistryUserName: 'me', RegistryPassword: password, PasswordEncrypted: false },
  UpgradeKind: 'Rolling',
  RollingUpgradeMode: 'Monitored',
  UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
  ForceRestart: false,
  MonitoringPolicy: {
    FailureAction: 'Rollback',
    HealthCheckWaitDurationInMilliseconds: '0',
    HealthCheckStableDurationInMilliseconds: '120000',
    HealthCheckRetryTimeoutInMilliseconds: '600000',
    UpgradeTimeoutInMilliseconds: '7200000',
    UpgradeDomainTimeoutInMilliseconds: 'P10675199DT2H48M5.4775807S',
  },
  ApplicationHealthPolicy: {
    ConsiderWarningAsError: false,
    MaxPercentUnhealthyDeployedApplications: 20,
    DefaultServiceTypeHealthPolicy: {
      MaxPercentUnhealthyServices: 0,
      MaxPercentUnhealthyPartitionsPerService: 0,
      MaxPercentUnhealthyReplicasPerPartition: 10,
    },
    ServiceTypeHealthPolicyMap: [],
  },
};

interface RawServer {
  readonly port: number;
  /** Whole requests that arrived. */
  readonly requests: readonly string[];
  readonly connections: () => number;
}

type Respond = (socket: net.Socket, request: string) => void;

/** Starts a server that calls back once a whole request has arrived, or at once for `onConnect`. */
async function startRaw(respond: Respond, onConnect?: (socket: net.Socket) => void): Promise<RawServer> {
  const requests: string[] = [];
  let connections = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    if (onConnect) return onConnect(socket);
    collectRequest(socket, (request) => {
      requests.push(request);
      respond(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests, connections: () => connections };
}

function collectRequest(socket: net.Socket, onRequest: (request: string) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (piece) => {
    received = Buffer.concat([received, piece]);
    const end = received.indexOf('\r\n\r\n') + 4;
    if (end < 4) return;
    const length = Number(/content-length: (\d+)/i.exec(received.toString('latin1'))?.[1] ?? 0);
    if (received.length < end + length) return;
    const request = received.toString();
    received = Buffer.alloc(0);
    onRequest(request);
  });
}

function createWriter(url: string, changes: Partial<Connection> = {}, time: TestTime = createTestTime()) {
  const endpoint = parseEndpoint(url);
  if (endpoint === undefined) throw new Error(url);
  const connection: Connection = {
    endpoint,
    proxy: undefined,
    trust: { by: 'nobody' },
    certificate: undefined,
    token: undefined,
    timeoutSeconds: 60,
    commandTarget: { options: [], sfctlSelect: undefined, shells: ['posix'] as const },
    effectiveSettings: [],
    ...changes,
  } as Connection;
  const lines: string[] = [];
  const options = { connection, clock: time.clock, trace: (line: string) => lines.push(line) };
  const gateway = new Gateway(options);
  onTestFinished(() => gateway.close());
  return { writer: new GatewayWriter(options, gateway), gateway, lines };
}

const never = new AbortController().signal;

function describeResult(result: WriteResult): string {
  if (result.kind === 'accepted') return 'accepted';
  const { fault } = result.error;
  return `${result.kind}: ${fault.kind === 'response' ? fault.status : fault.kind}`;
}

const answer = (status: string, body = '', headers = '') =>
  `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const error = (status: string, code: string) =>
  answer(status, JSON.stringify({ Error: { Code: code, Message: 'Null' } }));

describe('a request', () => {
  it('has the whole body of an upgrade, its type and its length', async () => {
    const server = await startRaw((socket) => socket.write(answer('202 Accepted')));
    const { writer, lines } = createWriter(`http://127.0.0.1:${server.port}`);
    const result = await writer.startUpgrade(upgrade, never);
    expect(result.kind).toBe('accepted');
    const [head = '', body = ''] = server.requests[0]?.split('\r\n\r\n') ?? [];
    expect(head).toMatch(
      /^POST \/ComposeDeployments\/web\/\$\/Upgrade\?api-version=6\.0-preview&timeout=60 HTTP\/1\.1\r\n/,
    );
    expect(head).toContain('\r\nContent-Type: application/json; charset=utf-8\r\n');
    expect(head).toContain(`\r\nX-ServiceFabricRequestId: ${result.requestId}\r\n`);
    expect(JSON.parse(body)).toEqual(upgradeBody);
    expect(lines[0]).toMatch(
      new RegExp(`^> POST http://.*/Upgrade\\?.* \\(request id ${result.requestId}, \\d+ bytes\\)$`),
    );
  });

  it('leaves out policies and credentials that are not given', async () => {
    const server = await startRaw((socket) => socket.write(answer('202 Accepted')));
    const { writer } = createWriter(`http://127.0.0.1:${server.port}`);
    const policy = { mode: 'UnmonitoredAuto', replicaSetCheckTimeoutMs: 500, monitoring: undefined } as const;
    await writer.startUpgrade({ ...upgrade, policy, registry: 'none' }, never);
    expect(JSON.parse(server.requests[0]?.split('\r\n\r\n')[1] ?? '')).toEqual({
      DeploymentName: 'web',
      ComposeFileContent: upgradeBody.ComposeFileContent,
      UpgradeKind: 'Rolling',
      RollingUpgradeMode: 'UnmonitoredAuto',
      UpgradeReplicaSetCheckTimeoutInSeconds: 1,
      ForceRestart: false,
    });
  });

  it('rolls back without a body, and names the domain to resume with', async () => {
    const server = await startRaw((socket) => socket.write(answer('200 OK')));
    const { writer } = createWriter(`http://127.0.0.1:${server.port}/base`);
    expect(describeResult(await writer.rollBack('my app', never))).toBe('accepted');
    expect(describeResult(await writer.resume('fabric:/a/b', 'UD1', never))).toBe('accepted');
    expect(server.requests[0]).toMatch(
      /^POST \/base\/ComposeDeployments\/my%20app\/\$\/RollbackUpgrade\?api-version=6\.4-preview&timeout=60 .*\r\n\r\n$/s,
    );
    expect(server.requests[1]).toMatch(
      /^POST \/base\/Applications\/a~b\/\$\/MoveToNextUpgradeDomain\?api-version=6\.0&timeout=60 .*\{"UpgradeDomainName":"UD1"\}$/s,
    );
    expect(server.connections()).toBe(2);
  });
});

const afterSending: readonly (readonly [what: string, respond: Respond, result: string])[] = [
  ['202', (s) => s.write(answer('202 Accepted')), 'accepted'],
  ['202 with a body', (s) => s.write(answer('202 Accepted', '{}')), 'unknown: 202'],
  ['200', (s) => s.write(answer('200 OK')), 'unknown: 200'],
  ['a web page', (s) => s.write(answer('200 OK', '<html>', 'Content-Type: text/html\r\n')), 'unknown: 200'],
  ['204', (s) => s.write('HTTP/1.1 204 No Content\r\n\r\n'), 'unknown: 204'],
  ['a redirect', (s) => s.write(answer('302 Found', '', 'Location: http://x/\r\n')), 'unknown: 302'],
  ['400', (s) => s.write(error('400 Bad Request', 'E_INVALIDARG')), 'refused: 400'],
  ['401', (s) => s.write(answer('401 Unauthorized')), 'refused: 401'],
  ['403', (s) => s.write(error('403 Access Denied', 'E_ACCESSDENIED')), 'refused: 403'],
  ['404', (s) => s.write(error('404 x', 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND')), 'refused: 404'],
  ['408', (s) => s.write(answer('408 Request Timeout')), 'unknown: 408'],
  ['409', (s) => s.write(error('409 x', 'FABRIC_E_APPLICATION_UPGRADE_IN_PROGRESS')), 'unknown: 409'],
  ['413', (s) => s.write(answer('413 x')), 'refused: 413'],
  ['429', (s) => s.write(answer('429 x')), 'unknown: 429'],
  ['500', (s) => s.write(error('500 x', 'E_FAIL')), 'unknown: 500'],
  [
    '500 of the image builder',
    (s) => s.write(error('500 x', 'FABRIC_E_IMAGEBUILDER_TIMEOUT')),
    'refused: 500',
  ],
  ['500 of the parser', (s) => s.write(error('500 x', 'SerializationError')), 'refused: 500'],
  ['501', (s) => s.write(error('501 Not Implemented', 'E_NOTIMPL')), 'refused: 501'],
  ['502', (s) => s.write(error('502 x', 'FABRIC_E_GATEWAY_NOT_REACHABLE')), 'unknown: 502'],
  ['503', (s) => s.write(error('503 x', 'E_ABORT')), 'unknown: 503'],
  ['504', (s) => s.write(error('504 x', 'FABRIC_E_TIMEOUT')), 'unknown: 504'],
  ['a reset', (s) => s.resetAndDestroy(), 'unknown: reset'],
  ['the end', (s) => s.end(), 'unknown: reset'],
  ['half a head', (s) => s.end('HTTP/1.1 202 Acc'), 'unknown: reset'],
  ['half a body', (s) => s.end('HTTP/1.1 400 x\r\nContent-Length: 9\r\n\r\n{'), 'unknown: reset'],
  ['no HTTP', (s) => s.end('SSH-2.0-x\r\n'), 'unknown: not-http'],
  ['a flood', (s) => s.write(answer('202 x', ' '.repeat(2 ** 21))), 'unknown: too-large'],
  [
    'another protocol',
    (s) => s.write('HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    'unknown: 101',
  ],
];

describe('after the request, the server sends', () => {
  it.each(afterSending)('%s', async (_, respond, expected) => {
    const server = await startRaw(respond);
    const { writer } = createWriter(`http://127.0.0.1:${server.port}`);
    expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe(expected);
    // A denied request is followed by a read that helps to explain it.
    expect(server.requests.filter((request) => !request.startsWith('GET /$/GetAadMetadata'))).toHaveLength(1);
    expect(JSON.parse(server.requests[0]?.split('\r\n\r\n')[1] ?? '')).toEqual(upgradeBody);
  });

  it('409, which refuses a rollback', async () => {
    const server = await startRaw((s) =>
      s.write(error('409 x', 'FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION')),
    );
    const { writer } = createWriter(`http://127.0.0.1:${server.port}`);
    expect(describeResult(await writer.rollBack('web', never))).toBe('refused: 409');
  });

  it('nothing until the time is up, or until Ctrl-C', async () => {
    const time = createTestTime();
    const silent = await startRaw(() => time.pass(65_000));
    const { writer } = createWriter(`http://127.0.0.1:${silent.port}`, {}, time);
    expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe('unknown: timeout');
    const interrupt = new AbortController();
    const stopped = await startRaw(() => interrupt.abort('SIGINT'));
    const other = createWriter(`http://127.0.0.1:${stopped.port}`).writer;
    expect((await other.startUpgrade(upgrade, interrupt.signal)).kind).toBe('unknown');
    expect([silent.requests.length, stopped.requests.length]).toEqual([1, 1]);
  });
});

describe('nothing was sent if', () => {
  it('the connection was refused', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { writer } = createWriter(`http://127.0.0.1:${port}`);
    expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe('not-sent: refused');
  });

  it.each<[string, (socket: net.Socket) => void, string]>([
    ['was reset', (s) => s.once('data', () => s.resetAndDestroy()), 'not-sent: reset'],
    ['ended', (s) => s.once('data', () => s.end()), 'not-sent: reset'],
    ['met no TLS', (s) => s.once('data', () => s.end(answer('400 Bad Request'))), 'not-sent: not-tls'],
  ])('the handshake %s', async (_, onConnect, expected) => {
    const server = await startRaw(() => {}, onConnect);
    const { writer } = createWriter(`https://127.0.0.1:${server.port}`);
    expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe(expected);
    expect(server.connections()).toBe(1);
  });

  it('the handshake took too long', async () => {
    const time = createTestTime();
    const server = await startRaw(
      () => {},
      (s) => s.once('data', () => time.pass(65_000)),
    );
    const { writer } = createWriter(`https://127.0.0.1:${server.port}`, {}, time);
    expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe('not-sent: timeout');
  });

  it('the server is not trusted; a trusted one is sent the request once', async () => {
    const requests: string[] = [];
    const server = tls.createServer(createAuthority('Test').itself, (socket) => {
      socket.on('error', () => {});
      collectRequest(socket, (request) => {
        requests.push(request);
        socket.write(answer('202 Accepted'));
      });
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { writer } = createWriter(url, { trust: { by: 'system' } } as Partial<Connection>);
    expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe('not-sent: server-certificate');
    expect(requests).toHaveLength(0);
    const trusting = createWriter(url).writer;
    expect(describeResult(await trusting.startUpgrade(upgrade, never))).toBe('accepted');
    expect(requests).toHaveLength(1);
  });

  it('the proxy rejected it', async () => {
    const { port } = await startForwardProxy({ to: 'http://127.0.0.1:1', refusal: '503 Full' });
    const proxy = createProxy(port);
    const { writer } = createWriter('https://cluster.test', { proxy });
    expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe('not-sent: proxy-rejection');
    const server = await startRaw((s) => s.write(answer('407 Login')));
    const forwarded = createWriter('http://cluster.test', { proxy: createProxy(server.port) }).writer;
    expect(describeResult(await forwarded.startUpgrade(upgrade, never))).toBe('not-sent: proxy-rejection');
    expect(server.requests[0]).toMatch(/^POST http:\/\/cluster\.test:19080\/ComposeDeployments\/web\//);
  });

  it('Ctrl-C came first, or no token was available', async () => {
    const server = await startRaw(() => {});
    const { writer } = createWriter(`http://127.0.0.1:${server.port}`);
    const interrupted = writer.startUpgrade(upgrade, AbortSignal.abort('SIGINT'));
    await expect(interrupted).rejects.toBeInstanceOf(ExpectedError);
    const get = () => Promise.reject(new ExpectedError({ outcome: 'usage', code: 'X', what: 'az failed.' }));
    const token = { from: 'a test', get, renew: get };
    const other = createWriter(`http://127.0.0.1:${server.port}`, { token }).writer;
    expect(describeResult(await other.startUpgrade(upgrade, never))).toBe('not-sent: token');
    expect(server.connections()).toBe(0);
  });
});

function createProxy(port: number): NonNullable<Connection['proxy']> {
  return {
    origin: `http://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    isTls: false,
    authorization: undefined,
    passwords: [],
    from: 'a test',
  };
}

it('a 502 of a forward proxy leaves open whether the cluster has the request', async () => {
  const server = await startRaw((s) => s.write(answer('502 Bad Gateway', 'no route')));
  const { writer } = createWriter('http://cluster.test', { proxy: createProxy(server.port) });
  expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe('unknown: 502');
  expect(server.requests).toHaveLength(1);
});

it('passwords and tokens that the server repeats are redacted', async () => {
  const json = JSON.stringify(password).slice(1, -1);
  const token = parseToken('abcdefghijklmnop', 'a test');
  if (token === undefined) throw new Error('no token');
  const base64 = Buffer.from(password).toString('base64');
  const server = await startRaw((s) =>
    s.write(
      answer(
        `400 ${password} abcdefghijklmnop`,
        JSON.stringify({
          Error: { Code: 'E_INVALIDARG', Message: `${password} ${base64} abcdefghijklmnop` },
        }),
        `Location: /?p=${encodeURIComponent(password)}\r\n`,
      ),
    ),
  );
  const source = { from: 'a test', get: async () => token, renew: async () => undefined };
  const { writer, lines } = createWriter(`http://127.0.0.1:${server.port}`, { token: source });
  const result = await writer.startUpgrade(upgrade, never);
  expect(describeResult(result)).toBe('refused: 400');
  expect(server.requests[0]).toContain(json);
  const shown = lines.join('\n') + JSON.stringify(result.kind === 'accepted' ? '' : result.error.fault);
  expect(shown).toContain('***');
  for (const secret of [
    password,
    json,
    encodeURIComponent(password),
    base64.slice(0, -2),
    'abcdefghijklmnop',
  ])
    expect(shown).not.toContain(secret);
});

it('uses the API version that the reads found out', async () => {
  const server = await startRaw((s, request) => {
    const isRefused = request.startsWith('GET') && request.includes('-preview');
    const document = '{"DeploymentName":"web","ComposeDeploymentStatus":"Ready"}';
    if (request.startsWith('POST')) s.write(answer('202 Accepted'));
    else s.write(isRefused ? error('400 Bad Request', 'E_INVALIDARG') : answer('200 OK', document));
  });
  const { writer, gateway } = createWriter(`http://127.0.0.1:${server.port}`);
  await gateway.readStatus('web', never);
  expect(describeResult(await writer.startUpgrade(upgrade, never))).toBe('accepted');
  expect(server.requests.at(-1)).toMatch(/^POST \S+\/Upgrade\?api-version=6\.0&timeout=60 /);
});
