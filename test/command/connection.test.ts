/** `sfcompose connection`: the effective settings, where they come from, and how the cluster reacts to them. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../support/authority.ts';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  type Script,
  startGateway,
  startTlsGateway,
} from '../support/scripted-gateway.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const authority = createAuthority('Authority of the cluster');
const server = authority.issue({ address: '127.0.0.1' });
const off = answer('{"type":"","metadata":{}}');
const entra = answer('{"type":"aad","metadata":{"tenant":"t","cluster":"c","client":"x"}}');
const version = answer('{"Version":"9.1.1799.9590"}');
const answerRefused = answer('', 403, 'Client certificate required');
const answerPage = answer('<html>', 200, 'OK', { 'Content-Type': 'text/html' });

/** Creates a bearer token with these claims. */
function createToken(claims: Readonly<Record<string, unknown>>): string {
  return ['x', claims, 'y'].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

async function tryOut(scripts: readonly Script[], options: RunOptions, ...argv: string[]) {
  const gateway = await startGateway(...scripts);
  const result = await run(['connection', '-e', gateway.url, ...argv], options);
  return { ...result, gateway };
}

describe('sfcompose connection', () => {
  it('prints the settings, their sources, and the results', async () => {
    const gateway = await startTlsGateway(server, entra, version);
    const folder = createFolder({ 'ca.pem': authority.pem });
    const token = createToken({ aud: 'c', exp: Date.parse('2026-11-24T09:00:00Z') / 1000, roles: ['Admin'] });
    const env = { SFCOMPOSE_ENDPOINT: gateway.url, SFCOMPOSE_TOKEN: token };
    const argv = ['connection', '--ca-file', join(folder, 'ca.pem'), '-t', '7', '--no-color'];
    const { exitCode, stdout, stderr } = await run(argv, { env, columns: 200 });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    for (const row of [
      /^✓ Connected to 127\.0\.0\.1:\d+ as Admin/,
      /Endpoint +https:\/\/127\.0\.0\.1:\d+ +SFCOMPOSE_ENDPOINT/,
      /Timeout +7 s +--timeout/,
      /Trust +.*certificates .* {2}--ca-file/,
      /Token +a bearer token +SFCOMPOSE_TOKEN/,
      /Gateway +reachable/,
      /TLS +TLSv1\.3, TLS_/,
      /Server +CN=server at 127\.0\.0\.1/,
      / +issued by CN=Authority of the cluster/,
      / +for IP Address:127\.0\.0\.1/,
      / +thumbprint \(SHA-1\) [\dA-F]{40}/,
      /Entra ID +tenant t, cluster application c/,
      /Token sent +for c, with the role Admin, valid until 2026-11-24T09:00:00Z/,
      /Authenticated +yes/,
      /Runtime +9\.1\.1799\.9590/,
    ])
      expect(stdout).toMatch(row);
    expect(gateway.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/$/GetAadMetadata?api-version=1.0', undefined],
      ['/$/GetClusterVersion?api-version=6.4&timeout=7', `Bearer ${token}`],
    ]);
  });

  it('prints one JSON document', async () => {
    const { exitCode, stdout, gateway } = await tryOut([off, version], {}, '-o', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      cluster: null,
      settings: {
        endpoint: { value: gateway.url, from: '--endpoint' },
        timeoutSeconds: { value: 60, from: 'default' },
        trust: null,
        clientCertificate: null,
        token: null,
        proxy: null,
      },
      reachable: true,
      tls: null,
      entra: 'off',
      token: null,
      authenticated: true,
      version: '9.1.1799.9590',
      role: 'Admin',
    });
  });

  it("prints the server's certificate and the error in JSON", async () => {
    const gateway = await startTlsGateway(server, off, answerRefused, off);
    const folder = createFolder({ 'ca.pem': authority.pem });
    const argv = ['connection', '-e', gateway.url, '--ca-file', join(folder, 'ca.pem'), '--json'];
    const { exitCode, stdout, stderr } = await run(argv);
    expect(exitCode).toBe(7);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      tls: { protocol: 'TLSv1.3', certificate: { subject: 'CN=server at 127.0.0.1' } },
      entra: 'off',
      authenticated: false,
      version: null,
      role: null,
      Error: { Code: 'SFCOMPOSE_E_UNAUTHORIZED', Message: 'Access denied.' },
    });
    expect(document.tls.certificate.thumbprint).toMatch(/^[\dA-F]{40}$/);
    // Scripts depend on the names of these members.
    expect(Object.keys(document.tls)).toEqual(['protocol', 'cipher', 'certificate']);
    expect(Object.keys(document.tls.certificate)).toEqual([
      'subject',
      'issuer',
      'altNames',
      'validFrom',
      'validTo',
      'thumbprint',
      'sha256',
    ]);
    expect(stderr).toContain('No client certificate was sent.');
  });

  it('prints a rejected certificate once', async () => {
    const gateway = await startTlsGateway(server);
    const table = await run(['connection', '-e', gateway.url]);
    expect(table.exitCode).toBe(7);
    expect(table.stdout).toMatch(/Gateway +reachable, no request sent/);
    expect(table.stdout).toContain('issued by CN=Authority of the cluster');
    expect(table.stderr).not.toContain('issued by');
    const { stdout } = await run(['connection', '-e', gateway.url, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      reachable: true,
      authenticated: null,
      tls: { protocol: 'TLSv1.3', certificate: { issuer: 'CN=Authority of the cluster' } },
      Error: { Code: 'SFCOMPOSE_E_CERTIFICATE' },
    });
    expect(gateway.requests).toEqual([]);
  });

  it('prints one line in the plain format', async () => {
    const { stdout, gateway } = await tryOut([off, version], {}, '-o', 'plain');
    expect(stdout).toBe(
      `2026-11-24T08:00:00Z ${gateway.url}: authenticated; runtime 9.1.1799.9590; role Admin (the cluster is not secured)\n`,
    );
  });

  it('prints a connection record and an outcome record, also after an error', async () => {
    for (const [scripts, outcome, exitCode] of [
      [[off, version], 'completed', 0],
      [[off, answerError(403, 'E_ACCESSDENIED')], 'unauthorized', 7],
    ] as const) {
      const { stdout } = await tryOut(scripts, {}, '-o', 'ndjson');
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(records.map(({ type }) => type)).toEqual(['connection', 'outcome']);
      expect(records[0]).toMatchObject({ schema: 1, connection: { entra: 'off' } });
      expect(records[1]).toMatchObject({ outcome, exitCode, deployment: null, targetVersion: null });
    }
  });

  interface ProblemCase {
    readonly name: string;
    readonly scripts: readonly Script[];
    readonly code: number;
    readonly texts: readonly string[];
    /** Texts that are not printed. */
    readonly absent: readonly string[];
  }

  describe('explains', () => {
    it.each<ProblemCase>([
      {
        name: 'that the server is not a gateway',
        scripts: [answerPage, answerPage],
        code: 6,
        texts: ['a web page'],
        absent: ['Authenticated'],
      },
      {
        name: 'that the response is another document',
        scripts: [answerWith(runningUpgrade), answerWith(runningUpgrade)],
        code: 6,
        texts: ['no usable response'],
        absent: ['Authenticated'],
      },
      {
        name: 'that the role is missing',
        scripts: [off, answerError(403, 'E_ACCESSDENIED')],
        code: 7,
        texts: ['neither the role User nor Admin', 'Authenticated yes'],
        absent: ['Runtime'],
      },
      {
        name: 'that the token is missing',
        scripts: [entra, answerRefused, entra],
        code: 7,
        texts: ['az account get-access-token --tenant t --resource c'],
        absent: ['Runtime'],
      },
      {
        name: 'that the cluster manager is busy',
        scripts: [off, answerError(504, 'FABRIC_E_TIMEOUT')],
        code: 6,
        texts: ['but failing over or busy.'],
        absent: ['""'],
      },
      {
        name: 'that the version is malformed',
        scripts: [off, answer('[]')],
        code: 6,
        texts: ['not a Service Fabric response'],
        absent: ['Runtime'],
      },
    ])('$name', async ({ scripts, code, texts, absent }) => {
      const { exitCode, stdout, stderr } = await tryOut(scripts, {});
      const flat = unfoldTable(stdout + stderr);
      for (const text of texts) expect(flat).toContain(text);
      for (const text of absent) expect(flat).not.toContain(text);
      expect(exitCode).toBe(code);
    });

    it('that nothing listens', async () => {
      const { exitCode, stdout, stderr } = await run(['connection', '-e', 'http://127.0.0.1:1']);
      expect(stdout).toMatch(/Gateway +unreachable/);
      expect(stderr).toContain('Connection refused: http://127.0.0.1:1.');
      expect(exitCode).toBe(6);
    });

    it('that an option is wrong', async () => {
      const { exitCode, stderr } = await run([
        'connection',
        '--ca-file',
        'gone.pem',
        '-e',
        'https://c.example',
      ]);
      expect(stderr).toBe(
        'sfcompose: --ca-file "gone.pem" cannot be read: no such file. See sfcompose connection --help.\n',
      );
      expect(exitCode).toBe(2);
    });
  });

  it('continues when the metadata for signing in is refused', async () => {
    const env = { SFCOMPOSE_TOKEN: 'a-token' };
    const { exitCode, stdout } = await tryOut([answerRefused, version], { env }, '--json');
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ entra: null, authenticated: true, version: '9.1.1799.9590' });
    expect(document.token).toEqual({
      from: 'SFCOMPOSE_TOKEN',
      audience: '',
      tenant: '',
      user: '',
      roles: [],
    });
  });

  it('names the credentials when every request is refused', async () => {
    const env = { SFCOMPOSE_TOKEN: 'a-token' };
    const { exitCode, stdout, stderr } = await tryOut(
      [answerRefused, answerRefused, answerRefused],
      { env },
      '--json',
    );
    expect(exitCode).toBe(7);
    expect(stderr).toContain('The token (SFCOMPOSE_TOKEN) may');
    expect(JSON.parse(stdout).authenticated).toBe(false);
  });

  it('sends nothing if the token cannot be read', async () => {
    const { exitCode, gateway } = await tryOut([], {}, '--token-file', 'gone');
    expect(exitCode).toBe(2);
    expect(gateway.requests).toEqual([]);
  });

  it('prints null for "authenticated" when it is unknown', async () => {
    const { stdout } = await tryOut([off, answerError(504, 'FABRIC_E_TIMEOUT')], {}, '--json');
    expect(JSON.parse(stdout).authenticated).toBeNull();
  });

  it('stops on Ctrl-C without mentioning an upgrade', async () => {
    const interrupt = new AbortController();
    const { exitCode, stderr } = await tryOut([() => interrupt.abort('SIGINT')], {
      interrupt: interrupt.signal,
    });
    expect(exitCode).toBe(130);
    expect(stderr).toBe('sfcompose: Stopped by Ctrl-C.\n');
  });

  it('works with the simulated cluster', async () => {
    const cluster = await startSimulatedCluster('happy');
    const { exitCode, stdout } = await run(['connection', '-e', cluster.url, '-q']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Runtime +6\.4\.617\.9590/);
  });

  it('makes text from the server harmless', async () => {
    const evil = answer(JSON.stringify({ Version: '\x1b[2J\u202e##vso[task.complete]' }));
    const evilEntra = answer('{"type":"aad","metadata":{"tenant":"\\u001b[31m","cluster":"\\u009b"}}');
    for (const format of ['table', 'plain', 'json', 'ndjson']) {
      const { stdout } = await tryOut([evilEntra, evil], {}, '-o', format);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not occur
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      expect(stdout).not.toContain('##vso[');
    }
  });
});
