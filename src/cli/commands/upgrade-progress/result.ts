/** How the read or the watch of one deployment ended, and what to say of it. */

import { type Picture, verdictOn } from '../../../monitor/read.ts';
import { documentAt, told } from '../../../monitor/result.ts';
import type { Explanation } from '../../../platform/errors.ts';
import { exitCodeOf, type Outcome, wordOf } from '../../../platform/outcome.ts';
import { progressOf } from '../../../upgrade/domain-progress.ts';
import { findingsOf } from '../../../upgrade/findings/collect.ts';
import { hasEnded } from '../../../upgrade/state.ts';
import { stateWords } from '../../../upgrade/wording.ts';
import type { OwnSettings } from './options.ts';

/** What an error cannot know by itself: what was read before it, and how to watch on. */
export function inContext(explanation: Explanation, settings: OwnSettings, last: Picture | undefined) {
  const { deployment, watch, resume } = settings;
  const situation = last?.situation;
  const version = situation?.upgrade.targetVersion;
  const document = documentAt(explanation, last?.document);
  const isStopped = ['timed-out', 'interrupted'].includes(wordOf(explanation.outcome));
  const goesOn = isStopped && situation !== undefined && !hasEnded(situation.upgrade);
  // Who interrupts it knows why.
  const isOutOfTime = explanation.outcome === 'timed-out' && situation !== undefined;
  const reasons = told(isOutOfTime ? findingsOf(situation) : []);
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
  last: Picture | undefined,
  remark?: string,
) {
  const situation = last?.situation;
  const outcome =
    last && !watch && !exitStatus && judged === 'completed' ? verdictOn(last, expected) : judged;
  return {
    outcome,
    exitCode: exitCodeOf(judged),
    deployment,
    targetVersion: situation?.upgrade.targetVersion ?? '',
    reason: situation
      ? `${deployment}: ${[stateWords(situation), ...(remark ? [remark] : [])].join('; ')}`
      : deployment,
    share: outcome === 'completed' ? 1 : situation && progressOf(situation)?.whole,
  };
}
