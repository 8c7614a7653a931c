/** Resolves the credentials with which the cluster pulls images. The command line takes no secrets. */
import { interruptedError, usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { literal, printable } from '../platform/printable.ts';
import { Secret } from '../platform/secret.ts';
import { decodeText } from './decode-text.ts';
import { readSecretFile } from './input-file.ts';
import { findValue } from './setting.ts';
import { createFileSetting } from './settings.ts';
import { readStdin } from './stdin.ts';
import { explainVariable } from './undefined-variable.ts';

/** Credentials of an image registry. */
export interface RegistryCredentials {
  readonly user: string;
  readonly password: Secret;
  /** Whether the password is encrypted for the cluster. */
  readonly isEncrypted: boolean;
  /** The source of the password: an option, a variable, or the terminal. */
  readonly from: string;
}

/** Options as typed, not checked yet. */
export interface RegistryFlags {
  readonly registryUser?: string | undefined;
  readonly registryPasswordFile?: string | undefined;
  readonly registryPasswordEncrypted?: boolean | undefined;
  /** `false` for `--no-registry`. */
  readonly registry?: boolean | undefined;
  /** The path of the compose file: it and the password cannot both be on stdin. */
  readonly file?: string | undefined;
}

/** The password, on the first line of a file. */
export const registryPasswordFileSetting = createFileSetting('--registry-password-file');

/** Variable with the password. */
export const registryPasswordVariable = 'SFCOMPOSE_REGISTRY_PASSWORD';

/**
 * Resolves the credentials. A password in the environment alone is ignored: a pipeline may set it for all steps.
 * @returns `'none'` if the new version is to have none, `undefined` if nothing was said
 * @throws a usage error
 */
export async function resolveRegistry(
  flags: RegistryFlags,
  host: Host,
): Promise<RegistryCredentials | 'none' | undefined> {
  const { registryUser: user, registryPasswordFile, registryPasswordEncrypted, registry } = flags;
  const others = [
    ...(registryPasswordFile === undefined ? [] : ['--registry-password-file']),
    ...(registryPasswordEncrypted ? ['--registry-password-encrypted'] : []),
  ];
  const given = [...(user === undefined ? [] : ['--registry-user']), ...others];
  if (registry === false) {
    if (given.length > 0)
      throw usageError(`--no-registry and ${given[0]} contradict each other: use one of them.`);
    return 'none';
  }
  if (user === undefined) {
    if (others.length > 0) throw usageError(`${others[0]} needs --registry-user.`);
    return undefined;
  }
  const hint = explainVariable(user);
  if (user.trim() === '' || hint)
    throw usageError(`Invalid --registry-user: ${hint ?? 'use the name of a user.'}`);
  const { text, from } = await findPassword(flags, user, host);
  const problem = explainVariable(text);
  if (text === '') throw usageError(`${from} has no password.`);
  if (problem) throw usageError(`${from} has no password. ${problem}`);
  return { user, password: new Secret(text), isEncrypted: registryPasswordEncrypted ?? false, from };
}

async function findPassword(
  { registryPasswordFile, file }: RegistryFlags,
  user: string,
  host: Host,
): Promise<{ readonly text: string; readonly from: string }> {
  const named = findValue(registryPasswordFileSetting, registryPasswordFile, {});
  if (named) {
    const { value: path, from } = named;
    if (path === '-' && file === '-')
      throw usageError(
        '--file and --registry-password-file cannot both be read from stdin. Use a file for one of them.',
      );
    const bytes = path === '-' ? await readStdin(from, host) : await readSecretFile({ path, from }, host);
    const [text = ''] = decodeText(bytes).split(/\r?\n/, 1);
    return { text, from };
  }
  const text = host.env[registryPasswordVariable];
  if (text) return { text, from: registryPasswordVariable };
  const answer = await askForPassword(user, host);
  if (answer !== undefined) return { text: answer, from: 'the terminal' };
  throw usageError(
    `--registry-user needs a password: use --registry-password-file or the variable ${registryPasswordVariable}.`,
  );
}

async function askForPassword(user: string, { prompt, interrupt }: Host): Promise<string | undefined> {
  return prompt(literal`Registry password of ${printable(user)}: `, 'hidden', interrupt).catch((error) => {
    throw interrupt.aborted ? interruptedError(interrupt.reason) : error;
  });
}
