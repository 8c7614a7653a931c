/** Follows the upgrade after a request. */
import { suggestRollback } from '../../../monitor/acting/conflict.ts';
import type { EndedEvent } from '../../../monitor/watch.ts';
import { formatArgument } from '../../../platform/format.ts';
import { getOutcomeWord } from '../../../platform/outcome.ts';
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
  /** Whether an interrupt suggests to roll back. */
  readonly isReversible?: boolean;
  readonly judgeEnd?: (ended: EndedEvent) => EndedEvent;
}

/** Adds how to roll back to the result of a watch that was interrupted. */
function addRollback(result: CommandResult, acting: Acting): CommandResult {
  const { explanation } = result;
  if (explanation === undefined || getOutcomeWord(explanation.outcome) !== 'interrupted') return result;
  const next = [...(explanation.next ?? []), suggestRollback(acting)];
  return { ...result, explanation: { ...explanation, next } };
}

/** Watches the upgrade. @returns the result of the watch */
export async function follow(
  acting: Acting,
  { expected, approvedDomain, maxWaitMs, isReversible, judgeEnd }: FollowOptions,
): Promise<CommandResult> {
  const { formatWatchCommand } = acting.settings;
  const version =
    expected === undefined ? [] : [`--expect-version ${formatArgument(expected, acting.host.shells)}`];
  const settings: UpgradeProgressSettings = {
    ...acting.settings,
    watch: true,
    expected,
    formatWatchCommand: (targets) => [formatWatchCommand(targets), ...version].join(' '),
    approvedDomain,
    ...(maxWaitMs !== undefined && { maxWaitMs }),
  };
  const context = { ...acting, settings, ...(judgeEnd && { judgeEnd }) };
  const statuses = await watchAll(context);
  if (typeof statuses === 'string') return { outcome: statuses };
  const result = await createCommandResult(statuses, context);
  return isReversible ? addRollback(result, acting) : result;
}
