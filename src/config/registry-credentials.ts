/** Resolves the credentials with which the cluster pulls images from a registry. */
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { literal } from '../platform/printable.ts';
import { Secret } from '../platform/secret.ts';
import { rejectConflict } from './connection-flags.ts';
import { acceptStdin, type FileHost, readSecretLine } from './input-file.ts';
import { type OptionalSetting, parseSetting } from './setting.ts';
import { createFileSetting } from './settings.ts';
import { explainVariable, explainVariableIn } from './undefined-variable.ts';

/** Credentials for a registry. */
export interface RegistryCredentials {
  readonly user: string;
  readonly password: Secret;
  /** Whether the password is encrypted with a certificate of the cluster. */
  readonly isEncrypted: boolean;
  /** The source of the password: `--registry-password-file`, `SFCOMPOSE_REGISTRY_PASSWORD`, `the terminal`. */
  readonly from: string;
}

/** Registry options as typed, unchecked. */
export interface RegistryFlags {
  readonly registryUser?: string | undefined;
  readonly registryPasswordFile?: string | undefined;
  readonly registryPasswordEncrypted?: boolean | undefined;
  /** `false` for `--no-registry`. */
  readonly registry?: boolean | undefined;
  /** Path of the compose file, which cannot be stdin as well. */
  readonly file?: string | undefined;
}

/** The parts of the host that are needed to get a password. */
type RegistryHost = FileHost & Pick<Host, 'stdin' | 'prompt' | 'env'>;

/** The user of the registry. */
const registryUserSetting: OptionalSetting<string> = {
  flag: '--registry-user',
  allowed: 'the name of a user of the registry',
  parse: (text) => (text.trim() === '' || explainVariableIn(text) ? undefined : text),
};

/** The password of the registry. */
export const registryPasswordFileSetting = createFileSetting('--registry-password-file');

/** Variable with the password. */
export const registryPasswordVariable = 'SFCOMPOSE_REGISTRY_PASSWORD';

/**
 * Resolves the credentials of the registry, and asks for the password if a user is given without one. The variable
 * alone has no effect: a pipeline may set it for all of its steps.
 * @returns `none` if the new version is to have no credentials; `undefined` if no option says anything
 * @throws a usage error for options that contradict each other, or without a password
 */
export async function resolveRegistry(
  flags: RegistryFlags,
  host: RegistryHost,
): Promise<RegistryCredentials | 'none' | undefined> {
  const { registryUser, registryPasswordFile, registryPasswordEncrypted } = flags;
  const passwordFlag =
    registryPasswordFile !== undefined
      ? registryPasswordFileSetting.flag
      : registryPasswordEncrypted
        ? '--registry-password-encrypted'
        : undefined;
  if (flags.registry === false) {
    rejectConflict('--no-registry', registryUser === undefined ? passwordFlag : registryUserSetting.flag);
    return 'none';
  }
  if (registryUser === undefined) {
    if (passwordFlag) throw usageError(`${passwordFlag} requires ${registryUserSetting.flag}.`);
    return undefined;
  }
  const user = parseSetting(registryUserSetting, registryUser, registryUserSetting.flag);
  const { text, from } = await readPassword(flags, host);
  const hint = explainVariable(text);
  if (hint) throw usageError(`${from} contains no password. ${hint}`);
  return { user, password: new Secret(text), isEncrypted: registryPasswordEncrypted ?? false, from };
}

async function readPassword(
  { registryPasswordFile, file }: RegistryFlags,
  host: RegistryHost,
): Promise<{ readonly text: string; readonly from: string }> {
  if (registryPasswordFile !== undefined) {
    const { flag } = registryPasswordFileSetting;
    if (registryPasswordFile === '-' && file === '-')
      throw usageError(`--file - and ${flag} - cannot be combined: stdin can hold only one of them.`);
    const path = parseSetting(registryPasswordFileSetting, registryPasswordFile, flag);
    return { text: await readSecretLine({ path, from: flag }, 'password', acceptStdin(host)), from: flag };
  }
  const fromEnv = host.env[registryPasswordVariable];
  if (fromEnv) return { text: fromEnv, from: registryPasswordVariable };
  // Stdin cannot hold both the file and the answer.
  const answer =
    file === '-'
      ? undefined
      : await host.prompt(literal`Password of the registry: `, 'hidden', host.interrupt);
  if (answer === undefined)
    throw usageError(
      `${registryUserSetting.flag} requires a password. Use ${registryPasswordFileSetting.flag} or ${registryPasswordVariable}.`,
    );
  if (answer === '') throw usageError('The password of the registry is empty.');
  return { text: answer, from: 'the terminal' };
}
