/** The options of `upgrade-progress`: as typed, and checked. */
import { usageError } from '../errors.ts';
import type { FollowOptions } from '../follow.ts';
import type { Host } from '../host.ts';
import {
  type CiChoice,
  type ColorChoice,
  ciSetting,
  colorSetting,
  endpointSetting,
  expectVersionSetting,
  type Format,
  heartbeatSetting,
  intervalSetting,
  maxWaitSetting,
  outputSetting,
  resolve,
  retriesSetting,
  stallAfterSetting,
  timeoutSetting,
  watchRetries,
} from '../settings.ts';
import { printable, typed } from '../text.ts';

/** As they were typed; nothing is checked yet. */
export interface Flags {
  readonly endpoint?: string;
  readonly timeout?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly interval?: string;
  readonly maxWait?: string;
  readonly heartbeat?: string;
  readonly stallAfter?: string;
  readonly expectVersion?: string;
  readonly failFast?: boolean;
  readonly exitStatus?: boolean;
  readonly retries?: string;
  readonly full?: boolean;
  readonly color?: string | boolean;
  readonly ci?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export interface Settings extends FollowOptions {
  readonly watch: boolean;
  readonly format: Format;
  readonly color: ColorChoice;
  readonly ci: CiChoice;
  readonly exitStatus: boolean;
  readonly full: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** The command that watches on. */
  readonly resume: string;
}

/**
 * Checks all of them before anything is sent.
 * @throws a usage error that names the option, the value, and what is allowed
 */
export function settingsOf(deployment: string, flags: Flags, env: Host['env']): Settings {
  if (deployment === '')
    throw usageError('<deployment> is empty, but it takes the name of a compose deployment.');
  if (/\p{Cs}/u.test(deployment))
    throw usageError('<deployment> is no valid text: it has half of a character.');
  if (flags.json && flags.output !== undefined && flags.output !== 'json') {
    throw usageError(
      `--json and --output "${printable(flags.output)}" contradict each other; give one of them.`,
    );
  }
  refuseWithoutWatch(flags);
  const { watch = false, color, maxWait, expectVersion } = flags;
  const endpoint = resolve(endpointSetting, flags.endpoint, env);
  const expected =
    expectVersion === undefined ? undefined : resolve(expectVersionSetting, expectVersion, env);
  return {
    deployment,
    endpoint,
    timeout: resolve(timeoutSetting, flags.timeout, env),
    format: resolve(outputSetting, flags.json ? 'json' : flags.output, env),
    retries: resolve(retriesSetting, flags.retries ?? (watch ? watchRetries : undefined), env),
    watch,
    interval: resolve(intervalSetting, flags.interval, env),
    maxWait: maxWait === undefined ? Number.POSITIVE_INFINITY : resolve(maxWaitSetting, maxWait, env),
    heartbeat: resolve(heartbeatSetting, flags.heartbeat, env),
    stallAfter: resolve(stallAfterSetting, flags.stallAfter, env),
    expected,
    failFast: flags.failFast ?? false,
    color: color === false ? 'never' : resolve(colorSetting, color === true ? undefined : color, env),
    ci: resolve(ciSetting, flags.ci, env),
    exitStatus: flags.exitStatus ?? false,
    full: flags.full ?? false,
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
    resume: [
      `sfcompose upgrade-progress ${typed(deployment)} --watch`,
      `-e ${typed(endpoint.origin + endpoint.basePath)}`,
      ...(expected === undefined ? [] : [`--expect-version ${typed(expected)}`]),
    ].join(' '),
  };
}

/** A gate that is quietly no gate is worse than an error. */
function refuseWithoutWatch(flags: Flags): void {
  if (flags.watch) return;
  const watching = { interval: 1, maxWait: 1, heartbeat: 1, stallAfter: 1, failFast: 1 } as const;
  for (const name of Object.keys(watching) as (keyof typeof watching)[]) {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (flags[name] !== undefined) throw usageError(`${flag} needs --watch.`);
  }
  if (flags.expectVersion !== undefined && !flags.exitStatus)
    throw usageError('--expect-version needs --watch or --exit-status.');
}
