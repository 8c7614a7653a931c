/** How the cluster is reached and secured: from flags, the environment and sfctl's settings, all of it checked. */

import type { CommandTarget } from '../platform/command-target.ts';
import { ExpectedError, usageError } from '../platform/errors.ts';
import { formatPathArgument, formatTime } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { Secret } from '../platform/secret.ts';
import {
  type ClientCertificate,
  readAuthorities,
  readPassphrase,
  readPemCertificate,
  readPkcs12,
} from './client-certificate.ts';
import { buildCommandTarget, type SfctlOptions, tlsFlags } from './command-target.ts';
import { tokenAdvice } from './credential-facts.ts';
import type { NamedFile } from './input-file.ts';
import { findProxy, type HttpProxy } from './proxy.ts';
import { findValue, getDefault, parseSetting, type Sourced, toFlag } from './setting.ts';
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
import { readSfctlCluster, type SfctlCluster } from './sfctl.ts';
import {
  createCommandTokenSource,
  createFileTokenSource,
  createTokenSource,
  type TokenSource,
} from './token-source.ts';

/** As they were typed; nothing is checked yet. */
export interface ConnectionFlags {
  readonly endpoint?: string | undefined;
  readonly timeout?: string | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly pfxFile?: string | undefined;
  readonly passphraseFile?: string | undefined;
  readonly serverThumbprint?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly tokenFile?: string | undefined;
  readonly tokenCommand?: string | undefined;
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
  readonly effectiveSettings: readonly EffectiveSetting[];
  /** Commands that commandTarget the same cluster. */
  readonly commandTarget: CommandTarget;
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
interface WithSfctlOptions<T> extends Sourced<T> {
  readonly forSfctl: SfctlOptions;
}

/** A setting, its value in words, and where it is from: `--endpoint`, `SFCOMPOSE_ENDPOINT`, `default`. As they came. */
export interface EffectiveSetting {
  readonly name: string;
  readonly value: string;
  readonly from: string;
}

/**
 * Resolves and checks everything, files included, before anything is sent.
 * @param trace told of what happens to tokens later on
 * @throws a usage error
 */
export async function resolveConnection(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): Promise<Connection> {
  const timeout = findValue(timeoutSetting, flags.timeout, host.env) ?? getDefault(timeoutSetting);
  const own = findValue(endpointSetting, flags.endpoint, host.env);
  const sfctl = own ? undefined : await readSfctlCluster(host);
  const endpoint = own ?? (sfctl ? describeEndpoint(sfctl) : getDefault(endpointSetting));
  const { isTls } = endpoint.value;
  if (!isTls) refuseWithoutTls(flags, endpoint);
  const trust = isTls ? await resolveTrust(flags, sfctl, host) : undefined;
  const certificate = isTls ? await resolveCertificate(flags, sfctl, host) : undefined;
  const token = resolveToken(flags, host, trace);
  if (token) refuseTokenWithoutTls(token, endpoint.value);
  else if (sfctl?.entra && !certificate) throw tokenRequiredError(sfctl.entra);
  const proxy = findProxy(endpoint.value, host.env);
  return {
    endpoint: endpoint.value,
    timeout: timeout.value,
    trust: trust?.value ?? { by: 'system' },
    certificate: certificate?.value,
    token,
    proxy,
    effectiveSettings: [
      effectiveSetting('endpoint', endpoint, ({ origin, basePath }) => origin + basePath),
      effectiveSetting('timeout', timeout, (seconds) => `${seconds} s`),
      ...(trust ? [effectiveSetting('trust', trust, describeTrust)] : []),
      ...(certificate ? [effectiveSetting('client certificate', certificate, describeCertificate)] : []),
      ...(token ? [{ name: 'token', value: 'a bearer token', from: token.from }] : []),
      ...(proxy ? [{ name: 'proxy', value: proxy.origin, from: proxy.from }] : []),
    ],
    commandTarget: buildCommandTarget(flags, {
      endpoint: endpoint.value,
      isSfctls: sfctl !== undefined,
      certificate: certificate?.forSfctl ?? [],
      trust: trust?.forSfctl ?? [],
      hasToken: token !== undefined,
    }),
  };
}

function effectiveSetting<T>(
  name: string,
  { value, from }: Sourced<T>,
  words: (value: T) => string,
): EffectiveSetting {
  return { name, value: words(value), from };
}

function describeEndpoint({ endpoint: { value, from } }: SfctlCluster): Sourced<Endpoint> {
  return { value: parseSetting(endpointSetting, value, from), from };
}

/** An option that would do nothing is a mistake. A variable may be meant for other clusters. */
function refuseWithoutTls(flags: ConnectionFlags, { value, from }: Sourced<Endpoint>): void {
  const useless = [...tlsFlags, 'insecure' as const].find((name) => flags[name] !== undefined);
  if (useless)
    throw usageError(`${toFlag(useless)} is for https://, but the endpoint is ${value.origin} (${from}).`);
}

/** What is given by flag and by the environment, each taken whole: parts of two places do not fit each other. */
function listSources(flags: ConnectionFlags, env: Host['env']) {
  return [
    { flags, env: {} },
    { flags: {} as ConnectionFlags, env },
  ];
}

async function resolveTrust(
  allFlags: ConnectionFlags,
  sfctl: SfctlCluster | undefined,
  host: Host,
): Promise<WithSfctlOptions<Trust>> {
  const issuedBy = async (file: NamedFile): Promise<WithSfctlOptions<Trust>> => ({
    value: { by: 'authorities', authorities: await readAuthorities(file, host) },
    from: formatFileName(file),
    forSfctl: [`--ca ${formatPathArgument(file.path)}`],
  });
  // sfctl cannot check a thumbprint.
  const unchecked = { forSfctl: ['--no-verify'] };
  for (const { flags, env } of listSources(allFlags, host.env)) {
    const file = findValue(caFileSetting, flags.caFile, env);
    const thumbprint = findValue(serverThumbprintSetting, flags.serverThumbprint, env);
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

async function resolveCertificate(
  allFlags: ConnectionFlags,
  sfctl: SfctlCluster | undefined,
  host: Host,
): Promise<WithSfctlOptions<ClientCertificate> | undefined> {
  const passphrase = () => resolvePassphrase(allFlags, host);
  const fromPem = async (file: NamedFile, key: NamedFile | undefined) => ({
    value: await readPemCertificate(file, key, await passphrase(), host),
    from: formatFileName(file),
    forSfctl: key
      ? [`--cert ${formatPathArgument(file.path)} --key ${formatPathArgument(key.path)}`]
      : [`--pem ${formatPathArgument(file.path)}`],
  });
  for (const { flags, env } of listSources(allFlags, host.env)) {
    const certificate = toNamedFile(findValue(certFileSetting, flags.certFile, env));
    const key = toNamedFile(findValue(keyFileSetting, flags.keyFile, env));
    const pfx = toNamedFile(findValue(pfxFileSetting, flags.pfxFile, env));
    refuseTogether(certificate?.from ?? key?.from, pfx?.from);
    if (pfx)
      return {
        value: await readPkcs12(pfx, await passphrase(), host),
        from: formatFileName(pfx),
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

async function resolvePassphrase(flags: ConnectionFlags, host: Host): Promise<Secret | undefined> {
  const file = toNamedFile(findValue(passphraseFileSetting, flags.passphraseFile, host.env));
  if (file) return readPassphrase(file, host);
  const text = host.env[passphraseVariable];
  return text ? new Secret(text) : undefined;
}

function resolveToken(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): TokenSource | undefined {
  const file = toNamedFile(findValue(tokenFileSetting, flags.tokenFile, {}));
  refuseTogether(file?.from, flags.tokenCommand === undefined ? undefined : '--token-command');
  if (flags.tokenCommand !== undefined) return createCommandTokenSource(flags.tokenCommand, host, trace);
  if (file) return createFileTokenSource(file, host, trace);
  const text = host.env[tokenVariable];
  return text ? createTokenSource(text, tokenVariable) : undefined;
}

function refuseTokenWithoutTls({ from }: TokenSource, { isTls, host, origin }: Endpoint): void {
  if (isTls || isLoopback(host)) return;
  throw usageError(
    `${from} would be sent to ${origin} in the clear, where anybody on the way can read it; the endpoint must be https://.`,
  );
}

function tokenRequiredError({ authority, cluster, from }: NonNullable<SfctlCluster['entra']>): ExpectedError {
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

function toNamedFile(file: Sourced<string> | undefined): NamedFile | undefined {
  return file && { path: file.value, from: file.from };
}

function formatFileName({ path, from }: NamedFile): string {
  return `${from} ${path}`;
}

function describeTrust(trust: Trust): string {
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

function describeCertificate({ facts }: ClientCertificate): string {
  return `${facts.subject}, thumbprint ${facts.thumbprint}, valid until ${formatTime(facts.validTo)}`;
}
