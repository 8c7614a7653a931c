/** Suggests existing deployments with names similar to a missing one. */
import { isDeploymentMissing, suggestNextSteps } from '../cluster/faults/not-found.ts';
import type { UpgradeSource } from './read.ts';
import type { WatchStatus } from './status.ts';
import type { Target } from './target.ts';

/** A target with the reads that list the deployments of its cluster. */
interface NamedSource extends Target {
  readonly createSource: () => Pick<UpgradeSource, 'relatedReads'>;
}

/**
 * Adds suggestions to the statuses of missing deployments. Reads all names of a cluster, once, only if there are such
 * statuses.
 */
export async function suggestNames(
  statuses: readonly WatchStatus[],
  targets: readonly NamedSource[],
  signal: AbortSignal,
): Promise<readonly WatchStatus[]> {
  const clusters = new Set(statuses.filter(isMissing).map(({ endpoint }) => endpoint));
  const sources = new Map(
    [...clusters].map((endpoint) => {
      const target = targets.find((one) => one.endpoint === endpoint);
      const { relatedReads } = target?.createSource() ?? {};
      // The error is useful without suggestions, too.
      return [endpoint, { relatedReads, names: relatedReads?.names(signal).catch(() => undefined) }] as const;
    }),
  );
  return Promise.all(
    statuses.map(async (status) => {
      const { deployment, explanation, endpoint } = status;
      const { relatedReads, names } = sources.get(endpoint) ?? {};
      const known = isMissing(status) ? await names : undefined;
      if (known === undefined || !explanation || !relatedReads) return status;
      const next = suggestNextSteps(deployment, known, relatedReads.commandTarget);
      return { ...status, explanation: { ...explanation, next } };
    }),
  );
}

function isMissing({ reading, explanation }: WatchStatus): boolean {
  return !reading && explanation !== undefined && isDeploymentMissing(explanation);
}
