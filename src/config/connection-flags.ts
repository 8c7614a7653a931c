/** The command-line options that describe a connection. */
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';

/** Connection options as typed, unchecked. */
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

/** Flags with a value that apply to TLS only. */
export const tlsFlags = [
  'caFile',
  'certFile',
  'keyFile',
  'pfxFile',
  'passphraseFile',
  'serverThumbprint',
] as const satisfies readonly (keyof ConnectionFlags)[];

/**
 * Lists the sources of related settings in order of precedence: all flags, then all variables. Settings are
 * never mixed from both, because a certificate from one and a key from the other do not match.
 */
export function listSources(flags: ConnectionFlags, env: Host['env']) {
  return [
    { flags, env: {} },
    { flags: {} as ConnectionFlags, env },
  ];
}

/** @throws a usage error if more than one of the mutually exclusive options or variables is set */
export function refuseContradiction(...names: readonly (string | undefined)[]): void {
  const set = names.filter((name) => name !== undefined);
  if (set.length > 1) throw usageError(`${set.join(' and ')} contradict each other; give one of them.`);
}
