/** Command-line options that describe a connection. */
import { usageError } from '../platform/errors.ts';

/** Connection options as typed, unchecked. */
export interface ConnectionFlags extends ConnectionSettings {
  /** Names of stored clusters, in order. */
  readonly cluster?: readonly string[] | undefined;
}

/** Settings of a connection, unchecked. */
export interface ConnectionSettings {
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

/** Flags with a value that apply only to TLS. */
export const tlsFlags = [
  'caFile',
  'certFile',
  'keyFile',
  'pfxFile',
  'passphraseFile',
  'serverThumbprint',
] as const satisfies readonly (keyof ConnectionSettings)[];

/** Rejects mutually exclusive options and variables. @throws a usage error if more than one is set */
export function rejectConflict(...names: readonly (string | undefined)[]): void {
  const set = names.filter((name) => name !== undefined);
  if (set.length > 1) throw usageError(`${set.join(' and ')} cannot be combined. Use one of them.`);
}
