/** Resolves the options of `list`. */
import type { ConnectionFlags } from '../../../config/connection-flags.ts';
import { resolve, toFlag } from '../../../config/setting.ts';
import {
  type CiChoice,
  ciSetting,
  heartbeatSetting,
  intervalSetting,
  listMaxWaitSetting,
  maxWaitSetting,
  retriesSetting,
  stallAfterSetting,
  watchRetries,
} from '../../../config/settings.ts';
import { usageError } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../../output-options.ts';

/** Options as typed, not checked yet. */
export interface ListFlags extends ConnectionFlags, OutputFlags {
  readonly watch?: boolean | undefined;
  readonly interval?: string | undefined;
  readonly maxWait?: string | undefined;
  readonly heartbeat?: string | undefined;
  readonly stallAfter?: string | undefined;
  readonly retries?: string | undefined;
  readonly ci?: string | undefined;
}

/** Checked options. All times are in milliseconds. */
export interface ListSettings extends OutputSettings {
  readonly watch: boolean;
  /** `Infinity` means without limit. */
  readonly maxWaitMs: number;
  readonly retries: number;
  readonly intervalMs: number;
  readonly heartbeatMs: number;
  readonly stallAfterMs: number;
  readonly ci: CiChoice;
}

/** Checks all options but those of the connection. @throws a usage error */
export function resolveListSettings(flags: ListFlags, { env }: Host): ListSettings {
  const { watch = false, maxWait } = flags;
  refuseWithoutWatch(flags);
  const output = resolveOutput(flags, env);
  if (watch && output.format === 'json')
    throw usageError(
      '--watch cannot print one JSON document, because a list is watched without end: use -o ndjson, or leave --watch out.',
    );
  return {
    ...output,
    watch,
    maxWaitMs: resolveMaxWait(watch, maxWait, env),
    retries: resolve(retriesSetting, flags.retries ?? (watch ? watchRetries : undefined), env),
    intervalMs: resolve(intervalSetting, flags.interval, env),
    heartbeatMs: resolve(heartbeatSetting, flags.heartbeat, env),
    stallAfterMs: resolve(stallAfterSetting, flags.stallAfter, env),
    ci: resolve(ciSetting, flags.ci, env),
  };
}

/** A plain list has a deadline of its own. */
function resolveMaxWait(watch: boolean, maxWait: string | undefined, env: Host['env']): number {
  if (!watch) return resolve(listMaxWaitSetting, maxWait, env);
  return maxWait === undefined ? Infinity : resolve(maxWaitSetting, maxWait, env);
}

/** Refuses options that would be ignored without `--watch`: a pipeline may rely on them. */
function refuseWithoutWatch(flags: ListFlags): void {
  if (flags.watch) return;
  for (const name of ['interval', 'heartbeat', 'stallAfter', 'ci'] as const)
    if (flags[name] !== undefined) throw usageError(`${toFlag(name)} needs --watch.`);
}
