/** The options of `upgrade-progress`, and those for the output of any command: as typed, and checked. */
import { type Connection, type ConnectionFlags, connectionOf, tlsFlags } from '../connection/connection.ts';
import { usageError } from '../errors.ts';
import type { FollowOptions } from '../follow.ts';
import type { Host } from '../host.ts';
import {
  type CiChoice,
  type ColorChoice,
  ciSetting,
  colorSetting,
  expectVersionSetting,
  type Format,
  flagNamed,
  heartbeatSetting,
  intervalSetting,
  maxWaitSetting,
  outputSetting,
  resolve,
  retriesSetting,
  stallAfterSetting,
  watchRetries,
} from '../settings.ts';
import { printable, typed, typedFile } from '../text.ts';

/** As they were typed; nothing is checked yet. */
export interface Flags extends ConnectionFlags, OutputFlags {
  readonly watch?: boolean;
  readonly interval?: string;
  readonly maxWait?: string;
  readonly heartbeat?: string;
  readonly stallAfter?: string;
  readonly expectVersion?: string;
  readonly failFast?: boolean;
  readonly exitStatus?: boolean;
  readonly domains?: boolean;
  readonly retries?: string;
  readonly ci?: string;
}

export interface Settings extends FollowOptions, OutputSettings {
  readonly connection: Connection;
  readonly watch: boolean;
  readonly ci: CiChoice;
  readonly exitStatus: boolean;
  /** Whether to ask the application as well, which knows the upgrade domains. */
  readonly domains: boolean;
  /** The command that watches on. */
  readonly resume: string;
}

/**
 * Checks all of them before anything is sent.
 * @param trace told of what happens to tokens later on
 * @throws a usage error that names the option, the value, and what is allowed
 */
export async function settingsOf(
  deployment: string,
  flags: Flags,
  host: Host,
  trace: (line: string) => void,
): Promise<Settings> {
  const { env } = host;
  if (deployment === '')
    throw usageError('<deployment> is empty, but it takes the name of a compose deployment.');
  if (/\p{Cs}/u.test(deployment))
    throw usageError('<deployment> is no valid text: it has half of a character.');
  refuseWithoutWatch(flags);
  const { watch = false, maxWait, expectVersion } = flags;
  const expected =
    expectVersion === undefined ? undefined : resolve(expectVersionSetting, expectVersion, env);
  const checked = {
    ...outputSettingsOf(flags, env),
    deployment,
    retries: resolve(retriesSetting, flags.retries ?? (watch ? watchRetries : undefined), env),
    watch,
    interval: resolve(intervalSetting, flags.interval, env),
    maxWait: maxWait === undefined ? Number.POSITIVE_INFINITY : resolve(maxWaitSetting, maxWait, env),
    heartbeat: resolve(heartbeatSetting, flags.heartbeat, env),
    stallAfter: resolve(stallAfterSetting, flags.stallAfter, env),
    expected,
    failFast: flags.failFast ?? false,
    ci: resolve(ciSetting, flags.ci, env),
    exitStatus: flags.exitStatus ?? false,
    domains: flags.domains ?? true,
  };
  const connection = await connectionOf(flags, host, trace);
  const { endpoint, timeout } = connection;
  return { ...checked, connection, endpoint, timeout, resume: resumeCommand(checked, flags, connection) };
}

/** As they were typed; nothing is checked yet. */
export interface OutputFlags {
  readonly output?: string;
  readonly json?: boolean;
  readonly full?: boolean;
  readonly color?: string | boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export interface OutputSettings {
  readonly format: Format;
  readonly color: ColorChoice;
  readonly full: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** How to show things, whatever is shown. */
export function outputSettingsOf(flags: OutputFlags, env: Host['env']): OutputSettings {
  const { output, json, color } = flags;
  if (json && output !== undefined && output !== 'json') {
    throw usageError(`--json and --output "${printable(output)}" contradict each other; give one of them.`);
  }
  return {
    format: resolve(outputSetting, json ? 'json' : output, env),
    color: color === false ? 'never' : resolve(colorSetting, color === true ? undefined : color, env),
    full: flags.full ?? false,
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
  };
}

/** With the options that were typed; what the environment or sfctl say is there the next time as well. */
function resumeCommand(
  { deployment, expected }: { deployment: string; expected: string | undefined },
  flags: ConnectionFlags,
  { endpoint, isSfctls }: Connection,
): string {
  return [
    `sfcompose upgrade-progress ${typed(deployment)} --watch`,
    ...(isSfctls ? [] : [`-e ${typed(endpoint.origin + endpoint.basePath)}`]),
    ...[...tlsFlags, 'tokenFile' as const].flatMap((name) => {
      const value = flags[name];
      return value === undefined ? [] : [`${flagNamed(name)} ${typedFile(value)}`];
    }),
    ...(flags.insecure ? ['--insecure'] : []),
    // It may hold a password.
    ...(flags.tokenCommand === undefined ? [] : ['--token-command <command>']),
    ...(expected === undefined ? [] : [`--expect-version ${typed(expected)}`]),
  ].join(' ');
}

/** A gate that is quietly no gate is worse than an error. */
function refuseWithoutWatch(flags: Flags): void {
  if (flags.watch) return;
  const watching = { interval: 1, maxWait: 1, heartbeat: 1, stallAfter: 1, failFast: 1 } as const;
  for (const name of Object.keys(watching) as (keyof typeof watching)[]) {
    if (flags[name] !== undefined) throw usageError(`${flagNamed(name)} needs --watch.`);
  }
  if (flags.expectVersion !== undefined && !flags.exitStatus)
    throw usageError('--expect-version needs --watch or --exit-status.');
}
