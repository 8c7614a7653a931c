/** Explains together which of several clusters could not be read. Pure. */
import { type Explanation, getErrorCode } from '../platform/errors.ts';
import { formatCount } from '../platform/format.ts';
import { removeDuplicates } from '../platform/next-step.ts';
import { findWorstOutcome, getOutcomeWord } from '../platform/outcome.ts';

/** A cluster, and why it could not be read. */
export interface ClusterEnd {
  /** Name of the cluster, among several. */
  readonly cluster: string | undefined;
  /** `undefined` if the cluster was read. */
  readonly explanation: Explanation | undefined;
}

/** Explains the failures of all clusters by the worst; `undefined` if each was read. */
export function explainClusters(ends: readonly ClusterEnd[]): Explanation | undefined {
  const failed = ends.flatMap(({ cluster, explanation }) => (explanation ? [{ cluster, explanation }] : []));
  const [first] = failed;
  if (first === undefined || ends.length === 1) return first?.explanation;
  // A signal stops all reads alike.
  const stopped = failed.find(({ explanation }) => getOutcomeWord(explanation.outcome) === 'interrupted');
  if (stopped) return stopped.explanation;
  if (failed.length === 1)
    return { ...first.explanation, what: `${first.cluster}: ${first.explanation.what}` };
  const outcome = findWorstOutcome(failed.map(({ explanation }) => explanation.outcome));
  return {
    outcome,
    code: getErrorCode(outcome),
    what: `${failed.length} of ${formatCount(ends.length, 'cluster')} could not be read.`,
    evidence: failed.map(({ cluster, explanation }) => `${cluster}: ${explanation.what}`),
    next: removeDuplicates(failed.flatMap(({ explanation }) => explanation.next ?? [])),
  };
}
