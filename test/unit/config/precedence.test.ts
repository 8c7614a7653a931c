/** The source of each connection setting: options, variables, a stored cluster, sfctl, defaults. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConnection, resolveConnections } from '../../../src/config/connection.ts';
import type { ConnectionFlags } from '../../../src/config/connection-flags.ts';
import type { Host } from '../../../src/platform/host.ts';
import { listFiles } from '../../../src/platform/node-files.ts';
import { createAuthority } from '../../support/authority.ts';
import { clientThumbprint, fixturePassphrase, modernPkcs12 } from '../../support/fixtures.ts';
import { createFolder } from '../../support/folder.ts';
import { createTestTime } from '../../support/run.ts';

const { key, cert } = createAuthority('Authority').issue({ address: '127.0.0.1' });
const thumbprint = 'AB'.repeat(20);
const endpoint = 'https://prod.example:19080';
const client = 'client.pem';

/** Creates the parts of a host that resolving a connection needs. */
function createHost({ home, env = {} }: { readonly home: string; readonly env?: Host['env'] }): Host {
  const time = createTestTime();
  // The fixtures are valid from then on.
  time.set(Date.parse('2026-12-01T00:00:00Z'));
  const host: Partial<Host> = {
    env,
    home,
    shells: ['posix'],
    configFolder: join(home, '.config'),
    clock: time.clock,
    interrupt: new AbortController().signal,
    readFile: (path) => readFile(path),
    listFiles,
    findUnsafePath: async () => undefined,
  };
  return host as Host;
}

/** Settings of each source. `client.pem` and `ca.pem` stand for files that exist. */
interface Sources {
  readonly flags?: ConnectionFlags;
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of the stored cluster `prod`. */
  readonly prod?: object;
  /** Makes `prod` the cluster in use. */
  readonly inUse?: boolean;
  readonly sfctl?: string;
}

/** Resolves a connection. @returns the source of each setting, without the folder */
async function findSources({ flags = {}, env = {}, prod, inUse = false, sfctl }: Sources) {
  const folder = createFolder({ [client]: key + cert, 'ca.pem': cert, 'token.txt': 'x.y.z' });
  const place = (text: string) =>
    text.replaceAll(/\b(?:client\.pem|ca\.pem|token\.txt)/g, (name) => join(folder, name));
  const home = createFolder({
    ...(prod && {
      '.config/sfcompose/config.json': place(
        JSON.stringify({ version: 1, ...(inUse && { cluster: 'prod' }), clusters: { prod } }),
      ),
    }),
    ...(sfctl && { '.sfctl/config': place(`[servicefabric]\n${sfctl}`) }),
  });
  const host = createHost({ home, env: JSON.parse(place(JSON.stringify(env))) });
  const typed: ConnectionFlags = JSON.parse(place(JSON.stringify(flags)));
  const { effectiveSettings, cluster, clusterName } = await resolveConnection(typed, host, () => {});
  const shorten = (text: string) =>
    text
      .replaceAll(join(home, '.config', 'sfcompose', 'config.json'), 'FILE')
      .replaceAll(join(home, '.sfctl', 'config'), 'SFCTL')
      .replaceAll(join(folder, ''), '')
      .replace(/ \/.*$/, '');
  return {
    cluster,
    clusterName,
    'client certificate': undefined,
    token: undefined,
    ...Object.fromEntries(effectiveSettings.map(({ name, from }) => [name, shorten(from)])),
  };
}

/** Variables of an environment that is meant for another cluster. */
const variables = {
  SFCOMPOSE_TIMEOUT: '9',
  SFCOMPOSE_CERT_FILE: client,
  SFCOMPOSE_SERVER_THUMBPRINT: thumbprint,
  SFCOMPOSE_TOKEN: 'x.y.z',
};

const named: ConnectionFlags = { cluster: ['prod'] };

describe('the source of settings', () => {
  it.each<[string, Sources, object]>([
    ['defaults', {}, { endpoint: 'default', timeout: 'default' }],
    [
      'variables with an endpoint by flag',
      { flags: { endpoint }, env: variables },
      {
        endpoint: '--endpoint',
        timeout: 'SFCOMPOSE_TIMEOUT',
        trust: 'SFCOMPOSE_SERVER_THUMBPRINT',
        'client certificate': 'SFCOMPOSE_CERT_FILE',
        token: 'SFCOMPOSE_TOKEN',
      },
    ],
    [
      'an endpoint by variable, rather than the cluster in use',
      {
        env: { SFCOMPOSE_ENDPOINT: endpoint },
        prod: { endpoint, serverThumbprint: thumbprint, timeout: '5' },
        inUse: true,
      },
      { endpoint: 'SFCOMPOSE_ENDPOINT', timeout: 'default', trust: 'default' },
    ],
    [
      'the cluster in use',
      {
        prod: { endpoint, certFile: client, caFile: 'ca.pem', tokenFile: 'token.txt', timeout: '5' },
        inUse: true,
      },
      {
        cluster: 'prod',
        clusterName: 'prod',
        endpoint: 'prod.endpoint in FILE',
        timeout: 'prod.timeout in FILE',
        trust: 'prod.caFile in FILE',
        'client certificate': 'prod.certFile in FILE',
        token: 'prod.tokenFile in FILE',
      },
    ],
    [
      'variables before the cluster in use',
      {
        env: variables,
        prod: { endpoint, certFile: client, insecure: true, tokenCommand: 'az', timeout: '5' },
        inUse: true,
      },
      {
        endpoint: 'prod.endpoint in FILE',
        timeout: 'SFCOMPOSE_TIMEOUT',
        trust: 'SFCOMPOSE_SERVER_THUMBPRINT',
        'client certificate': 'SFCOMPOSE_CERT_FILE',
        token: 'SFCOMPOSE_TOKEN',
      },
    ],
    [
      'variables before the cluster that a variable names',
      { env: { ...variables, SFCOMPOSE_CLUSTER: 'prod' }, prod: { endpoint, insecure: true } },
      { cluster: 'prod', endpoint: 'prod.endpoint in FILE', trust: 'SFCOMPOSE_SERVER_THUMBPRINT' },
    ],
    [
      'a named cluster before variables',
      {
        flags: named,
        env: variables,
        prod: { endpoint, certFile: client, insecure: true, tokenCommand: 'az', timeout: '5' },
      },
      {
        endpoint: 'prod.endpoint in FILE',
        timeout: 'prod.timeout in FILE',
        trust: 'prod.insecure in FILE',
        'client certificate': 'prod.certFile in FILE',
        token: 'prod.tokenCommand in FILE (az)',
      },
    ],
    [
      'a named cluster without the certificate and thumbprint of variables',
      { flags: named, env: variables, prod: { endpoint } },
      {
        endpoint: 'prod.endpoint in FILE',
        timeout: 'SFCOMPOSE_TIMEOUT',
        trust: 'default',
        'client certificate': undefined,
        token: 'SFCOMPOSE_TOKEN',
      },
    ],
    [
      'a named cluster with a certificate, which needs no token',
      { flags: named, env: variables, prod: { endpoint, certFile: client } },
      { 'client certificate': 'prod.certFile in FILE', token: undefined },
    ],
    [
      'a named cluster before other variables that name one',
      {
        flags: named,
        env: { SFCOMPOSE_CLUSTER: 'other', SFCOMPOSE_ENDPOINT: 'http://other' },
        prod: { endpoint },
      },
      { cluster: 'prod', endpoint: 'prod.endpoint in FILE' },
    ],
    [
      'options before a named cluster, in groups',
      {
        flags: { ...named, certFile: client, caFile: 'ca.pem', tokenFile: 'token.txt', timeout: '3' },
        prod: {
          endpoint,
          certFile: '/no.pem',
          keyFile: '/no.key',
          serverThumbprint: thumbprint,
          tokenCommand: 'az',
          timeout: '5',
        },
      },
      {
        endpoint: 'prod.endpoint in FILE',
        timeout: '--timeout',
        trust: '--ca-file',
        'client certificate': '--cert-file',
        token: '--token-file',
      },
    ],
    [
      "sfctl's cluster without one in use",
      {
        prod: { endpoint },
        sfctl: `endpoint = ${endpoint}\nsecurity = pem\npem_path = ${client}\nno_verify = true\n`,
      },
      {
        cluster: undefined,
        clusterName: 'prod.example:19080',
        endpoint: 'endpoint in SFCTL',
        trust: 'no_verify in SFCTL',
        'client certificate': 'pem_path in SFCTL',
      },
    ],
    [
      "sfctl's authorities before its no_verify",
      { sfctl: `endpoint = ${endpoint}\nuse_ca = true\nca_path = ca.pem\nno_verify = true\n` },
      { trust: 'ca_path in SFCTL' },
    ],
  ])('is that of %s', async (_, sources, expected) => {
    expect(await findSources(sources)).toMatchObject(expected);
  });
});

describe('several clusters', () => {
  const stored = JSON.stringify({
    version: 1,
    clusters: { eu: { endpoint: 'http://eu:1' }, us: { endpoint: 'http://us:1', timeout: '5' } },
  });

  it('have a connection each, in order and without duplicates', async () => {
    const host = createHost({ home: createFolder({ '.config/sfcompose/config.json': stored }) });
    const connections = await resolveConnections({ cluster: ['us', 'eu', 'us'] }, host, () => {});
    expect(
      connections.map(({ cluster, timeoutSeconds, commandTarget }) => [
        cluster,
        timeoutSeconds,
        commandTarget.options,
      ]),
    ).toEqual([
      ['us', 5, ['-c us']],
      ['eu', 60, ['-c eu']],
    ]);
  });

  it('are an error where one is needed, before any file is read', async () => {
    const host = createHost({ home: createFolder({ '.config/sfcompose/config.json': 'broken' }) });
    await expect(resolveConnection({ cluster: ['us', 'eu'] }, host, () => {})).rejects.toThrow(
      'Only one --cluster',
    );
  });
});

describe('printed commands', () => {
  it('repeat the options that replace settings of a named cluster, and select it in sfctl', async () => {
    const folder = createFolder({
      '.config/sfcompose/config.json': JSON.stringify({
        version: 1,
        cluster: 'prod',
        clusters: { prod: { endpoint, insecure: true } },
      }),
      [client]: key + cert,
    });
    const host = createHost({ home: folder });
    const certFile = join(folder, client);
    const find = async (flags: ConnectionFlags) =>
      (await resolveConnection(flags, host, () => {})).commandTarget;
    const select = `sfctl cluster select --endpoint ${endpoint} --pem ${certFile} --no-verify`;
    expect(await find({ ...named, certFile })).toEqual({
      options: ['-c prod', `--cert-file ${certFile}`],
      sfctlSelect: select,
      shells: ['posix'],
    });
    expect(await find({ certFile })).toEqual({
      options: [`--cert-file ${certFile}`],
      sfctlSelect: select,
      shells: ['posix'],
    });
  });
});

describe('the passphrase', () => {
  const right = { SFCOMPOSE_PASSPHRASE: fixturePassphrase };
  const wrong = { SFCOMPOSE_PASSPHRASE: 'wrong' };

  /** The names `client.pfx`, `right` and `wrong` stand for files. */
  async function open(flags: ConnectionFlags, prod: object, env: Readonly<Record<string, string>>) {
    const files = createFolder({ 'client.pfx': modernPkcs12, right: fixturePassphrase, wrong: 'wrong' });
    const place = <T>(value: T): T =>
      JSON.parse(
        JSON.stringify(value, (_, text) =>
          /^(?:client\.pfx|right|wrong)$/.test(text) ? join(files, text) : text,
        ),
      );
    const clusters = { prod: { endpoint, ...place(prod) } };
    const home = createFolder({ '.config/sfcompose/config.json': JSON.stringify({ version: 1, clusters }) });
    const { certificate } = await resolveConnection(
      place({ ...named, ...flags }),
      createHost({ home, env }),
      () => {},
    );
    return certificate?.facts.thumbprint;
  }

  it.each<[string, ConnectionFlags, object, Readonly<Record<string, string>>]>([
    ['an option', { passphraseFile: 'right' }, { pfxFile: 'client.pfx', passphraseFile: 'wrong' }, wrong],
    ['the stored cluster', {}, { pfxFile: 'client.pfx', passphraseFile: 'right' }, wrong],
    ['a variable', {}, { pfxFile: 'client.pfx' }, right],
    [
      "a variable, not the stored cluster, for an option's certificate",
      { pfxFile: 'client.pfx' },
      { pfxFile: 'other.pfx', passphraseFile: 'wrong' },
      right,
    ],
  ])('comes from %s', async (_, flags, prod, env) => {
    expect(await open(flags, prod, env)).toBe(clientThumbprint);
  });
});
