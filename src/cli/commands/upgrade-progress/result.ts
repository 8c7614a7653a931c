/** How the read or the watch of one deployment ended, and what to say of it. */

import { judgeReading, type UpgradeReading } from '../../../monitor/read.ts';
import { documentAt, told } from '../../../monitor/result.ts';
import type { Explanation } from '../../../platform/errors.ts';
import { getExitCode, getOutcomeWord, type Outcome } from '../../../platform/outcome.ts';
import { measureProgress } from '../../../upgrade/domain-progress.ts';
import { collectFindings } from '../../../upgrade/findings/collect.ts';
import { hasEnded } from '../../../upgrade/state.ts';
import { describeState } from '../../../upgrade/wording.ts';
import type { OwnSettings } from './options.ts';

/** What an error cannot know by itself: what was read before it, and how to watch on. */
export function inContext(explanation: Explanation, settings: OwnSettings, last: UpgradeReading | undefined) {
  const { deployment, watch, resume } = settings;
  const snapshot = last?.snapshot;
  const version = snapshot?.upgrade.targetVersion;
  const document = documentAt(explanation, last?.document);
  const isStopped = ['timed-out', 'interrupted'].includes(getOutcomeWord(explanation.outcome));
  const goesOn = isStopped && snapshot !== undefined && !hasEnded(snapshot.upgrade);
  // Who interrupts it knows why.
  const isOutOfTime = explanation.outcome === 'timed-out' && snapshot !== undefined;
  const reasons = told(isOutOfTime ? collectFindings(snapshot) : []);
  return {
    deployment,
    ...(version ? { targetVersion: version } : {}),
    ...explanation,
    ...(goesOn ? { what: `${explanation.what} The upgrade itself goes on.` } : {}),
    ...(document ? { document } : {}),
    ...(watch && isStopped
      ? { evidence: reasons.evidence, next: [`Watch on: ${resume([deployment])}`, ...reasons.next] }
      : {}),
  };
}

/**
 * Collects what a build agent is told at the end.
 * @param judged outcome of the process. For a plain read the agent gets the upgrade's own verdict instead.
 * @param remark added to the reason
 */
export function endingOf(
  judged: Outcome,
  { deployment, watch, exitStatus, expected }: OwnSettings,
  last: UpgradeReading | undefined,
  remark?: string,
) {
  const snapshot = last?.snapshot;
  const outcome =
    last && !watch && !exitStatus && judged === 'completed' ? judgeReading(last, expected) : judged;
  return {
    outcome,
    exitCode: getExitCode(judged),
    deployment,
    targetVersion: snapshot?.upgrade.targetVersion ?? '',
    reason: snapshot
      ? `${deployment}: ${[describeState(snapshot), ...(remark ? [remark] : [])].join('; ')}`
      : deployment,
    share: outcome === 'completed' ? 1 : snapshot && measureProgress(snapshot)?.share,
  };
}
