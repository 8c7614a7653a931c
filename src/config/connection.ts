/** How the cluster is reached and secured: from flags, the environment and sfctl's settings, all of it checked. */

import type { Reach } from '../platform/command-target.ts';
import { ExpectedError, usageError } from '../platform/errors.ts';
import { timeText, typedFile } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { Secret } from '../platform/secret.ts';
import {
  type ClientCertificate,
  readAuthorities,
  readPassphrase,
  readPemCertificate,
  readPkcs12,
} from './client-certificate.ts';
import { reachOf, type SfctlOptions, tlsFlags } from './command-target.ts';
import { tokenAdvice } from './credential-facts.ts';
import type { NamedFile } from './input-file.ts';
import { type HttpProxy, proxyFor } from './proxy.ts';
import { fallbackOf, flagNamed, type Given, given, parsed } from './setting.ts';
import {
  caFileSetting,
  certFileSetting,
  type Endpoint,
  endpointSetting,
  isLoopback,
  keyFileSetting,
  passphraseFileSetting,
  passphraseVariable,
  pfxFileSetting,
  serverThumbprintSetting,
  timeoutSetting,
  tokenFileSetting,
  tokenVariable,
} from './settings.ts';
import { type SfctlCluster, sfctlCluster } from './sfctl.ts';
import { type TokenSource, tokenFrom, tokenFromCommand, tokenFromFile } from './token-source.ts';

/** As they were typed; nothing is checked yet. */
export interface ConnectionFlags {
  readonly endpoint?: string;
  readonly timeout?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly pfxFile?: string;
  readonly passphraseFile?: string;
  readonly serverThumbprint?: string;
  readonly insecure?: boolean;
  readonly tokenFile?: string;
  readonly tokenCommand?: string;
}

export interface Connection {
  readonly endpoint: Endpoint;
  /** The server's time for one request, in seconds. */
  readonly timeout: number;
  readonly trust: Trust;
  readonly certificate: ClientCertificate | undefined;
  readonly token: TokenSource | undefined;
  readonly proxy: HttpProxy | undefined;
  /** All of it for people, one setting each. */
  readonly inForce: readonly InForce[];
  /** Commands that reach the same cluster. */
  readonly reach: Reach;
}

/** Which server certificates are accepted. */
export type Trust =
  /** Those for the host's name from an authority that this system trusts. */
  | { readonly by: 'system' }
  /** Those for the host's name from one of these authorities, each in PEM. */
  | { readonly by: 'authorities'; readonly authorities: readonly string[] }
  /** Exactly one, whatever it says: SHA-1 or SHA-256 in hex, upper case, without colons. */
  | { readonly by: 'thumbprint'; readonly thumbprint: string }
  /** Any. */
  | { readonly by: 'nobody' };

/** A setting with its value, and the same for sfctl. */
interface ForSfctl<T> extends Given<T> {
  readonly forSfctl: SfctlOptions;
}

/** A setting, its value in words, and where it is from: `--endpoint`, `SFCOMPOSE_ENDPOINT`, `default`. As they came. */
export interface InForce {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

/**
 * Resolves and checks everything, files included, before anything is sent.
 * @param trace told of what happens to tokens later on
 * @throws a usage error
 */
export async function connectionOf(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): Promise<Connection> {
  const timeout = given(timeoutSetting, flags.timeout, host.env) ?? fallbackOf(timeoutSetting);
  const own = given(endpointSetting, flags.endpoint, host.env);
  const sfctl = own ? undefined : await sfctlCluster(host);
  const endpoint = own ?? (sfctl ? endpointOf(sfctl) : fallbackOf(endpointSetting));
  const { isTls } = endpoint.value;
  if (!isTls) refuseWithoutTls(flags, endpoint);
  const trust = isTls ? await trustOf(flags, sfctl, host) : undefined;
  const certificate = isTls ? await certificateOf(flags, sfctl, host) : undefined;
  const token = tokenOf(flags, host, trace);
  if (token) refuseInTheClear(token, endpoint.value);
  else if (sfctl?.entra && !certificate) throw wantsToken(sfctl.entra);
  const proxy = proxyFor(endpoint.value, host.env);
  return {
    endpoint: endpoint.value,
    timeout: timeout.value,
    trust: trust?.value ?? { by: 'system' },
    certificate: certificate?.value,
    token,
    proxy,
    inForce: [
      inForce('endpoint', endpoint, ({ origin, basePath }) => origin + basePath),
      inForce('timeout', timeout, (seconds) => `${seconds} s`),
      ...(trust ? [inForce('trust', trust, trustWords)] : []),
      ...(certificate ? [inForce('client certificate', certificate, certificateWords)] : []),
      ...(token ? [{ name: 'token', value: 'a bearer token', from: token.from }] : []),
      ...(proxy ? [{ name: 'proxy', value: proxy.origin, from: proxy.from }] : []),
    ],
    reach: reachOf(flags, {
      endpoint: endpoint.value,
      isSfctls: sfctl !== undefined,
      certificate: certificate?.forSfctl ?? [],
      trust: trust?.forSfctl ?? [],
      hasToken: token !== undefined,
    }),
  };
}

function inForce<T>(name: string, { value, from }: Given<T>, words: (value: T) => string): InForce {
  return { name, value: words(value), from };
}

function endpointOf({ endpoint: { value, from } }: SfctlCluster): Given<Endpoint> {
  return { value: parsed(endpointSetting, value, from), from };
}

/** An option that would do nothing is a mistake. A variable may be meant for other clusters. */
function refuseWithoutTls(flags: ConnectionFlags, { value, from }: Given<Endpoint>): void {
  const useless = [...tlsFlags, 'insecure' as const].find((name) => flags[name] !== undefined);
  if (useless)
    throw usageError(`${flagNamed(useless)} is for https://, but the endpoint is ${value.origin} (${from}).`);
}

/** What is given by flag and by the environment, each taken whole: parts of two places do not fit each other. */
function layersOf(flags: ConnectionFlags, env: Host['env']) {
  return [
    { flags, env: {} },
    { flags: {} as ConnectionFlags, env },
  ];
}

async function trustOf(
  allFlags: ConnectionFlags,
  sfctl: SfctlCluster | undefined,
  host: Host,
): Promise<ForSfctl<Trust>> {
  const issuedBy = async (file: NamedFile): Promise<ForSfctl<Trust>> => ({
    value: { by: 'authorities', authorities: await readAuthorities(file, host) },
    from: named(file),
    forSfctl: [`--ca ${typedFile(file.path)}`],
  });
  // sfctl cannot check a thumbprint.
  const unchecked = { forSfctl: ['--no-verify'] };
  for (const { flags, env } of layersOf(allFlags, host.env)) {
    const file = given(caFileSetting, flags.caFile, env);
    const thumbprint = given(serverThumbprintSetting, flags.serverThumbprint, env);
    refuseTogether(file?.from, thumbprint?.from, flags.insecure ? '--insecure' : undefined);
    if (flags.insecure) return { value: { by: 'nobody' }, from: '--insecure', ...unchecked };
    if (thumbprint)
      return {
        value: { by: 'thumbprint', thumbprint: thumbprint.value },
        from: thumbprint.from,
        ...unchecked,
      };
    if (file) return issuedBy({ path: file.value, from: file.from });
  }
  if (sfctl?.authorities) return issuedBy(sfctl.authorities);
  if (sfctl?.noVerify) return { value: { by: 'nobody' }, from: sfctl.noVerify, ...unchecked };
  return { value: { by: 'system' }, from: 'default', forSfctl: [] };
}

async function certificateOf(
  allFlags: ConnectionFlags,
  sfctl: SfctlCluster | undefined,
  host: Host,
): Promise<ForSfctl<ClientCertificate> | undefined> {
  const passphrase = () => passphraseOf(allFlags, host);
  const fromPem = async (file: NamedFile, key: NamedFile | undefined) => ({
    value: await readPemCertificate(file, key, await passphrase(), host),
    from: named(file),
    forSfctl: key
      ? [`--cert ${typedFile(file.path)} --key ${typedFile(key.path)}`]
      : [`--pem ${typedFile(file.path)}`],
  });
  for (const { flags, env } of layersOf(allFlags, host.env)) {
    const certificate = fileOf(given(certFileSetting, flags.certFile, env));
    const key = fileOf(given(keyFileSetting, flags.keyFile, env));
    const pfx = fileOf(given(pfxFileSetting, flags.pfxFile, env));
    refuseTogether(certificate?.from ?? key?.from, pfx?.from);
    if (pfx)
      return {
        value: await readPkcs12(pfx, await passphrase(), host),
        from: named(pfx),
        // sfctl does not read PKCS#12.
        forSfctl: ['--pem <certificate and key in PEM>'],
      };
    if (certificate) return fromPem(certificate, key);
    if (key)
      throw usageError(`${key.from} needs ${flags.keyFile ? '--cert-file' : certFileSetting.variable}.`);
  }
  if (sfctl?.certificate) return fromPem(sfctl.certificate, sfctl.key);
  if (allFlags.passphraseFile !== undefined)
    throw usageError('--passphrase-file needs --pfx-file or --cert-file.');
  return undefined;
}

async function passphraseOf(flags: ConnectionFlags, host: Host): Promise<Secret | undefined> {
  const file = fileOf(given(passphraseFileSetting, flags.passphraseFile, host.env));
  if (file) return readPassphrase(file, host);
  const text = host.env[passphraseVariable];
  return text ? new Secret(text) : undefined;
}

function tokenOf(flags: ConnectionFlags, host: Host, trace: (line: string) => void): TokenSource | undefined {
  const file = fileOf(given(tokenFileSetting, flags.tokenFile, {}));
  refuseTogether(file?.from, flags.tokenCommand === undefined ? undefined : '--token-command');
  if (flags.tokenCommand !== undefined) return tokenFromCommand(flags.tokenCommand, host, trace);
  if (file) return tokenFromFile(file, host, trace);
  const text = host.env[tokenVariable];
  return text ? tokenFrom(text, tokenVariable) : undefined;
}

function refuseInTheClear({ from }: TokenSource, { isTls, host, origin }: Endpoint): void {
  if (isTls || isLoopback(host)) return;
  throw usageError(
    `${from} would be sent to ${origin} in the clear, where anybody on the way can read it; the endpoint must be https://.`,
  );
}

function wantsToken({ authority, cluster, from }: NonNullable<SfctlCluster['entra']>): ExpectedError {
  const tenant = authority.replace(/\/+$/, '').split('/').at(-1) ?? '';
  const { explanation } = usageError(
    `${from} is "aad": that cluster takes tokens of Microsoft Entra ID, and sfctl's own are not read.`,
  );
  return new ExpectedError({ ...explanation, next: tokenAdvice({ tenant, cluster }) });
}

function refuseTogether(...given: readonly (string | undefined)[]): void {
  const names = given.filter((name) => name !== undefined);
  if (names.length > 1) throw usageError(`${names.join(' and ')} contradict each other; give one of them.`);
}

function fileOf(file: Given<string> | undefined): NamedFile | undefined {
  return file && { path: file.value, from: file.from };
}

function named({ path, from }: NamedFile): string {
  return `${from} ${path}`;
}

function trustWords(trust: Trust): string {
  switch (trust.by) {
    case 'system':
      return 'server certificates from an authority that this system trusts';
    case 'authorities':
      return 'server certificates from an authority in the file';
    case 'thumbprint':
      return `the server certificate with the thumbprint ${trust.thumbprint}`;
    case 'nobody':
      return 'any server certificate, unchecked';
  }
}

function certificateWords({ facts }: ClientCertificate): string {
  return `${facts.subject}, thumbprint ${facts.thumbprint}, valid until ${timeText(facts.validTo)}`;
}
