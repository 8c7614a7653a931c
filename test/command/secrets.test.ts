/**
 * Secrets are never printed. Each failure happens with a token, a passphrase, a private key and a proxy's password that
 * are easy to recognize, and the whole output is searched for them.
 */
import { createHash, createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProgramError } from '../../src/platform/host.ts';
import { createAuthority, createKey, createPkcs12 } from '../support/authority.ts';
import { createFolder, resolveInFolder } from '../support/folder.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  type Script,
  startGateway,
  startTlsGateway,
} from '../support/scripted-gateway.ts';

const token = `eyJhbGciOiJub25lIn0.${btoa('{"aud":"web"}').replace(/=+$/, '')}.RECOGNISABLETOKEN/with+all`;
const passphrase = 'recognisable passphrase';
const proxyPassword = 'recognisable:proxy@pass/word';
const authority = createAuthority('Authority of the cluster');
const key = createKey('rsa');
const lockedKey = createPrivateKey(key).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase,
});
const client = authority.issueClient({ name: 'operator', key });
const server = authority.issue({ address: '127.0.0.1' });
const wanting = { ...server, ca: authority.pem, requestCert: true, rejectUnauthorized: true } as const;
const files = {
  'ca.pem': authority.pem,
  'client.pem': `${client}${lockedKey}`,
  'client.pfx': createPkcs12({ certificates: [client], key }, passphrase, 'aes256'),
  'other.pem': createKey('ec'),
  'broken.pem': `${client}-----BEGIN PRIVATE KEY-----\n${passphrase}\n-----END PRIVATE KEY-----\n`,
  token: `${token}\n`,
  'no-token': `${token} ${passphrase}\n`,
  'wrong-passphrase': `${passphrase}, but wrong\n`,
  '.sfctl/config': `[servicefabric]\nendpoint = https://c.example\nsecurity = aad\naad_token = {"accessToken": "${token}"}\n`,
  'broken/config': `[servicefabric]\nendpoint = https://c.example\n{"refreshToken": "${token}"}\n`,
};

const keyBody = key.replace(/-----.*-----|\s/g, '');
const secrets = [
  'RECOGNISABLETOKEN',
  token.slice(0, 30),
  'recognisablepassphrase',
  'recognisable:proxy',
  'recognisable%3Aproxy',
  'pass/word',
  btoa(`me:${proxyPassword}`).slice(3, 30),
  keyBody.slice(100, 130),
  String(lockedKey).split('\n')[3] ?? '',
];

/** Finds secrets in a text, also across the borders of a table. */
function findSecrets(text: string): readonly string[] {
  const flat = text.replace(/[│\s]/g, '');
  return secrets.filter((secret) => flat.includes(secret) || text.includes(secret));
}

/** Answers with everything in the request. */
const echo: Script = (response, request) => {
  const text = JSON.stringify({ url: request.url, headers: request.rawHeaders });
  const encoded = encodeURIComponent(text);
  // .NET escapes these characters in JSON by default.
  const body = JSON.stringify({ Error: { Code: 'E_ECHO', Message: text + encoded } })
    .replaceAll('+', '\\u002B')
    .replaceAll('/', '\\u002f');
  answer(body, 418, 'I am a teapot', { Location: request.headers.authorization ?? '' })(response, request);
};
const answerForbidden: Script = answer('', 403, 'Client certificate required');

interface Failure {
  readonly url: string;
  readonly argv?: readonly string[];
  readonly options?: RunOptions;
  readonly env?: Readonly<Record<string, string>>;
}

const createProxyEnv = (port: number) => ({
  HTTPS_PROXY: `http://me:${encodeURIComponent(proxyPassword)}@127.0.0.1:${port}`,
});
const certificate = ['--ca-file', 'ca.pem', '--cert-file', 'client.pem'];
const nowhere = 'https://127.0.0.1:1';

const failures: Readonly<Record<string, () => Promise<Failure>>> = {
  'nothing listens': async () => ({ url: nowhere, argv: certificate }),
  'the server echoes the request': async () => ({
    url: (await startTlsGateway(server, echo, echo, echo)).url,
    argv: certificate,
  }),
  'the server echoes the request without TLS': async () => ({
    url: (await startGateway(echo, echo, echo)).url,
  }),
  'the server refuses': async () => ({
    url: (await startTlsGateway(server, answerForbidden, answerForbidden, answerForbidden)).url,
    argv: certificate,
  }),
  'the server closes the connection': async () => ({
    url: (await startTlsGateway(server, (response) => response.destroy())).url,
    argv: certificate,
  }),
  'the certificate is refused': async () => ({ url: (await startTlsGateway(server)).url }),
  'the thumbprint differs': async () => ({
    url: (await startTlsGateway(server)).url,
    argv: ['--server-thumbprint', 'a'.repeat(40), '--pfx-file', 'client.pfx'],
  }),
  'there is no client certificate': async () => ({
    url: (await startTlsGateway(wanting)).url,
    argv: ['--ca-file', 'ca.pem'],
  }),
  'the proxy refuses': async () => {
    const { port } = await startForwardProxy({ to: nowhere, refusal: '407 Not with ECHO' });
    return { url: 'https://c.example', env: createProxyEnv(port) };
  },
  'no proxy listens': async () => ({ url: 'https://c.example', env: createProxyEnv(1) }),
  'the proxy has an unknown scheme': async () => ({
    url: 'https://c.example',
    env: { HTTPS_PROXY: `socks5://me:${encodeURIComponent(proxyPassword)}@127.0.0.1:1` },
  }),
  'the proxy echoes the request': async () => {
    const { port } = await startForwardProxy({ to: (await startGateway(echo, echo, echo)).url });
    return {
      url: 'http://c.example',
      env: { HTTP_PROXY: createProxyEnv(port).HTTPS_PROXY, SFCOMPOSE_TOKEN: '' },
    };
  },
  'the token would be sent without TLS': async () => ({ url: 'http://c.example' }),
  'the token is malformed': async () => ({
    url: nowhere,
    env: { SFCOMPOSE_TOKEN: `${token} ${passphrase}` },
  }),
  "the token's file holds no token": async () => ({ url: nowhere, argv: ['--token-file', 'no-token'] }),
  'the token from a file is refused': async () => ({
    url: (await startGateway(answerForbidden, answerForbidden, answerForbidden)).url,
    argv: ['--token-file', 'token'],
  }),
  "the token's command fails": async () => ({
    url: nowhere,
    argv: [
      '--token-command',
      `az -w "${passphrase}" --secret=RECOGNISABLETOKEN x=recognisable:proxy -precognisable:proxy`,
    ],
    options: {
      run: async (program, args) => {
        const long = token.repeat(9);
        throw new ProgramError(
          'exit code 1',
          `${program} ${args.join(' ')} recognisable:proxy: not with ${long}`,
        );
      },
    },
  }),
  "the token's command prints something else": async () => ({
    url: nowhere,
    argv: ['--token-command', 'az'],
    options: { run: async () => `${token} ${passphrase}` },
  }),
  'the passphrase is wrong': async () => ({
    url: nowhere,
    argv: ['--cert-file', 'client.pem', '--passphrase-file', 'wrong-passphrase'],
  }),
  'the passphrase is wrong for PKCS#12': async () => ({
    url: nowhere,
    argv: ['--pfx-file', 'client.pfx', '--passphrase-file', 'wrong-passphrase'],
  }),
  'the key is broken': async () => ({ url: nowhere, argv: ['--cert-file', 'broken.pem'] }),
  'the key is that of another certificate': async () => ({
    url: nowhere,
    argv: ['--cert-file', 'client.pem', '--key-file', 'other.pem'],
  }),
  'the key is given as the authorities': async () => ({ url: nowhere, argv: ['--ca-file', 'other.pem'] }),
  'the endpoint has a password': async () => ({
    url: `https://me:${encodeURIComponent(proxyPassword)}@c.example`,
  }),
  'the endpoint has a password with a slash': async () => ({ url: `https://me:${proxyPassword}@c.example` }),
  'the proxy has a password with a slash': async () => ({
    url: 'https://c.example',
    env: { HTTPS_PROXY: `me:${proxyPassword}@p` },
  }),
  'the key is given instead of its path': async () => ({
    url: nowhere,
    env: { SFCOMPOSE_CERT_FILE: client + key },
  }),
  'the token is given instead of its path': async () => ({ url: nowhere, argv: ['--token-file', token] }),
  'the passphrase is given instead of its path': async () => ({
    url: nowhere,
    argv: ['--cert-file', 'client.pem', '--passphrase-file', passphrase],
  }),
  'a token that looks like a path is given instead of its path': async () => ({
    url: nowhere,
    argv: ['--token-file', 'opaque/RECOGNISABLETOKEN.x'],
  }),
  'a passphrase that looks like a path is given instead of its path': async () => ({
    url: nowhere,
    argv: ['--cert-file', 'client.pem', '--passphrase-file', './recognisablepassphrase.'],
  }),
  'a token that is too long for a path is given instead of its path': async () => ({
    url: nowhere,
    argv: ['--token-file', 'RECOGNISABLETOKEN'.repeat(500)],
  }),
  'the endpoint has a token': async () => ({ url: 'https://RECOGNISABLETOKEN@c.example/' }),
  'the endpoint has a key in its query': async () => ({ url: 'https://c.example/?code=RECOGNISABLETOKEN' }),
  'the endpoint has a token in its fragment': async () => ({
    url: 'https://c.example/#access_token=RECOGNISABLETOKEN',
  }),
  'the proxy has a key in its query': async () => ({
    url: 'https://c.example',
    env: { HTTPS_PROXY: 'http://p.example/?code=RECOGNISABLETOKEN' },
  }),
  'sfctl has selected a cluster that requires a token': async () => ({
    url: '',
    env: { SFCOMPOSE_TOKEN: '' },
  }),
  "sfctl's file is broken": async () => ({ url: '', env: { SFCTL_CONFIG_DIR: 'broken' } }),
  'there is a bug': async () => {
    const time = createTestTime();
    const after = () => {
      throw new Error('boom');
    };
    return {
      url: nowhere,
      argv: certificate,
      options: { time: { ...time, clock: { ...time.clock, after } } },
    };
  },
};

describe('no secret is printed when', () => {
  it.each(Object.entries(failures))('%s', async (_, failing) => {
    for (const format of ['table', 'plain', 'json', 'ndjson']) {
      for (const command of ['upgrade-progress web --retries 0 --ci github', 'connection']) {
        const { url, argv = [], options, env } = await failing();
        const folder = createFolder(files);
        const { exitCode, stdout, stderr, ...rest } = await run(
          [
            ...command.split(' '),
            ...(url ? ['-e', url] : []),
            '-o',
            format,
            '-v',
            ...resolveInFolder(folder, files, argv),
          ],
          {
            home: folder,
            ...options,
            env: {
              SFCOMPOSE_TOKEN: token,
              SFCOMPOSE_PASSPHRASE: passphrase,
              GITHUB_STEP_SUMMARY: 'summary',
              GITHUB_OUTPUT: 'output',
              ...env,
              ...(env?.['SFCTL_CONFIG_DIR'] && { SFCTL_CONFIG_DIR: join(folder, env['SFCTL_CONFIG_DIR']) }),
            },
          },
        );
        expect(exitCode).not.toBe(0);
        expect(stderr).not.toBe('');
        expect(findSecrets(stdout + stderr + JSON.stringify(rest))).toEqual([]);
      }
    }
  });
});

describe('a secret of a thousand characters or more', () => {
  const long = Array.from({ length: 100 }, (_, index) =>
    createHash('sha256').update(`${index}`).digest('base64url'),
  ).join('');
  const pieces = long.match(/.{32}/g) ?? [];

  it.each([
    ['a token', async () => ({ url: (await startGateway(echo)).url, env: { SFCOMPOSE_TOKEN: long } })],
    [
      "a proxy's password",
      async () => {
        const { port } = await startForwardProxy({ to: (await startGateway(echo)).url });
        const password = long.slice(0, 1000);
        return { url: 'http://c.example', env: { HTTP_PROXY: `http://me:${password}@127.0.0.1:${port}` } };
      },
    ],
  ])('is hidden: %s', async (_, prepare) => {
    const { url, env } = await prepare();
    const { stdout, stderr, exitCode } = await run(
      ['upgrade-progress', 'web', '-e', url, '-o', 'json', '-v'],
      {
        env,
      },
    );
    expect(exitCode).toBe(6);
    expect(stdout).toContain('E_ECHO');
    for (const piece of pieces) expect(stdout + stderr).not.toContain(piece);
  });
});

it("a proxy's password is hidden to its last letter, ASCII or not", async () => {
  for (const password of ['pässwörd-geheim', `${'x'.repeat(62)}-QZ7`]) {
    const bytes = answer(`{"Error":{"Code":"E_ECHO","Message":"${password}"}}`, 418);
    const { port } = await startForwardProxy({ to: (await startGateway(bytes)).url });
    const env = { HTTP_PROXY: `http://me:${encodeURIComponent(password)}@127.0.0.1:${port}` };
    const { stdout } = await run(['upgrade-progress', 'web', '-e', 'http://c.example', '-o', 'json'], {
      env,
    });
    expect(JSON.parse(stdout).Error.Message).toBe('***');
  }
});

it('only the token is hidden in megabytes of text that follow it', async () => {
  const long = `${'t0ken-'.repeat(20)}end`;
  const body = `{"UpgradeState":"Failed","Other":"${long}${'a'.repeat(10_000_000)}"}`;
  const { url } = await startGateway(answer(body));
  const env = { SFCOMPOSE_TOKEN: long };
  const { stdout, exitCode } = await run(['upgrade-progress', 'web', '-e', url, '-o', 'json'], { env });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).Other === `***${'a'.repeat(10_000_000)}`).toBe(true);
});

it('a token is hidden in responses to requests without it, and after its renewal', async () => {
  const first = 'the-token-that-was-sent-first';
  const answerMetadata = answer(`{"type":"aad","metadata":{"tenant":"${first}","cluster":"x ${first}"}}`);
  const refusing = await startGateway(answerForbidden, answerMetadata);
  const refusedRun = await run(['upgrade-progress', 'web', '-e', refusing.url], {
    env: { SFCOMPOSE_TOKEN: first },
  });
  expect(refusing.requests).toHaveLength(2);
  expect(refusedRun.stderr).toContain('Microsoft Entra ID');
  expect(unfoldTable(refusedRun.stderr)).not.toContain(first);

  const renewing = await startGateway(answer('', 401, 'Unauthorized'), answerError(500, 'E', `old ${first}`));
  let runs = 0;
  const renewedRun = await run(
    ['upgrade-progress', 'web', '-e', renewing.url, '--token-command', 'az', '--retries', '0', '-o', 'json'],
    { run: async () => (runs++ === 0 ? first : 'another-token') },
  );
  expect(runs).toBe(2);
  expect(JSON.parse(renewedRun.stdout).Error.Message).toBe('old ***');
});

it('the value of an unknown option is not printed', async () => {
  const { exitCode, stderr } = await run(['upgrade-progress', 'web', `--token=${token}`]);
  expect(stderr).toBe(
    'sfcompose: Unknown option --token. Did you mean --token-file? See sfcompose upgrade-progress --help.\n',
  );
  expect(exitCode).toBe(2);
});

describe('a failing command for a token', () => {
  it.each([
    { command: `sh -c 'login https://me:S3cr3t@host -p Passw0rd'`, stderrText: 'refused: S3cr3t, Passw0rd' },
    { command: `sh -c 'p=S3cr3t; echo got $p >&2'`, stderrText: 'got S3cr3t' },
    { command: `sh -c 'login "S3cr3t;Passw0rd!x"'`, stderrText: 'no user (S3cr3t;Passw0rd!x)' },
    { command: `sh -c '[S3cr3t]'`, stderrText: '[S3cr3t]: not found' },
    { command: 'login -pS3cr3t', stderrText: '-pS3cr3t? or S3cr3t' },
    { command: 'login --key=S3cr', stderrText: 'S3cr is too short' },
  ])('has the parts of its arguments hidden: $command', async ({ command, stderrText }) => {
    const argv = ['upgrade-progress', 'web', '-e', 'https://c.example', '--token-command', command];
    const { exitCode, stderr } = await run(argv, {
      run: async () => {
        throw new ProgramError('exit code 1', stderrText);
      },
    });
    expect(stderr).toContain('***');
    expect(stderr).not.toMatch(/S3cr|Passw0rd/);
    expect(exitCode).toBe(2);
  });
});
