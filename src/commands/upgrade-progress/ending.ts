/** How the read or the watch of one deployment ended, and what to say of it. */
import { documentAt, told } from '../../endings.ts';
import type { Explanation } from '../../errors.ts';
import { type Outcome, wordOf } from '../../exit-code.ts';
import { findingsOf } from '../../findings/findings.ts';
import type { Picture } from '../../picture.ts';
import { stateWords } from '../../words.ts';
import type { OwnSettings } from '../options.ts';

/** What an error cannot know by itself: what was read before it, and how to watch on. */
export function inContext(explanation: Explanation, settings: OwnSettings, last: Picture | undefined) {
  const { deployment, watch, resume } = settings;
  const situation = last?.situation;
  const version = situation?.upgrade.targetVersion;
  const document = documentAt(explanation, last?.document);
  const goesOn = ['timed-out', 'interrupted'].includes(wordOf(explanation.outcome));
  // Who interrupts it knows why.
  const isOutOfTime = explanation.outcome === 'timed-out' && situation !== undefined;
  const reasons = told(isOutOfTime ? findingsOf(situation) : []);
  return {
    deployment,
    ...(version ? { targetVersion: version } : {}),
    ...explanation,
    ...(goesOn ? { what: `${explanation.what} The upgrade itself goes on.` } : {}),
    ...(document ? { document } : {}),
    ...(watch && goesOn
      ? { evidence: reasons.evidence, next: [`Watch on: ${resume([deployment])}`, ...reasons.next] }
      : {}),
  };
}

export function endingOf(outcome: Outcome, { deployment }: OwnSettings, last: Picture | undefined) {
  const situation = last?.situation;
  const ending = { outcome, deployment, targetVersion: situation?.upgrade.targetVersion ?? '' };
  return { ending, reason: situation ? `${deployment}: ${stateWords(situation)}` : deployment };
}
