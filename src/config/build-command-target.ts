/** Builds the options that let a printed command address the cluster of the current connection. */
import type { CommandTarget } from '../platform/command-target.ts';
import { formatArgument, formatPathArgument } from '../platform/format.ts';
import type { Shells } from '../platform/shell-quoting.ts';
import { type ConnectionSettings, tlsFlags } from './connection-flags.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';
import { type Sourced, toFlag } from './setting.ts';

/** Options of `sfctl cluster select`, such as `--pem client.pem`. */
type SfctlOptions = readonly string[];

/** A setting with its source, and the sfctl options with the same effect. */
export interface WithSfctlOptions<T> extends Sourced<T> {
  readonly sfctlOptions: SfctlOptions;
}

/** The connection that printed commands must repeat. */
export interface CommandTargetFacts {
  readonly endpoint: Endpoint;
  /** Name of the stored cluster, if the command line names it. */
  readonly cluster: string | undefined;
  /** Whether the next command has the same cluster without an option: a stored cluster, or sfctl's. */
  readonly isImplied: boolean;
  /** Whether the endpoint comes from sfctl's configuration. */
  readonly isFromSfctl: boolean;
  readonly certificate: SfctlOptions;
  readonly trust: SfctlOptions;
  readonly hasToken: boolean;
  readonly shells: Shells;
}

/** Repeats the connection flags. Settings from the environment, a stored cluster and sfctl apply without being repeated. */
export function buildCommandTarget(
  flags: ConnectionSettings,
  { endpoint, cluster, isImplied, isFromSfctl, certificate, trust, hasToken, shells }: CommandTargetFacts,
): CommandTarget {
  const url = formatArgument(formatEndpoint(endpoint), shells, '<url>');
  const hasIdentity = certificate.length > 0 || hasToken;
  return {
    options: [
      ...(cluster ? [`-c ${cluster}`] : isImplied ? [] : [`-e ${url}`]),
      ...[...tlsFlags, 'tokenFile' as const].flatMap((name) => {
        const value = flags[name];
        return value === undefined ? [] : [`${toFlag(name)} ${formatPathArgument(value, shells)}`];
      }),
      ...(flags.insecure ? ['--insecure'] : []),
      // The command may contain a password.
      ...(flags.tokenCommand === undefined ? [] : ['--token-command <command>']),
    ],
    sfctlSelect: isFromSfctl
      ? undefined
      : [
          `sfctl cluster select --endpoint ${url}`,
          ...(certificate.length > 0 ? certificate : hasToken ? ['--aad'] : []),
          // sfctl rejects --ca and --no-verify without a certificate or --aad.
          ...(hasIdentity ? trust : []),
        ].join(' '),
    shells,
  };
}
