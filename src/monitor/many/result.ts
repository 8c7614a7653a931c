/** What to tell of several that have ended, and not all of them well: which, why, and how to go on. Pure. */

import { isDeploymentMissing } from '../../cluster/faults/not-found.ts';
import { type DeploymentResult, type Explanation, getErrorCode } from '../../platform/errors.ts';
import { formatCount, formatTally } from '../../platform/format.ts';
import { describeOutcome, findWorstOutcome, getSeverityRank, type Outcome } from '../../platform/outcome.ts';
import { goesOn, lineOf, type Standing, stateOf } from './status.ts';

/** Commands that can be typed. */
export interface Commands {
  /** Watches on. */
  readonly resume: (deployments: readonly string[]) => string;
  /** Looks at one of them alone. */
  readonly look: (deployment: string) => string;
}

/** Causes that are told. */
const mostTold = 10;

export function outcomeOf(standings: readonly Standing[]): Outcome {
  return findWorstOutcome(standings.map(({ outcome }) => outcome));
}

/** @param watched whether they were followed, and can be followed on */
export function explainAll(
  standings: readonly Standing[],
  watched: boolean,
  { resume, look }: Commands,
): Explanation {
  const outcome = outcomeOf(standings);
  const deployments = ownEndings(standings);
  const shared = sharedBy(standings);
  if (shared) return { ...shared, outcome, deployments };
  const notWell = worstFirst(standings).filter((one) => one.outcome !== 'completed');
  const bad = notWell.filter((one) => !goesOn(one));
  // Those that have not ended are no cause where others are.
  const causes = bad.length > 0 ? bad : notWell;
  const left = causes.slice(mostTold);
  const going = watched ? standings.filter(goesOn) : [];
  return {
    outcome,
    code: getErrorCode(outcome),
    what: [
      ...reasonsToStop(standings),
      `${summaryOfAll(standings)}.`,
      ...(going.some(({ reading }) => reading?.snapshot) ? ['What has not ended goes on.'] : []),
    ].join(' '),
    evidence: [
      ...causes
        .slice(0, mostTold)
        .flatMap((standing) => [lineOf(standing), `  ${adviceFor(standing, look)}`]),
      ...(left.length > 0 ? [`and ${left.length} more: ${formatTally(left.map(wordsOf))}`] : []),
    ],
    next: going.length > 0 ? [`Watch on: ${resume(going.map(({ deployment }) => deployment))}`] : [],
    deployments,
  };
}

/** Whoever looked at one that is missing would read the same again. */
function adviceFor({ deployment, explanation }: Standing, look: Commands['look']): string {
  const [first] = (explanation && isDeploymentMissing(explanation) && explanation.next) || [];
  return first ?? look(deployment);
}

/** `3 deployments: 1 failed, 2 upgraded`. */
export function summaryOfAll(standings: readonly Standing[]): string {
  return `${formatCount(standings.length, 'deployment')}: ${formatTally(worstFirst(standings).map(wordsOf))}`;
}

function worstFirst(standings: readonly Standing[]): readonly Standing[] {
  return standings.toSorted((one, other) => getSeverityRank(one.outcome) - getSeverityRank(other.outcome));
}

export function ownEndings(standings: readonly Standing[]): readonly DeploymentResult[] {
  return standings.map((standing) => ({
    deployment: standing.deployment,
    outcome: standing.outcome,
    reason: lineOf(standing),
    targetVersion: standing.reading?.snapshot?.upgrade.targetVersion || null,
  }));
}

/** For another ended badly, with `--fail-fast`. */
export function stoppedByAnother({ deployment }: Standing): Explanation {
  return {
    outcome: 'in-progress',
    code: getErrorCode('in-progress'),
    what: `${deployment} had not ended when another ended badly.`,
  };
}

/** Where all have met the same, as a cluster that cannot be reached, that is told as of one. */
function sharedBy(standings: readonly Standing[]): Explanation | undefined {
  const explanation = standings[0]?.explanation;
  const isShared = standings.every((one) => !goesOn(one) && one.explanation?.what === explanation?.what);
  return isShared ? explanation : undefined;
}

/** A signal, or the time: of each of them it is the same. */
function reasonsToStop(standings: readonly Standing[]): readonly string[] {
  const stopped = standings.find((one) => goesOn(one) && one.outcome !== 'in-progress');
  return stopped?.explanation ? [stopped.explanation.what] : [];
}

/** One that was only read may be in any state. */
function wordsOf(standing: Standing): string {
  const { outcome } = standing;
  return outcome === 'completed' ? stateOf(standing) : describeOutcome(outcome);
}
