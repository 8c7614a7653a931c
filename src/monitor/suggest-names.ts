/** Suggests existing deployments with names similar to a missing one. */
import { isDeploymentMissing, suggestNextSteps } from '../cluster/faults/not-found.ts';
import type { RelatedReads } from './related-reads.ts';
import type { WatchStatus } from './status.ts';

/** Adds suggestions to the statuses of missing deployments. Reads all names, once, only if there are such statuses. */
export async function suggestNames(
  statuses: readonly WatchStatus[],
  { names: readNames, commandTarget }: RelatedReads,
  signal: AbortSignal,
): Promise<readonly WatchStatus[]> {
  const isMissing = ({ reading, explanation }: WatchStatus) =>
    !reading && explanation !== undefined && isDeploymentMissing(explanation);
  if (!statuses.some(isMissing)) return statuses;
  // The error is useful without suggestions, too.
  const names = await readNames(signal).catch(() => undefined);
  if (names === undefined) return statuses;
  return statuses.map((status) => {
    const { deployment, explanation } = status;
    if (!isMissing(status) || !explanation) return status;
    return {
      ...status,
      explanation: { ...explanation, next: suggestNextSteps(deployment, names, commandTarget) },
    };
  });
}
