/** The options of `upgrade-progress`, and those for the output of any command: as typed, and checked. */

import { type Connection, resolveConnection } from '../../../config/connection.ts';
import type { ConnectionFlags } from '../../../config/connection-flags.ts';
import { resolve, toFlag } from '../../../config/setting.ts';
import {
  type CiChoice,
  ciSetting,
  expectVersionSetting,
  heartbeatSetting,
  intervalSetting,
  maxWaitSetting,
  retriesSetting,
  stallAfterSetting,
  watchRetries,
} from '../../../config/settings.ts';
import type { FollowOptions } from '../../../monitor/watch.ts';
import { addTarget } from '../../../platform/command-target.ts';
import { usageError } from '../../../platform/errors.ts';
import { formatArgument } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../../output-options.ts';

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

export interface Settings extends Omit<FollowOptions, 'deployment' | 'place'>, OutputSettings {
  /** Each of them once, in the order in which they were named. */
  readonly deployments: readonly string[];
  readonly connection: Connection;
  readonly watch: boolean;
  readonly ci: CiChoice;
  readonly exitStatus: boolean;
  /** Whether to ask the application as well, which knows the upgrade domains. */
  readonly domains: boolean;
  /** The command that watches on. */
  readonly resume: (deployments: readonly string[]) => string;
  /** The command that looks at one of several alone. */
  readonly look: (deployment: string) => string;
}

/** Those of one deployment. */
export interface OwnSettings extends Settings {
  readonly deployment: string;
  readonly place: 0;
}

/** The gateway's document alone needs no explanation, a verdict on it does. */
export function isExplained({ format, watch, exitStatus }: Settings): boolean {
  return format !== 'json' || watch || exitStatus;
}

/** Far more than anybody reads at a glance. */
const mostDeployments = 500;
/** Names in a command that is to be typed. */
const mostNamed = 20;

/**
 * Checks all of them before anything is sent.
 * @param trace told of what happens to tokens later on
 * @throws a usage error that names the option, the value, and what is allowed
 */
export async function settingsOf(
  names: readonly string[],
  flags: Flags,
  host: Host,
  trace: (line: string) => void,
): Promise<Settings> {
  const { env } = host;
  const deployments = [...new Set(names)];
  refuseNames(deployments);
  refuseWithoutWatch(flags);
  const { watch = false, maxWait, expectVersion } = flags;
  const expected =
    expectVersion === undefined ? undefined : resolve(expectVersionSetting, expectVersion, env);
  const checked = {
    ...resolveOutput(flags, env),
    deployments,
    together: deployments.length,
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
  const connection = await resolveConnection(flags, host, trace);
  const { endpoint, timeout } = connection;
  const { commandTarget } = connection;
  const version = expected === undefined ? [] : [`--expect-version ${formatArgument(expected)}`];
  return {
    ...checked,
    connection,
    endpoint,
    timeout,
    commandTarget,
    resume: (some) => [addTarget(`${commandFor(some)} --watch`, commandTarget), ...version].join(' '),
    look: (one) => addTarget(commandFor([one]), commandTarget),
  };
}

function commandFor(deployments: readonly string[]): string {
  const left = deployments.length - mostNamed;
  const names = deployments.slice(0, mostNamed).map(formatArgument).join(' ');
  return `sfcompose upgrade-progress ${names}${left > 0 ? ` <and ${left} more>` : ''}`;
}

function refuseNames(deployments: readonly string[]): void {
  if (deployments.includes(''))
    throw usageError('<deployment> is empty, but it takes the name of a compose deployment.');
  if (deployments.some((name) => /\p{Cs}/u.test(name)))
    throw usageError('<deployment> is no valid text: it has half of a character.');
  if (deployments.length > mostDeployments)
    throw usageError(
      `<deployment> names ${deployments.length} of them, but it takes at most ${mostDeployments}.`,
    );
}

/** A gate that is quietly no gate is worse than an error. */
function refuseWithoutWatch(flags: Flags): void {
  if (flags.watch) return;
  const watching = { interval: 1, maxWait: 1, heartbeat: 1, stallAfter: 1, failFast: 1 } as const;
  for (const name of Object.keys(watching) as (keyof typeof watching)[]) {
    if (flags[name] !== undefined) throw usageError(`${toFlag(name)} needs --watch.`);
  }
  if (flags.expectVersion !== undefined && !flags.exitStatus)
    throw usageError('--expect-version needs --watch or --exit-status.');
}
