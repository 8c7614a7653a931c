/** Builds the result of a dashboard that has ended. */
import { type Explanation, explainInterrupt, getErrorCode } from '../platform/errors.ts';
import { formatDuration } from '../platform/format.ts';
import type { Clock } from '../platform/host.ts';
import type { CommandResult } from '../platform/result.ts';
import type { Dashboard, ListStatus } from './dashboard.ts';
import { explainClusters } from './explain-clusters.ts';
import { explainSilence } from './explain-failure.ts';
import { toDeploymentResult } from './result.ts';
import { isUnderWay } from './status.ts';
import { formatStatusLine } from './status-wording.ts';

/** Upgrades under way that an explanation lists. */
const maxListed = 10;

/**
 * Ends a dashboard, and all watches that are under way. A deadline is a success unless an upgrade is under way, or a
 * cluster could not be read.
 */
export async function endDashboard(
  dashboard: Dashboard,
  maxWaitMs: number,
  interrupt: AbortSignal,
  clock: Clock,
): Promise<CommandResult> {
  const failures = await Promise.all(dashboard.lists.map((list) => explainList(list, maxWaitMs, clock)));
  const timeout: Explanation = {
    outcome: 'timed-out',
    code: getErrorCode('timed-out'),
    what: `Stopped watching after ${formatDuration(maxWaitMs)} (--max-wait).`,
  };
  const stop = interrupt.aborted ? explainInterrupt(interrupt.reason) : timeout;
  dashboard.stop(stop);
  const underWay = dashboard.statuses.filter(isUnderWay);
  const failure = interrupt.aborted ? undefined : explainClusters(failures);
  const isOver = interrupt.aborted || underWay.length > 0;
  const explanation = failure ?? (isOver ? addUpgrades(stop, underWay.map(formatStatusLine)) : undefined);
  const outcome = explanation?.outcome ?? 'completed';
  const reason = explanation?.what ?? `${dashboard.summarize()}.`;
  return {
    outcome,
    explanation,
    record: {
      reason,
      deployment: null,
      targetVersion: null,
      deployments: dashboard.statuses.map(toDeploymentResult),
    },
    mustBeRead: true,
    isOnScreen: dashboard.wasRead && failure === undefined,
  };
}

async function explainList(
  { source, count, failure, explanation }: ListStatus,
  maxWaitMs: number,
  clock: Clock,
) {
  const { isAmongClusters, connection } = source;
  const cluster = isAmongClusters ? source.cluster : undefined;
  if (explanation !== undefined || count !== undefined) return { cluster, explanation };
  const context = { deployment: undefined, connection, wasRead: false };
  return { cluster, explanation: await explainSilence(failure, maxWaitMs, context, clock) };
}

function addUpgrades(stop: Explanation, lines: readonly string[]): Explanation {
  if (lines.length === 0) return stop;
  const omitted = lines.length - maxListed;
  return {
    ...stop,
    what: `${stop.what} Upgrades that have not ended continue on the cluster.`,
    evidence: [...lines.slice(0, maxListed), ...(omitted > 0 ? [`And ${omitted} more.`] : [])],
  };
}
