/** Commands to be typed that reach the same cluster as the connection in use. */
import { type Endpoint, flagNamed } from '../settings.ts';
import { typedFile } from '../text.ts';
import type { ConnectionFlags } from './connection.ts';

/** The flags with a value that are for TLS alone. */
export const tlsFlags = [
  'caFile',
  'certFile',
  'keyFile',
  'pfxFile',
  'passphraseFile',
  'serverThumbprint',
] as const satisfies readonly (keyof ConnectionFlags)[];

export interface Reach {
  /** Options for a command of ours, each as it is typed. What the environment or sfctl say counts the next time as well. */
  readonly options: readonly string[];
  /** Lets sfctl choose the cluster; `undefined` where its own settings are what was used. */
  readonly sfctlSelect: string | undefined;
}

/** How sfctl is told of a certificate, or of what the server is known by: `--pem client.pem`. */
export type SfctlOptions = readonly string[];

export interface ReachFacts {
  readonly endpoint: Endpoint;
  /** Whether the endpoint is the one that sfctl chose. */
  readonly isSfctls: boolean;
  readonly certificate: SfctlOptions;
  readonly trust: SfctlOptions;
  readonly hasToken: boolean;
}

export function reachOf(
  flags: ConnectionFlags,
  { endpoint, isSfctls, certificate, trust, hasToken }: ReachFacts,
): Reach {
  const url = typedFile(endpoint.origin + endpoint.basePath, '<url>');
  const isKnown = certificate.length > 0 || hasToken;
  return {
    options: [
      ...(isSfctls ? [] : [`-e ${url}`]),
      ...[...tlsFlags, 'tokenFile' as const].flatMap((name) => {
        const value = flags[name];
        return value === undefined ? [] : [`${flagNamed(name)} ${typedFile(value)}`];
      }),
      ...(flags.insecure ? ['--insecure'] : []),
      // It may hold a password.
      ...(flags.tokenCommand === undefined ? [] : ['--token-command <command>']),
    ],
    sfctlSelect: isSfctls
      ? undefined
      : [
          `sfctl cluster select --endpoint ${url}`,
          ...(certificate.length > 0 ? certificate : hasToken ? ['--aad'] : []),
          // sfctl takes them beside a certificate or --aad only.
          ...(isKnown ? trust : []),
        ].join(' '),
  };
}

/** Completes a command of ours. */
export function reaching(command: string, { options }: Reach): string {
  return [command, ...options].join(' ');
}
