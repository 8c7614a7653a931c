/** Follows the upgrade after a request. */
import type { EndedEvent } from '../../../monitor/watch.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { createCommandResult } from '../upgrade-progress/command-result.ts';
import type { UpgradeProgressSettings } from '../upgrade-progress/options.ts';
import { watchAll } from '../upgrade-progress/watch.ts';
import type { Acting } from './context.ts';

/** The upgrade to follow, and how its end counts. */
export interface FollowOptions {
  /** The version of the upgrade, so that no other is taken for it. */
  readonly expected: string | undefined;
  /** The domain that was just approved: the watch ends at the next pause. */
  readonly approvedDomain?: string | undefined;
  /** Milliseconds that are left of `--max-wait`. */
  readonly maxWaitMs?: number;
  readonly judgeEnd?: (ended: EndedEvent) => EndedEvent;
}

/** Watches the upgrade. @returns the result of the watch */
export async function follow(
  acting: Acting,
  { expected, approvedDomain, maxWaitMs, judgeEnd }: FollowOptions,
): Promise<CommandResult> {
  const settings: UpgradeProgressSettings = {
    ...acting.settings,
    watch: true,
    expected,
    approvedDomain,
    ...(maxWaitMs !== undefined && { maxWaitMs }),
  };
  const context = { ...acting, settings, ...(judgeEnd && { judgeEnd }) };
  const statuses = await watchAll(context);
  return typeof statuses === 'string' ? { outcome: statuses } : createCommandResult(statuses, context);
}
