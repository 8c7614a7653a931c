/** Resolves the connection to the cluster from flags, the environment and sfctl's configuration. */
import type { CommandTarget } from '../platform/command-target.ts';
import { type ExpectedError, usageError } from '../platform/errors.ts';
import { formatTime } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { buildCommandTarget } from './build-command-target.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { type ConnectionFlags, rejectConflict, tlsFlags } from './connection-flags.ts';
import { suggestToken } from './credential-facts.ts';
import { type Endpoint, formatEndpoint, isLoopback } from './endpoint.ts';
import { toNamedFile } from './input-file.ts';
import { findProxy, type HttpProxy } from './proxy.ts';
import { resolveCertificate } from './resolve-certificate.ts';
import { findValue, getDefault, parseSetting, type Sourced, toFlag } from './setting.ts';
import { endpointSetting, timeoutSetting, tokenFileSetting, tokenVariable } from './settings.ts';
import { readSfctlCluster, type SfctlCluster } from './sfctl.ts';
import {
  createCommandTokenSource,
  createFileTokenSource,
  createTokenSource,
  type TokenSource,
} from './token-source.ts';
import { describeTrust, resolveTrust, type Trust } from './trust.ts';

/** The checked settings of a connection to a cluster. */
export interface Connection {
  /** Name of the stored cluster in use; `undefined` if the endpoint comes from elsewhere. */
  readonly cluster: string | undefined;
  /** The cluster's name on screens: that of the stored cluster, or host and port. */
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
 * Resolves and checks all connection settings, files included, without sending anything.
 * @param trace receives a line for each event of a token, also after this call
 * @throws a usage error
 */
export async function resolveConnection(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): Promise<Connection> {
  const timeout = findValue(timeoutSetting, flags.timeout, host.env) ?? getDefault(timeoutSetting);
  const ownEndpoint = findValue(endpointSetting, flags.endpoint, host.env);
  const sfctl = ownEndpoint ? undefined : await readSfctlCluster(host);
  const endpoint = ownEndpoint ?? (sfctl ? parseSfctlEndpoint(sfctl) : getDefault(endpointSetting));
  const { isTls } = endpoint.value;
  if (!isTls) rejectTlsFlags(flags, endpoint);
  const trust = isTls ? await resolveTrust(flags, sfctl, host) : undefined;
  const certificate = isTls ? await resolveCertificate(flags, sfctl, host) : undefined;
  const token = resolveToken(flags, host, trace);
  if (token) rejectTokenWithoutTls(token, endpoint.value);
  else if (sfctl?.entra && !certificate) throw tokenRequiredError(sfctl.entra);
  const proxy = findProxy(endpoint.value, host.env);
  return {
    cluster: undefined,
    clusterName: new URL(formatEndpoint(endpoint.value)).host,
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
    commandTarget: buildCommandTarget(flags, {
      endpoint: endpoint.value,
      isFromSfctl: sfctl !== undefined,
      certificate: certificate?.sfctlOptions ?? [],
      trust: trust?.sfctlOptions ?? [],
      hasToken: token !== undefined,
    }),
  };
}

/** Resolves one connection for each cluster. */
export async function resolveConnections(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): Promise<readonly Connection[]> {
  return [await resolveConnection(flags, host, trace)];
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

function parseSfctlEndpoint({ endpoint: { value, from } }: SfctlCluster): Sourced<Endpoint> {
  return { value: parseSetting(endpointSetting, value, from), from };
}

/** Rejects options that would have no effect. Variables may be meant for other clusters. */
function rejectTlsFlags(flags: ConnectionFlags, { value, from }: Sourced<Endpoint>): void {
  const useless = [...tlsFlags, 'insecure' as const].find((name) => flags[name] !== undefined);
  if (useless)
    throw usageError(`${toFlag(useless)} requires https://, but the endpoint is ${value.origin} (${from}).`);
}

function resolveToken(
  flags: ConnectionFlags,
  host: Host,
  trace: (line: string) => void,
): TokenSource | undefined {
  const file = toNamedFile(findValue(tokenFileSetting, flags.tokenFile, {}));
  rejectConflict(file?.from, flags.tokenCommand === undefined ? undefined : '--token-command');
  if (flags.tokenCommand !== undefined) return createCommandTokenSource(flags.tokenCommand, host, trace);
  if (file) return createFileTokenSource(file, host, trace);
  const text = host.env[tokenVariable];
  return text ? createTokenSource(text, tokenVariable) : undefined;
}

function rejectTokenWithoutTls({ from }: TokenSource, { isTls, host, origin }: Endpoint): void {
  if (isTls || isLoopback(host)) return;
  throw usageError(
    `${from} would be sent to ${origin} in clear text. Use an https:// endpoint, so that nobody can read the token.`,
  );
}

function tokenRequiredError({ authority, cluster, from }: NonNullable<SfctlCluster['entra']>): ExpectedError {
  const tenant = authority?.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return usageError(
    `${from} is "aad": the cluster requires a Microsoft Entra ID token, and sfcompose does not read sfctl's own tokens.`,
    suggestToken({ tenant, cluster: cluster ?? '' }),
  );
}
