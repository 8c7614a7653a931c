/** TLS, met for real: servers on loopback with a PKI that is made for the run. */
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
const serverFrom = (authority: Authority, expired = false, address = '127.0.0.1') =>
  authority.issue({ address, expired });
const server = serverFrom(trusted);

const clientKey = createKey('rsa');
const clientFrom = (authority: Authority) => authority.issueClient({ name: 'operator', key: clientKey });
const client = clientFrom(trusted);
const files = folderOnce();

const thumbprintOf = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '');
const good = answerWith(runningUpgrade);

/** What the tests give to the client, by the name of the option that takes it. */
function folderOnce() {
  return {
    'ca.pem': trusted.pem,
    'client.pem': client + clientKey,
    'cert.pem': client,
    'key.pem': clientKey,
    'foreign.pem': clientFrom(stranger) + clientKey,
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

/** Reads once; file names in the arguments are those of {@link files}. */
async function read({ tls, script = good, options = {} }: Reading, ...argv: string[]) {
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
  it('is accepted from an authority that is given', async () => {
    const { exitCode, stdout } = await read({ tls: server }, '--ca-file', 'ca.pem', '-o', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
  });

  it('is accepted from an authority that the system trusts', async () => {
    const gateway = await startTlsGateway(server, good);
    const folder = createFolder(files);
    const trusting = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-o', 'json'];
    expect(JSON.parse((await runProgram(argv, trusting)).stdout)).toEqual(runningUpgrade);
  });

  it.each<BadCertificate>([
    {
      name: 'self-signed',
      tls: stranger.itself,
      reason: 'It is self-signed. (DEPTH_ZERO_SELF_SIGNED_CERT)',
      texts: [],
    },
    {
      name: 'from an unknown issuer',
      tls: serverFrom(stranger),
      reason: 'Its issuer is not known here.',
      texts: ['--ca-file'],
    },
    {
      name: 'expired',
      tls: serverFrom(trusted, true),
      reason: 'It has expired. (CERT_HAS_EXPIRED)',
      texts: ['renewed'],
    },
    {
      name: 'for another host',
      tls: serverFrom(trusted, false, '127.0.0.2'),
      reason: 'It is for another host name.',
      texts: ['-e'],
    },
  ])(
    'that is $name is refused, shown and explained before anything is sent',
    async ({ tls, reason, texts }) => {
      const { exitCode, stdout, stderr, gateway } = await read({ tls }, '--ca-file', 'ca.pem');
      const { subject, issuer } = new X509Certificate(tls.cert);
      const said = unfoldTable(stderr);
      for (const text of [subject, `issued by ${issuer}`, 'valid from 20', reason, ...texts])
        expect(said).toContain(text);
      expect(said).toContain(`--server-thumbprint ${thumbprintOf(tls.cert)}`);
      expect(stdout).toBe('');
      expect(exitCode).toBe(7);
      expect(gateway.requests).toEqual([]);
    },
  );

  it('that is refused is an error document for scripts', async () => {
    const { stdout } = await read({ tls: stranger.itself }, '-o', 'json');
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_CERTIFICATE');
  });

  const pinned = serverFrom(stranger, true, '127.0.0.2');
  const { fingerprint, fingerprint256 } = new X509Certificate(pinned.cert);

  it.each([
    fingerprint,
    fingerprint.replaceAll(':', '').toLowerCase(),
    fingerprint256,
    fingerprint256.replaceAll(':', ''),
    `\u200e${fingerprint.replaceAll(':', ' ')}`,
  ])('with the thumbprint %s is accepted, whatever else is wrong with it', async (thumbprint) => {
    const { exitCode, stderr } = await read({ tls: pinned }, '--server-thumbprint', thumbprint);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('with another thumbprint is refused although all else is right, before anything is sent', async () => {
    const { exitCode, stderr, gateway } = await read({
      tls: server,
      options: { env: { SFCOMPOSE_SERVER_THUMBPRINT: fingerprint, SFCOMPOSE_TOKEN: 'SECRET' } },
    });
    expect(exitCode).toBe(7);
    expect(unfoldTable(stderr)).toContain('It is not the one whose thumbprint was given');
    expect(unfoldTable(stderr)).toContain(thumbprintOf(server.cert));
    expect(gateway.requests).toEqual([]);
  });

  it('is not checked with --insecure, which warns each time unless it is to be quiet', async () => {
    const warned = await read({ tls: pinned }, '--insecure');
    expect(warned.exitCode).toBe(0);
    expect(warned.stderr).toContain("warning: the server's certificate is not checked (--insecure)");
    const quiet = await read({ tls: pinned }, '--insecure', '--quiet');
    expect(quiet.exitCode).toBe(0);
    expect(quiet.stderr).toBe('');
  });

  it('is not checked where sfctl does not, which warns as well', async () => {
    const { url } = await startTlsGateway(pinned, good);
    const home = createFolder({
      '.sfctl/config': `[servicefabric]\nendpoint = ${url}\nsecurity = none\nno_verify = true\n`,
    });
    const { exitCode, stderr } = await run(['upgrade-progress', 'web'], { home });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`is not checked (no_verify in ${join(home, '.sfctl', 'config')})`);
  });

  it('is known by a flag before it is known by a variable', async () => {
    const env = { SFCOMPOSE_SERVER_THUMBPRINT: fingerprint };
    const { exitCode } = await read({ tls: server, options: { env } }, '--ca-file', 'ca.pem');
    expect(exitCode).toBe(0);
  });
});

/** Asks as http.sys does: by a second handshake, once it has the request. */
const askedLate: TlsOptions = {
  ...server,
  maxVersion: 'TLSv1.2',
  secureOptions: constants.SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION,
};
const askingLate: Script = (response, request) => {
  const socket = request.socket as TLSSocket;
  socket.renegotiate({ requestCert: true, rejectUnauthorized: false }, () => {
    const { subject } = socket.getPeerCertificate();
    const script = subject?.CN === 'operator' ? good : answer('', 403, 'Client certificate required');
    script(response, request);
  });
};
const atOnce = (version: 'TLSv1.2' | 'TLSv1.3'): TlsOptions => ({
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

  it.each(ways)(
    'from $name is presented in the handshake, and when it is asked for late',
    async ({ argv, env }) => {
      for (const reading of [{ tls: atOnce('TLSv1.2') }, { tls: askedLate, script: askingLate }]) {
        const { exitCode, stderr } = await read(
          { ...reading, options: { env } },
          '--ca-file',
          'ca.pem',
          ...argv,
        );
        expect(stderr).toBe('');
        expect(exitCode).toBe(0);
      }
    },
  );

  it('comes from the environment, and gives way as a whole to one that is given by flag', async () => {
    const folder = createFolder(files);
    const env = {
      SFCOMPOSE_CA_FILE: join(folder, 'ca.pem'),
      SFCOMPOSE_CERT_FILE: join(folder, 'cert.pem'),
      SFCOMPOSE_KEY_FILE: join(folder, 'key.pem'),
    };
    const tls = atOnce('TLSv1.2');
    expect((await read({ tls, options: { env } })).exitCode).toBe(0);
    const gone = { ...env, SFCOMPOSE_KEY_FILE: 'gone.pem' };
    expect((await read({ tls, options: { env: gone } })).stderr).toContain(
      'SFCOMPOSE_KEY_FILE "gone.pem" cannot be',
    );
    expect((await read({ tls, options: { env: gone } }, '--cert-file', 'client.pem')).exitCode).toBe(0);
  });

  it.each([
    ['pem', 'pem_path = client.pem'],
    ['cert', 'cert_path = cert.pem\nkey_path = key.pem'],
  ])("comes from sfctl's settings with security %s", async (security, paths) => {
    const { url } = await startTlsGateway(atOnce('TLSv1.2'), good);
    const folder = createFolder(files);
    const absolute = paths.replace(/\S+\.pem/g, (name) => join(folder, name));
    const settings = `endpoint = ${url}\nsecurity = ${security}\n${absolute}\nuse_ca = true\nca_path = ${join(folder, 'ca.pem')}\n`;
    const home = createFolder({ '.sfctl/config': `[servicefabric]\n${settings}` });
    const { exitCode, stderr } = await run(['upgrade-progress', 'web'], { home });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'that is wanted over %s and not there is said, with the server to check',
    async (version) => {
      const { exitCode, stderr } = await read({ tls: atOnce(version) }, '--ca-file', 'ca.pem');
      const said = unfoldTable(stderr);
      expect(said).toContain('for want of a client certificate');
      expect(said).toContain('--cert-file');
      expect(said).toContain(thumbprintOf(server.cert));
      expect(exitCode).toBe(7);
    },
  );

  it('is named when the server goes away after it was shown', async () => {
    const argv = ['--ca-file', 'ca.pem', '--cert-file', 'foreign.pem'];
    const { exitCode, stderr } = await read({ tls: atOnce('TLSv1.2') }, ...argv);
    expect(unfoldTable(stderr)).toContain('or it does not accept the client certificate CN=operator');
    expect(exitCode).toBe(6);
  });

  it('that is unknown to a cluster which asks late leaves out the causes that are ruled out', async () => {
    const script: Script = answer('', 403, 'Client certificate required');
    const argv = ['--ca-file', 'ca.pem', '--cert-file', 'client.pem'];
    const { exitCode, stderr } = await read({ tls: askedLate, script }, ...argv);
    expect(unfoldTable(stderr)).toContain(
      `It may not know the client certificate CN=operator, thumbprint ${thumbprintOf(client)}`,
    );
    expect(unfoldTable(stderr)).not.toContain('No client certificate');
    expect(exitCode).toBe(7);
  });

  it('cannot be presented to a server that speaks only TLS 1.3, and that is said', async () => {
    const tls = { ...server, minVersion: 'TLSv1.3' } as const;
    const { exitCode, stderr } = await read({ tls }, '--ca-file', 'ca.pem', '--cert-file', 'client.pem');
    expect(unfoldTable(stderr)).toContain('with a client certificate sfcompose speaks only 1.2');
    expect(exitCode).toBe(6);
    expect((await read({ tls }, '--ca-file', 'ca.pem')).exitCode).toBe(0);
  });

  it('and all else is for the one with the thumbprint alone, should another take its place later on', async () => {
    const other = createSecureContext(serverFrom(stranger));
    const requests: unknown[] = [];
    const swapping: Script = (_, request) => {
      requests.push(request);
      const socket = request.socket as TLSSocket;
      socket.setKeyCert(other);
      socket.renegotiate({}, () => {});
    };
    const argv = ['--server-thumbprint', thumbprintOf(server.cert), '--retries', '2'];
    const { exitCode, stderr } = await read({ tls: askedLate, script: swapping }, ...argv);
    expect(unfoldTable(stderr)).toContain('It is not the one whose thumbprint was given');
    expect(requests).toHaveLength(1);
    expect(exitCode).toBe(7);
  });
});

describe('options of TLS', () => {
  it.each<[readonly string[], string]>([
    [
      ['-e', 'http://c.example', '--cert-file', 'x'],
      '--cert-file is for https://, but the endpoint is http://c.example:19080 (--endpoint)',
    ],
    [['-e', 'http://c.example', '--insecure'], '--insecure is for https://'],
    [['--insecure', '--ca-file', 'x'], '--ca-file and --insecure contradict each other'],
    [['--insecure', '--server-thumbprint', 'a'.repeat(40)], '--server-thumbprint and --insecure contradict'],
    [['--server-thumbprint', 'abc'], '--server-thumbprint is "abc", but it takes a SHA-1 or SHA-256'],
    [['--cert-file', clientKey], '--cert-file "what looks like its content" cannot be read'],
    [['--key-file', 'x'], '--key-file needs --cert-file'],
    [['--pfx-file', 'x', '--cert-file', 'y'], '--cert-file and --pfx-file contradict each other'],
    [['--passphrase-file', 'client.pem'], '--passphrase-file needs --pfx-file or --cert-file'],
    [['--ca-file', ''], '--ca-file is ""'],
    [['--cert-file', 'gone.pem'], '--cert-file "gone.pem" cannot be read: there is no such file'],
    [['--pfx-file', 'client.pfx'], 'it is locked; give the passphrase'],
  ])('%j end with 2 and one line, and nothing is sent', async (argv, said) => {
    const folder = createFolder(files);
    const words = resolveInFolder(folder, files, argv);
    const endpoint = argv.includes('-e') ? [] : ['-e', 'https://c.example'];
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', ...endpoint, ...words]);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('from the environment are not used over http://, where they are for other clusters', async () => {
    const env = { SFCOMPOSE_CERT_FILE: 'gone.pem', SFCOMPOSE_SERVER_THUMBPRINT: 'a'.repeat(40) };
    const { exitCode } = await run(['upgrade-progress', 'web', '-e', 'http://127.0.0.1:1'], { env });
    expect(exitCode).toBe(6);
  });

  it('are repeated in the command that watches on', async () => {
    const gateway = await startTlsGateway(server, ...Array.from({ length: 9 }, () => good));
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
      `Watch on: sfcompose upgrade-progress web --watch -e ${gateway.url} --ca-file ${formatPathArgument(ca)}\n`,
    );
  });
});

/** A server that answers whatever it is told with one alert, by its number in RFC 8446. */
async function alerting(alert: number): Promise<string> {
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
  /** Text without a client certificate. */
  readonly without: string;
  readonly withCertificate: string;
  readonly exitCode: number;
}

describe('what a server says by an alert', () => {
  it.each<AlertCase>([
    {
      name: 'handshake failure',
      alert: 40,
      without: 'no common protocol or cipher',
      withCertificate: 'no common protocol or cipher',
      exitCode: 6,
    },
    {
      name: 'bad certificate',
      alert: 42,
      without: 'for want of',
      withCertificate: 'it does not accept',
      exitCode: 7,
    },
    {
      name: 'certificate expired',
      alert: 45,
      without: 'for want of',
      withCertificate: 'It says that the certificate has expired.',
      exitCode: 7,
    },
    {
      name: 'certificate unknown',
      alert: 46,
      without: 'for want of',
      withCertificate: 'it does not accept',
      exitCode: 7,
    },
    {
      name: 'unknown authority',
      alert: 48,
      without: 'for want of',
      withCertificate: 'It does not know who issued the certificate.',
      exitCode: 7,
    },
    {
      name: 'access denied',
      alert: 49,
      without: 'for want of',
      withCertificate: 'it does not accept',
      exitCode: 7,
    },
    {
      name: 'protocol version',
      alert: 70,
      without: 'sfcompose speaks 1.2 and 1.3',
      withCertificate: 'sfcompose speaks only 1.2',
      exitCode: 6,
    },
    {
      name: 'no such name',
      alert: 112,
      without: 'It does not know itself by that host name.',
      withCertificate: 'by that host name',
      exitCode: 6,
    },
    {
      name: 'internal error',
      alert: 80,
      without: 'One of the two sides broke off',
      withCertificate: 'One of the two sides broke off',
      exitCode: 6,
    },
  ])('$name', async ({ alert, without, withCertificate, exitCode }) => {
    const url = await alerting(alert);
    const folder = createFolder(files);
    const argv = ['upgrade-progress', 'web', '-e', url, '--retries', '0'];
    const bare = await run(argv);
    expect(unfoldTable(bare.stderr)).toContain(without);
    expect(bare.exitCode).toBe(exitCode);
    const presented = await run([...argv, '--cert-file', join(folder, 'client.pem')]);
    expect(unfoldTable(presented.stderr)).toContain(withCertificate);
    if (exitCode === 7)
      expect(unfoldTable(presented.stderr)).toContain(`CN=operator, thumbprint ${thumbprintOf(client)}`);
    expect(presented.exitCode).toBe(exitCode);
  });
});

it('lets go of a server whose certificate is refused', async () => {
  const refused = createTlsServer(stranger.itself);
  const closed = new Promise<void>((resolve) => {
    refused.on('connection', (socket) => socket.on('close', () => resolve()));
  });
  await new Promise<void>((resolve) => refused.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void refused.close());
  const { port } = refused.address() as AddressInfo;
  expect((await run(['upgrade-progress', 'web', '-e', `https://127.0.0.1:${port}`])).exitCode).toBe(7);
  await closed;
});

it('lets go of a handshake that does not end', async () => {
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
