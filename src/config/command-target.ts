/** Builds commands that commandTarget the same cluster as the connection in use. */

import type { CommandTarget } from '../platform/command-target.ts';
import { formatPathArgument } from '../platform/format.ts';
import type { ConnectionFlags } from './connection.ts';
import { toFlag } from './setting.ts';
import type { Endpoint } from './settings.ts';

/** Flags with a value that apply to TLS only. */
export const tlsFlags = [
  'caFile',
  'certFile',
  'keyFile',
  'pfxFile',
  'passphraseFile',
  'serverThumbprint',
] as const satisfies readonly (keyof ConnectionFlags)[];

/** Options of `sfctl cluster select`, such as `--pem client.pem`. */
export type SfctlOptions = readonly string[];

export interface CommandTargetFacts {
  readonly endpoint: Endpoint;
  /** Whether the endpoint came from sfctl's configuration. */
  readonly isSfctls: boolean;
  readonly certificate: SfctlOptions;
  readonly trust: SfctlOptions;
  readonly hasToken: boolean;
}

export function buildCommandTarget(
  flags: ConnectionFlags,
  { endpoint, isSfctls, certificate, trust, hasToken }: CommandTargetFacts,
): CommandTarget {
  const url = formatPathArgument(endpoint.origin + endpoint.basePath, '<url>');
  const isKnown = certificate.length > 0 || hasToken;
  return {
    options: [
      ...(isSfctls ? [] : [`-e ${url}`]),
      ...[...tlsFlags, 'tokenFile' as const].flatMap((name) => {
        const value = flags[name];
        return value === undefined ? [] : [`${toFlag(name)} ${formatPathArgument(value)}`];
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
          // sfctl refuses --ca and --no-verify without a certificate or --aad.
          ...(isKnown ? trust : []),
        ].join(' '),
  };
}
