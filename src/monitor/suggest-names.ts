/** Which deployment may have been meant where there is none of that name. */

import { isDeploymentMissing, suggestNextSteps } from '../cluster/faults/not-found.ts';
import type { Explanation } from '../platform/errors.ts';
import type { RelatedReads } from './related-reads.ts';

/** @returns what completes an explanation; the names of all deployments are read when first needed, and once for all */
export function suggester(
  relatedReads: RelatedReads,
  signal: AbortSignal,
): (deployment: string, explanation: Explanation) => Promise<Explanation> {
  let reading: Promise<readonly string[] | undefined> | undefined;
  return async (deployment, explanation) => {
    if (!isDeploymentMissing(explanation)) return explanation;
    // Whatever comes of it, the error is there.
    reading ??= relatedReads.names(signal).catch(() => undefined);
    const names = await reading;
    return names
      ? { ...explanation, next: suggestNextSteps(deployment, names, relatedReads.commandTarget) }
      : explanation;
  };
}
