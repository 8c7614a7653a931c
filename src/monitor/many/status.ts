/** How one of several deployments stands: what was read of it last, and how it ended. Pure. */

import { describeFault } from '../../cluster/faults/fault.ts';
import type { Explanation } from '../../platform/errors.ts';
import { formatCount, formatTally } from '../../platform/format.ts';
import { describeOutcome, getOutcomeWord, type Outcome } from '../../platform/outcome.ts';
import { collectFindings } from '../../upgrade/findings/collect.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { describeCauseInline, lowerFirst, summarize } from '../../upgrade/summary.ts';
import { judgeSnapshot } from '../../upgrade/verdict.ts';
import { describeState, describeStateBriefly } from '../../upgrade/wording.ts';
import type { UpgradeReading } from '../read.ts';
import { isOutOfSight } from '../result.ts';
import type { Lost } from '../retry.ts';
import type { OwnEvent } from './watch.ts';

export interface Standing {
  readonly deployment: string;
  /** What was read last. */
  readonly reading: UpgradeReading | undefined;
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
    reading: undefined,
    lost: undefined,
    outcome: 'in-progress',
    explanation: undefined,
  };
}

/** With what has just happened to it. */
export function after(standing: Standing, event: OwnEvent): Standing {
  switch (event.type) {
    case 'reading':
      return { ...standing, reading: event.reading, lost: undefined };
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
  return ['in-progress', 'timed-out', 'interrupted'].includes(getOutcomeWord(outcome));
}

/** What is known of it, as far as that says how it stands. */
export function getCurrentSnapshot({ reading, explanation }: Standing): UpgradeSnapshot | undefined {
  return explanation && isOutOfSight(explanation) ? undefined : reading?.snapshot;
}

/** The state in few words: `rolling forward`, `not found`. */
export function stateOf(standing: Standing): string {
  const { reading, outcome } = standing;
  const snapshot = getCurrentSnapshot(standing);
  if (snapshot && outcome !== 'superseded') return describeStateBriefly(snapshot);
  if (!goesOn(standing)) return describeOutcome(outcome);
  return reading ? 'without record' : 'not read yet';
}

/** What is wrong, in few words; `''` where nothing is. */
export function troubleOf(standing: Standing): string {
  const { lost, reading } = standing;
  if (lost)
    return `${reading ? 'contact lost' : 'no usable response'}: ${describeFault(lost.fault)}; ${lost.failures} of ${lost.most} tries failed`;
  const wrong = wrongWith(standing);
  if (wrong) return lowerFirst(wrong.what);
  const end = endOf(standing);
  return end === stateOf(standing) ? '' : end;
}

/** What it is, and what is wrong, in one line that names the deployment. */
export function lineOf(standing: Standing): string {
  const snapshot = getCurrentSnapshot(standing);
  const wrong = wrongWith(standing);
  const head = endOf(standing) || (snapshot ? describeState(snapshot) : stateOf(standing));
  const { deployment, remark } = standing;
  return `${deployment}: ${[head, ...(wrong ? [describeCauseInline(wrong)] : []), ...(remark ? [remark] : [])].join('; ')}`;
}

/** The line of its upgrade as long as there is one to tell of. */
export function summaryLineOf(standing: Standing): string {
  const snapshot = getCurrentSnapshot(standing);
  return snapshot ? summarize(snapshot) : lineOf(standing);
}

/** Those in trouble come before those that are under way, and these before the rest. */
export function rankOf(standing: Standing): 0 | 1 | 2 {
  if (troubleOf(standing) !== '' || (standing.explanation && !goesOn(standing))) return 0;
  const snapshot = getCurrentSnapshot(standing);
  const isUnderWay = !snapshot || judgeSnapshot(snapshot) === 'in-progress';
  return isUnderWay ? 1 : 2;
}

/** What matters most of an upgrade, if anything is wrong with it. Of one in another's place it would be the other's. */
function wrongWith(standing: Standing) {
  const snapshot = standing.outcome === 'superseded' ? undefined : getCurrentSnapshot(standing);
  const [first] = snapshot ? collectFindings(snapshot) : [];
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
  return `${formatCount(standings.length, 'deployment')}: ${formatTally(standings.map(stateOf))}${contact}`;
}
