/** How one of several deployments stands: what was read of it last, and how it ended. Pure. */

import { faultWords } from '../../cluster/faults/fault.ts';
import type { Explanation } from '../../platform/errors.ts';
import { counted, tally } from '../../platform/format.ts';
import { inWords, type Outcome, wordOf } from '../../platform/outcome.ts';
import { findingsOf } from '../../upgrade/findings/collect.ts';
import type { Situation } from '../../upgrade/snapshot.ts';
import { causeInLine, inLine, summaryOf } from '../../upgrade/summary.ts';
import { verdictOf } from '../../upgrade/verdict.ts';
import { shortStateWords, stateWords } from '../../upgrade/wording.ts';
import type { Picture } from '../read.ts';
import { isOutOfSight } from '../result.ts';
import type { Lost } from '../retry.ts';
import type { OwnEvent } from './watch.ts';

export interface Standing {
  readonly deployment: string;
  /** What was read last. */
  readonly picture: Picture | undefined;
  /** The last try to read it, if that failed. */
  readonly lost: Lost | undefined;
  /** `in-progress` for as long as it is followed. */
  readonly outcome: Outcome;
  /** Of an ending that is not a success. */
  readonly explanation: Explanation | undefined;
  /** Remark about the ending, such as that the upgrade had ended before the watch began. */
  readonly remark?: string | undefined;
}

export function unread(deployment: string): Standing {
  return {
    deployment,
    picture: undefined,
    lost: undefined,
    outcome: 'in-progress',
    explanation: undefined,
  };
}

/** With what has just happened to it. */
export function after(standing: Standing, event: OwnEvent): Standing {
  switch (event.type) {
    case 'picture':
      return { ...standing, picture: event.picture, lost: undefined };
    case 'lost':
      return { ...standing, lost: event };
    case 'over':
      return { ...ended(standing, event.explanation), remark: event.remark };
    default:
      return standing;
  }
}

/** @param explanation of an ending that is not a success */
export function ended(standing: Standing, explanation: Explanation | undefined): Standing {
  return { ...standing, lost: undefined, outcome: explanation?.outcome ?? 'completed', explanation };
}

/** The upgrade itself goes on, whatever became of the watch. */
export function goesOn({ outcome }: Standing): boolean {
  return ['in-progress', 'timed-out', 'interrupted'].includes(wordOf(outcome));
}

/** What is known of it, as far as that says how it stands. */
export function situationNow({ picture, explanation }: Standing): Situation | undefined {
  return explanation && isOutOfSight(explanation) ? undefined : picture?.situation;
}

/** The state in few words: `rolling forward`, `not found`. */
export function stateOf(standing: Standing): string {
  const { picture, outcome } = standing;
  const situation = situationNow(standing);
  if (situation && outcome !== 'superseded') return shortStateWords(situation);
  if (!goesOn(standing)) return inWords(outcome);
  return picture ? 'without record' : 'not read yet';
}

/** What is wrong, in few words; `''` where nothing is. */
export function troubleOf(standing: Standing): string {
  const { lost, picture } = standing;
  if (lost)
    return `${picture ? 'contact lost' : 'no usable response'}: ${faultWords(lost.fault)}; ${lost.failures} of ${lost.most} tries failed`;
  const wrong = wrongWith(standing);
  if (wrong) return inLine(wrong.what);
  const end = endOf(standing);
  return end === stateOf(standing) ? '' : end;
}

/** What it is, and what is wrong, in one line that names the deployment. */
export function lineOf(standing: Standing): string {
  const situation = situationNow(standing);
  const wrong = wrongWith(standing);
  const head = endOf(standing) || (situation ? stateWords(situation) : stateOf(standing));
  const { deployment, remark } = standing;
  return `${deployment}: ${[head, ...(wrong ? [causeInLine(wrong)] : []), ...(remark ? [remark] : [])].join('; ')}`;
}

/** The line of its upgrade as long as there is one to tell of. */
export function summaryLineOf(standing: Standing): string {
  const situation = situationNow(standing);
  return situation ? summaryOf(situation) : lineOf(standing);
}

/** Those in trouble come before those that are under way, and these before the rest. */
export function rankOf(standing: Standing): 0 | 1 | 2 {
  if (troubleOf(standing) !== '' || (standing.explanation && !goesOn(standing))) return 0;
  const situation = situationNow(standing);
  const isUnderWay = !situation || verdictOf(situation) === 'in-progress';
  return isUnderWay ? 1 : 2;
}

/** What matters most of an upgrade, if anything is wrong with it. Of one in another's place it would be the other's. */
function wrongWith(standing: Standing) {
  const situation = standing.outcome === 'superseded' ? undefined : situationNow(standing);
  const [first] = situation ? findingsOf(situation) : [];
  return first?.severity === 'info' ? undefined : first;
}

/** How it ended, if not well. */
function endOf(standing: Standing): string {
  const { deployment, explanation } = standing;
  if (explanation === undefined || goesOn(standing)) return '';
  const name = `${deployment}: `;
  return explanation.what.startsWith(name) ? explanation.what.slice(name.length) : explanation.what;
}

/** `3 deployments: 1 rolling back, 2 upgraded; 1 without contact`. */
export function stateOfAll(standings: readonly Standing[]): string {
  const lost = standings.filter((one) => one.lost !== undefined).length;
  const contact = lost > 0 ? `; ${lost} without contact` : '';
  return `${counted(standings.length, 'deployment')}: ${tally(standings.map(stateOf))}${contact}`;
}
