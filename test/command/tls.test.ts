/** Real TLS: servers on loopback, with certificates that are made for the run. */
import { constants, X509Certificate } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import {
  createSecureContext,
  createServer as createTlsServer,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatPathArgument } from '../../src/platform/format.ts';
import { type Authority, createAuthority, createKey, createPkcs12 } from '../support/authority.ts';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder, resolveInFolder } from '../support/folder.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { runProgram } from '../support/program.ts';
import { type RunOptions, run } from '../support/run.ts';
import { answer, answerWith, type Script, startTlsGateway } from '../support/scripted-gateway.ts';

const trusted = createAuthority('Trusted test authority');
const stranger = createAuthority('Authority that nobody knows');
const issueServer = (authority: Authority, expired = false, address = '127.0.0.1') =>
  authority.issue({ address, expired });
const server = issueServer(trusted);

const clientKey = createKey('rsa');
const issueClient = (authority: Authority) => authority.issueClient({ name: 'operator', key: clientKey });
const client = issueClient(trusted);
const files = createFiles();

const getThumbprint = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '');
const answerGood = answerWith(runningUpgrade);

/** Files for the options of the client, by name. */
function createFiles() {
  return {
    'ca.pem': trusted.pem,
    'client.pem': client + clientKey,
    'cert.pem': client,
    'key.pem': clientKey,
    'foreign.pem': issueClient(stranger) + clientKey,
    'server-only.pem':
      trusted.issueClient({ name: 'operator', key: clientKey, purposes: ['serverAuth'] }) + clientKey,
    'client.pfx': createPkcs12({ certificates: [client], key: clientKey }, 'open sesame', '3des'),
    'modern.pfx': createPkcs12({ certificates: [client], key: clientKey }, 'open sesame', 'aes256'),
    passphrase: 'open sesame\n',
  };
}

interface Reading {
  readonly tls: TlsOptions;
  readonly script?: Script;
  readonly options?: RunOptions;
}

/** Reads once. Arguments may be names of {@link files}. */
async function read({ tls, script = answerGood, options = {} }: Reading, ...argv: string[]) {
  const gateway = await startTlsGateway(tls, script);
  const folder = createFolder(files);
  const words = resolveInFolder(folder, files, argv);
  const command = ['upgrade-progress', 'web', '-e', gateway.url, '--retries', '0', ...words];
  return { ...(await run(command, options)), gateway };
}

interface BadCertificate {
  readonly name: string;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly reason: string;
  readonly texts: readonly string[];
}

describe("the server's certificate", () => {
  it('is accepted from an authority in --ca-file', async () => {
    const { exitCode, stdout } = await read({ tls: server }, '--ca-file', 'ca.pem', '-o', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
  });

  it('is accepted from an authority that the system trusts', async () => {
    const gateway = await startTlsGateway(server, answerGood);
    const folder = createFolder(files);
    const trusting = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-o', 'json'];
    expect(JSON.parse((await runProgram(argv, trusting)).stdout)).toEqual(runningUpgrade);
  });

  it.each<BadCertificate>([
    {
      name: 'self-signed',
      tls: stranger.itself,
      reason: 'The certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT).',
      texts: [],
    },
    {
      name: 'from an unknown issuer',
      tls: issueServer(stranger),
      reason: 'The issuer of the certificate is not known on this machine',
      texts: ['--ca-file'],
    },
    {
      name: 'expired',
      tls: issueServer(trusted, true),
      reason: 'The certificate expired at 2001-01-01T00:00:00Z (CERT_HAS_EXPIRED).',
      texts: ['renew the certificate'],
    },
    {
      name: 'for another host',
      tls: issueServer(trusted, false, '127.0.0.2'),
      reason: 'The certificate is for a different host name',
      texts: ['Use a host name from the certificate in the endpoint.'],
    },
  ])(
    'is rejected, printed and explained before any request if it is $name',
    async ({ tls, reason, texts }) => {
      const { exitCode, stdout, stderr, gateway } = await read({ tls }, '--ca-file', 'ca.pem');
      const { subject, issuer } = new X509Certificate(tls.cert);
      const text = unfoldTable(stderr);
      for (const part of [subject, `issued by ${issuer}`, 'valid from 20', reason, ...texts])
        expect(text).toContain(part);
      expect(text).toContain(`--server-thumbprint ${getThumbprint(tls.cert)}`);
      expect(stdout).toBe('');
      expect(exitCode).toBe(7);
      expect(gateway.requests).toEqual([]);
    },
  );

  it('is an error document in JSON when it is rejected', async () => {
    const { stdout } = await read({ tls: stranger.itself }, '-o', 'json');
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_CERTIFICATE');
  });

  const pinned = issueServer(stranger, true, '127.0.0.2');
  const { fingerprint, fingerprint256 } = new X509Certificate(pinned.cert);

  it.each([
    fingerprint,
    fingerprint.replaceAll(':', '').toLowerCase(),
    fingerprint256,
    fingerprint256.replaceAll(':', ''),
    `\u200e${fingerprint.replaceAll(':', ' ')}`,
  ])('is accepted by its thumbprint %s, whatever else is wrong with it', async (thumbprint) => {
    const { exitCode, stderr } = await read({ tls: pinned }, '--server-thumbprint', thumbprint);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('is refused with another thumbprint before any request, even if everything else is right', async () => {
    const { exitCode, stderr, gateway } = await read({
      tls: server,
      options: { env: { SFCOMPOSE_SERVER_THUMBPRINT: fingerprint, SFCOMPOSE_TOKEN: 'SECRET' } },
    });
    expect(exitCode).toBe(7);
    expect(unfoldTable(stderr)).toContain('The thumbprint differs from --server-thumbprint');
    expect(unfoldTable(stderr)).toContain(getThumbprint(server.cert));
    expect(gateway.requests).toEqual([]);
  });

  it('is not checked with --insecure, which prints a warning unless --quiet is set', async () => {
    const warned = await read({ tls: pinned }, '--insecure');
    expect(warned.exitCode).toBe(0);
    expect(warned.stderr).toContain("warning: the server's certificate is not checked (--insecure)");
    const quiet = await read({ tls: pinned }, '--insecure', '--quiet');
    expect(quiet.exitCode).toBe(0);
    expect(quiet.stderr).toBe('');
  });

  it('is not checked if sfctl does not check it, which prints a warning as well', async () => {
    const { url } = await startTlsGateway(pinned, answerGood);
    const home = createFolder({
      '.sfctl/config': `[servicefabric]\nendpoint = ${url}\nsecurity = none\nno_verify = true\n`,
    });
    const { exitCode, stderr } = await run(['upgrade-progress', 'web'], { home });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`is not checked (no_verify in ${join(home, '.sfctl', 'config')})`);
  });

  it('is checked by a flag rather than by a variable', async () => {
    const env = { SFCOMPOSE_SERVER_THUMBPRINT: fingerprint };
    const { exitCode } = await read({ tls: server, options: { env } }, '--ca-file', 'ca.pem');
    expect(exitCode).toBe(0);
  });
});

/** A server that asks for the certificate as http.sys does: by renegotiation, after the request. */
const lateServer: TlsOptions = {
  ...server,
  maxVersion: 'TLSv1.2',
  secureOptions: constants.SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION,
};
const renegotiate: Script = (response, request) => {
  const socket = request.socket as TLSSocket;
  socket.renegotiate({ requestCert: true, rejectUnauthorized: false }, () => {
    const { subject } = socket.getPeerCertificate();
    const script = subject?.CN === 'operator' ? answerGood : answer('', 403, 'Client certificate required');
    script(response, request);
  });
};
const createStrictServer = (version: 'TLSv1.2' | 'TLSv1.3'): TlsOptions => ({
  ...server,
  ca: trusted.pem,
  requestCert: true,
  rejectUnauthorized: true,
  minVersion: version,
  maxVersion: version,
});

interface CertificateSource {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

describe('the client certificate', () => {
  const ways: readonly CertificateSource[] = [
    { name: 'one PEM with both', argv: ['--cert-file', 'client.pem'], env: {} },
    { name: 'two PEM files', argv: ['--cert-file', 'cert.pem', '--key-file', 'key.pem'], env: {} },
    {
      name: 'PKCS#12 with old ciphers',
      argv: ['--pfx-file', 'client.pfx', '--passphrase-file', 'passphrase'],
      env: {},
    },
    {
      name: 'PKCS#12 with new ciphers',
      argv: ['--pfx-file', 'modern.pfx'],
      env: { SFCOMPOSE_PASSPHRASE: 'open sesame' },
    },
  ];

  it.each(ways)('from $name is presented in the handshake and in a renegotiation', async ({ argv, env }) => {
    for (const reading of [
      { tls: createStrictServer('TLSv1.2') },
      { tls: lateServer, script: renegotiate },
    ]) {
      const { exitCode, stderr } = await read(
        { ...reading, options: { env } },
        '--ca-file',
        'ca.pem',
        ...argv,
      );
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
    }
  });

  it('from the environment is replaced as a whole by one from flags', async () => {
    const folder = createFolder(files);
    const env = {
      SFCOMPOSE_CA_FILE: join(folder, 'ca.pem'),
      SFCOMPOSE_CERT_FILE: join(folder, 'cert.pem'),
      SFCOMPOSE_KEY_FILE: join(folder, 'key.pem'),
    };
    const tls = createStrictServer('TLSv1.2');
    expect((await read({ tls, options: { env } })).exitCode).toBe(0);
    const missingKey = { ...env, SFCOMPOSE_KEY_FILE: 'gone.pem' };
    expect((await read({ tls, options: { env: missingKey } })).stderr).toContain(
      'SFCOMPOSE_KEY_FILE "gone.pem" cannot be',
    );
    expect((await read({ tls, options: { env: missingKey } }, '--cert-file', 'client.pem')).exitCode).toBe(0);
  });

  it.each([
    ['pem', 'pem_path = client.pem'],
    ['cert', 'cert_path = cert.pem\nkey_path = key.pem'],
  ])("comes from sfctl's settings with the security %s", async (security, paths) => {
    const { url } = await startTlsGateway(createStrictServer('TLSv1.2'), answerGood);
    const folder = createFolder(files);
    const absolute = paths.replace(/\S+\.pem/g, (name) => join(folder, name));
    const settings = `endpoint = ${url}\nsecurity = ${security}\n${absolute}\nuse_ca = true\nca_path = ${join(folder, 'ca.pem')}\n`;
    const home = createFolder({ '.sfctl/config': `[servicefabric]\n${settings}` });
    const { exitCode, stderr } = await run(['upgrade-progress', 'web'], { home });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is explained when it is missing over %s, with the server to check',
    async (version) => {
      const { exitCode, stderr } = await read({ tls: createStrictServer(version) }, '--ca-file', 'ca.pem');
      const text = unfoldTable(stderr);
      expect(text).toContain('because no client certificate was sent');
      expect(text).toContain('--cert-file');
      expect(text).toContain(getThumbprint(server.cert));
      expect(exitCode).toBe(7);
    },
  );

  it('is named when the server disconnects after it was presented', async () => {
    const argv = ['--ca-file', 'ca.pem', '--cert-file', 'foreign.pem'];
    const { exitCode, stderr } = await read({ tls: createStrictServer('TLSv1.2') }, ...argv);
    expect(unfoldTable(stderr)).toContain('the cluster rejects the client certificate CN=operator');
    expect(exitCode).toBe(6);
  });

  it('is named when the cluster rejects it after a renegotiation', async () => {
    const script: Script = answer('', 403, 'Client certificate required');
    const argv = ['--ca-file', 'ca.pem', '--cert-file', 'client.pem'];
    const { exitCode, stderr } = await read({ tls: lateServer, script }, ...argv);
    expect(unfoldTable(stderr)).toContain(
      `The cluster may not accept the client certificate CN=operator, thumbprint ${getThumbprint(client)}`,
    );
    expect(unfoldTable(stderr)).not.toContain('No client certificate');
    expect(exitCode).toBe(7);
  });

  it('may be rejected for its purpose', async () => {
    const purpose =
      'The extended key usage of the client certificate lacks client authentication (1.3.6.1.5.5.7.3.2). Gateways may reject such a certificate.';
    const script: Script = answer('', 403, 'Client certificate required');
    const explain = async (tls: TlsOptions, file: string, ...argv: string[]) =>
      unfoldTable((await read({ tls, script }, '--insecure', '--cert-file', file, ...argv)).stderr);
    expect(await explain(lateServer, 'server-only.pem')).toContain(purpose);
    expect(await explain(lateServer, 'server-only.pem', '-o', 'plain')).toContain(purpose);
    expect(await explain(createStrictServer('TLSv1.2'), 'server-only.pem')).toContain(purpose);
    expect(await explain(lateServer, 'client.pem')).not.toContain('extended key usage');
    const alert = await startAlertServer(43);
    const path = join(createFolder(files), 'server-only.pem');
    const { stderr } = await run(['status', 'web', '-e', alert, '--cert-file', path, '-o', 'plain']);
    expect(stderr).toContain(purpose);
  });

  it('is explained not to work with a server that speaks only TLS 1.3', async () => {
    const tls = { ...server, minVersion: 'TLSv1.3' } as const;
    const { exitCode, stderr } = await read({ tls }, '--ca-file', 'ca.pem', '--cert-file', 'client.pem');
    expect(unfoldTable(stderr)).toContain('sfcompose uses only 1.2 with a client certificate');
    expect(exitCode).toBe(6);
    expect((await read({ tls }, '--ca-file', 'ca.pem')).exitCode).toBe(0);
  });

  it('is not sent to a server that changes its certificate in a renegotiation', async () => {
    const other = createSecureContext(issueServer(stranger));
    const requests: unknown[] = [];
    const swapCertificate: Script = (_, request) => {
      requests.push(request);
      const socket = request.socket as TLSSocket;
      socket.setKeyCert(other);
      socket.renegotiate({}, () => {});
    };
    const argv = ['--server-thumbprint', getThumbprint(server.cert), '--retries', '2'];
    const { exitCode, stderr } = await read({ tls: lateServer, script: swapCertificate }, ...argv);
    expect(unfoldTable(stderr)).toContain('The thumbprint differs from --server-thumbprint');
    expect(requests).toHaveLength(1);
    expect(exitCode).toBe(7);
  });
});

describe('the options of TLS', () => {
  it.each<[readonly string[], string]>([
    [
      ['-e', 'http://c.example', '--cert-file', 'x'],
      '--cert-file requires https://, but the endpoint is http://c.example:19080 (--endpoint)',
    ],
    [['-e', 'http://c.example', '--insecure'], '--insecure requires https://'],
    [['--insecure', '--ca-file', 'x'], '--ca-file and --insecure cannot be combined'],
    [
      ['--insecure', '--server-thumbprint', 'a'.repeat(40)],
      '--server-thumbprint and --insecure cannot be combined',
    ],
    [['--server-thumbprint', 'abc'], 'Invalid --server-thumbprint "abc": use a SHA-1 or SHA-256'],
    [
      ['--cert-file', clientKey],
      '--cert-file (which seems to be the content of a file, not its path) cannot be read',
    ],
    [
      ['--pfx-file', files['client.pfx'].toString('base64').slice(0, 200)],
      '--pfx-file (which seems to be the content of a file, not its path) cannot be read',
    ],
    [
      ['--key-file', Buffer.from(clientKey).toString('base64').slice(0, 200), '--cert-file', 'cert.pem'],
      '--key-file (which seems to be the content of a file, not its path) cannot be read',
    ],
    [['--key-file', 'x'], '--key-file requires --cert-file'],
    [['--pfx-file', 'x', '--cert-file', 'y'], '--cert-file and --pfx-file cannot be combined'],
    [['--passphrase-file', 'client.pem'], '--passphrase-file requires --pfx-file or --cert-file'],
    [['--ca-file', ''], 'Invalid --ca-file ""'],
    [['--cert-file', 'gone.pem'], '--cert-file "gone.pem" cannot be read: no such file'],
    [['--pfx-file', 'client.pfx'], 'is encrypted. Set the passphrase'],
  ])('are refused in one line before any request: %j', async (argv, said) => {
    const folder = createFolder(files);
    const words = resolveInFolder(folder, files, argv);
    const endpoint = argv.includes('-e') ? [] : ['-e', 'https://c.example'];
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', ...endpoint, ...words]);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('from the environment are ignored for http://', async () => {
    const env = { SFCOMPOSE_CERT_FILE: 'gone.pem', SFCOMPOSE_SERVER_THUMBPRINT: 'a'.repeat(40) };
    const { exitCode } = await run(['upgrade-progress', 'web', '-e', 'http://127.0.0.1:1'], { env });
    expect(exitCode).toBe(6);
  });

  it('are part of the command that continues a watch', async () => {
    const gateway = await startTlsGateway(server, ...Array.from({ length: 9 }, () => answerGood));
    const folder = createFolder(files);
    const ca = join(folder, 'ca.pem');
    const argv = [
      'upgrade-progress',
      'web',
      '-e',
      gateway.url,
      '--ca-file',
      ca,
      '--watch',
      '--max-wait',
      '20s',
    ];
    const { exitCode, stderr } = await run(argv);
    expect(exitCode).toBe(124);
    expect(stderr).toContain(
      `Keep watching\n    sfcompose upgrade-progress web --watch -e ${gateway.url} --ca-file ${formatPathArgument(ca, ['posix'])}\n`,
    );
  });
});

/** Starts a server that answers with this alert. @param alert its number in RFC 8446 */
async function startAlertServer(alert: number): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface AlertCase {
  readonly name: string;
  readonly alert: number;
  /** Text of the error without a client certificate. */
  readonly without: string;
  readonly withCertificate: string;
  readonly exitCode: number;
}

describe('a TLS alert', () => {
  it.each<AlertCase>([
    {
      name: 'handshake failure',
      alert: 40,
      without: 'no TLS version or cipher in common',
      withCertificate: 'no TLS version or cipher in common',
      exitCode: 6,
    },
    {
      name: 'bad certificate',
      alert: 42,
      without: 'Client certificate required',
      withCertificate: 'the cluster does not accept the certificate',
      exitCode: 7,
    },
    {
      name: 'certificate expired',
      alert: 45,
      without: 'Client certificate required',
      withCertificate: 'The cluster reports that the certificate has expired',
      exitCode: 7,
    },
    {
      name: 'certificate unknown',
      alert: 46,
      without: 'Client certificate required',
      withCertificate: 'the cluster does not accept the certificate',
      exitCode: 7,
    },
    {
      name: 'unknown authority',
      alert: 48,
      without: 'Client certificate required',
      withCertificate: 'The cluster does not trust the issuer of the certificate',
      exitCode: 7,
    },
    {
      name: 'access denied',
      alert: 49,
      without: 'Client certificate required',
      withCertificate: 'the cluster does not accept the certificate',
      exitCode: 7,
    },
    {
      name: 'protocol version',
      alert: 70,
      without: 'sfcompose uses 1.2 and 1.3',
      withCertificate: 'sfcompose uses only 1.2',
      exitCode: 6,
    },
    {
      name: 'unrecognized name',
      alert: 112,
      without: 'The server does not recognize the host name',
      withCertificate: 'The server does not recognize the host name',
      exitCode: 6,
    },
    {
      name: 'internal error',
      alert: 80,
      without: 'The server, or a device in between, ended the handshake',
      withCertificate: 'The server, or a device in between, ended the handshake',
      exitCode: 6,
    },
  ])('is explained: $name', async ({ alert, without, withCertificate, exitCode }) => {
    const url = await startAlertServer(alert);
    const folder = createFolder(files);
    const argv = ['upgrade-progress', 'web', '-e', url, '--retries', '0'];
    const bare = await run(argv);
    expect(unfoldTable(bare.stderr)).toContain(without);
    expect(bare.exitCode).toBe(exitCode);
    const presented = await run([...argv, '--cert-file', join(folder, 'client.pem')]);
    expect(unfoldTable(presented.stderr)).toContain(withCertificate);
    if (exitCode === 7)
      expect(unfoldTable(presented.stderr)).toContain(`CN=operator, thumbprint ${getThumbprint(client)}`);
    expect(presented.exitCode).toBe(exitCode);
  });
});

it('the connection to a server is closed when its certificate is refused', async () => {
  const refusedServer = createTlsServer(stranger.itself);
  const closed = new Promise<void>((resolve) => {
    refusedServer.on('connection', (socket) => socket.on('close', () => resolve()));
  });
  await new Promise<void>((resolve) => refusedServer.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void refusedServer.close());
  const { port } = refusedServer.address() as AddressInfo;
  expect((await run(['upgrade-progress', 'web', '-e', `https://127.0.0.1:${port}`])).exitCode).toBe(7);
  await closed;
});

it('the connection to a server is closed when Ctrl-C interrupts the handshake', async () => {
  const interrupt = new AbortController();
  const silent = createServer(() => interrupt.abort('SIGINT'));
  const closed = new Promise<void>((resolve) => {
    silent.on('connection', (socket) => socket.on('close', () => resolve()).resume());
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const argv = ['upgrade-progress', 'web', '-e', `https://127.0.0.1:${port}`];
  expect((await run(argv, { interrupt: interrupt.signal })).exitCode).toBe(130);
  await closed;
});
