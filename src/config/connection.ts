/** Resolves the connection to a cluster from all sources of settings. */
import type { CommandTarget } from '../platform/command-target.ts';
import { type ExpectedError, usageError } from '../platform/errors.ts';
import { formatTime } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { buildCommandTarget } from './build-command-target.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { type ConnectionFlags, rejectConflict, tlsFlags } from './connection-flags.ts';
import { suggestToken } from './credential-facts.ts';
import { type Endpoint, formatEndpoint, isLoopback } from './endpoint.ts';
import { findProxy, type HttpProxy } from './proxy.ts';
import { resolveCertificate } from './resolve-certificate.ts';
import { listNames, type SelectedCluster, selectClusters } from './select-cluster.ts';
import { getDefault, type Sourced } from './setting.ts';
import { findFile, findSetting, type SettingSource } from './setting-source.ts';
import { endpointSetting, timeoutSetting } from './settings.ts';
import type { SfctlCluster } from './sfctl.ts';
import {
  createCommandTokenSource,
  createFileTokenSource,
  createTokenSource,
  type TokenSource,
} from './token-source.ts';
import { describeTrust, resolveTrust, type Trust } from './trust.ts';

/** The checked settings of a connection to a cluster. */
export interface Connection {
  /** Name of the stored cluster, whatever selected it; `undefined` for any other cluster. */
  readonly cluster: string | undefined;
  /** Name for screens: that of the stored cluster, else host and port. */
  readonly clusterName: string;
  readonly endpoint: Endpoint;
  /** The server's time limit for one request, in seconds. */
  readonly timeoutSeconds: number;
  readonly trust: Trust;
  readonly certificate: ClientCertificate | undefined;
  readonly token: TokenSource | undefined;
  readonly proxy: HttpProxy | undefined;
  /** Description of all these settings, for people. */
  readonly effectiveSettings: readonly EffectiveSetting[];
  /** Makes a printed command address the same cluster. */
  readonly commandTarget: CommandTarget;
}

/** Description of a setting, for people. Texts may be unsafe to print. */
export interface EffectiveSetting {
  readonly name: string;
  readonly value: string;
  /** The source of the value: `--endpoint`, `SFCOMPOSE_ENDPOINT`, `default`. */
  readonly from: string;
}

/**
 * Resolves and checks all connection settings of one cluster, files included, without sending anything.
 * @param trace receives a line for each event of a token, also after this call
 * @throws a usage error, also for several clusters
 */
export async function resolveConnection(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): Promise<Connection> {
  const names = listNames(flags);
  if (names.length > 1)
    throw usageError(
      `Only one --cluster can be given here, but there are ${names.length}: ${names.join(', ')}.`,
    );
  const [connection] = await resolveConnections(flags, host, trace);
  return connection;
}

/**
 * Resolves the connections of all clusters that the command line names, like {@link resolveConnection}.
 * @returns one for each name, in order and without duplicates; otherwise one
 */
export async function resolveConnections(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): Promise<readonly [Connection, ...Connection[]]> {
  const [first, ...others] = await selectClusters(flags, host);
  const resolve = (selected: SelectedCluster) => resolveSelected(selected, host, trace);
  return [await resolve(first), ...(await Promise.all(others.map(resolve)))];
}

/** Resolves and checks the settings of a selected cluster. @throws a usage error */
export async function resolveSelected(
  { sources, name, isNamedByFlag, sfctl, strictSources }: SelectedCluster,
  host: Host,
  trace: (line: string) => void,
): Promise<Connection> {
  const timeout = findFirst(sources, 'timeout') ?? getDefault(timeoutSetting);
  const endpoint = findFirst(sources, 'endpoint') ?? getDefault(endpointSetting);
  const { isTls, origin } = endpoint.value;
  if (!isTls) rejectTlsSettings(strictSources, endpoint);
  const trust = isTls ? await resolveTrust(sources, host) : undefined;
  const certificate = isTls ? await resolveCertificate(sources, host) : undefined;
  const token = resolveToken(sources, host, trace);
  if (token) rejectTokenWithoutTls(token, endpoint.value);
  else if (sfctl?.entra && !certificate) throw tokenRequiredError(sfctl.entra, host);
  const proxy = findProxy(endpoint.value, host.env);
  return {
    cluster: name,
    clusterName: name ?? new URL(origin).host,
    endpoint: endpoint.value,
    timeoutSeconds: timeout.value,
    trust: trust?.value ?? { by: 'system' },
    certificate: certificate?.value,
    token,
    proxy,
    effectiveSettings: [
      describeSetting('endpoint', endpoint, formatEndpoint),
      describeSetting('timeout', timeout, (seconds) => `${seconds} s`),
      ...(trust ? [describeSetting('trust', trust, describeTrust)] : []),
      ...(certificate ? [describeSetting('client certificate', certificate, describeCertificate)] : []),
      ...(token ? [{ name: 'token', value: 'a bearer token', from: token.from }] : []),
      ...(proxy ? [{ name: 'proxy', value: proxy.origin, from: proxy.from }] : []),
    ],
    commandTarget: buildCommandTarget(sources[0].settings, {
      endpoint: endpoint.value,
      cluster: isNamedByFlag ? name : undefined,
      isImplied: sfctl !== undefined || name !== undefined,
      isFromSfctl: sfctl !== undefined,
      certificate: certificate?.sfctlOptions ?? [],
      trust: trust?.sfctlOptions ?? [],
      hasToken: token !== undefined,
      shells: host.shells,
    }),
  };
}

function findFirst<Name extends 'endpoint' | 'timeout'>(sources: readonly SettingSource[], name: Name) {
  const source = sources.find(({ settings }) => settings[name] !== undefined);
  return source && findSetting(source, name);
}

function describeSetting<T>(
  name: string,
  { value, from }: Sourced<T>,
  describe: (value: T) => string,
): EffectiveSetting {
  return { name, value: describe(value), from };
}

function describeCertificate({ facts }: ClientCertificate): string {
  return `${facts.subject}, thumbprint ${facts.thumbprint}, valid until ${formatTime(facts.validTo)}`;
}

/** Rejects settings that would have no effect. */
function rejectTlsSettings(sources: readonly SettingSource[], { value, from }: Sourced<Endpoint>): void {
  for (const { settings, describe } of sources) {
    const useless = [...tlsFlags, 'insecure' as const].find((name) => settings[name]);
    if (useless)
      throw usageError(
        `${describe(useless)} requires https://, but the endpoint is ${value.origin} (${from}).`,
      );
  }
}

/** Resolves the token from the first source that has one. */
function resolveToken(
  sources: readonly SettingSource[],
  host: Host,
  trace: (line: string) => void,
): TokenSource | undefined {
  for (const source of sources) {
    const { tokenCommand, token } = source.settings;
    const from = source.describe('tokenCommand');
    const file = findFile(source, 'tokenFile');
    rejectConflict(file?.from, tokenCommand === undefined ? undefined : from);
    if (tokenCommand !== undefined)
      return createCommandTokenSource({ value: tokenCommand, from }, host, trace);
    if (file) return createFileTokenSource(file, host, trace);
    if (token) return createTokenSource(token.reveal(), source.describe('token'));
  }
  return undefined;
}

function rejectTokenWithoutTls({ from }: TokenSource, { isTls, host, origin }: Endpoint): void {
  if (isTls || isLoopback(host)) return;
  throw usageError(
    `${from} would be sent to ${origin} in clear text. Use an https:// endpoint, so that nobody can read the token.`,
  );
}

function tokenRequiredError(
  { authority, cluster, from }: NonNullable<SfctlCluster['entra']>,
  { shells }: Host,
): ExpectedError {
  const tenant = authority?.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return usageError(
    `${from} is "aad": the cluster requires a Microsoft Entra ID token, and sfcompose does not read sfctl's own tokens.`,
    suggestToken({ tenant, cluster: cluster ?? '' }, shells),
  );
}
