/** Status of one deployment that is read or watched: the last reading, and how the read or watch ended. Pure. */
import { createErrorDocument, type Explanation } from '../platform/errors.ts';
import { getOutcomeWord, type Outcome } from '../platform/outcome.ts';
import type { UpgradeSnapshot } from '../upgrade/snapshot.ts';
import type { UpgradeReading } from './read.ts';
import type { ReadFailure } from './retry.ts';
import type { WatchEvent } from './watch.ts';

/** The status of one deployment. */
export interface WatchStatus {
  readonly deployment: string;
  /** Name of its cluster, if there are several. */
  readonly cluster?: string | undefined;
  /** The last reading. */
  readonly reading: UpgradeReading | undefined;
  /** The last attempt, if it failed. */
  readonly failure: ReadFailure | undefined;
  /** `in-progress` while it is watched. */
  readonly outcome: Outcome;
  /** Explains an end that is not a success. */
  readonly explanation: Explanation | undefined;
  /** A remark on the end, such as that the upgrade had ended before the watch began. */
  readonly remark: string | undefined;
}

/** Creates the status of a deployment that has not been read yet. */
export function createStatus(deployment: string): WatchStatus {
  return {
    deployment,
    reading: undefined,
    failure: undefined,
    outcome: 'in-progress',
    explanation: undefined,
    remark: undefined,
  };
}

/** Applies an event. */
export function updateStatus(status: WatchStatus, event: WatchEvent): WatchStatus {
  switch (event.type) {
    case 'reading':
      return { ...status, reading: event.reading, failure: undefined };
    case 'failure':
      return { ...status, failure: event.failure };
    case 'ended':
      return endStatus(status, event.explanation, event.remark);
    default:
      return status;
  }
}

/** Ends a read or watch. @param explanation of an end that is not a success */
export function endStatus(
  status: WatchStatus,
  explanation: Explanation | undefined,
  remark?: string | undefined,
): WatchStatus {
  const outcome = explanation?.outcome ?? 'completed';
  return { ...status, failure: undefined, outcome, explanation, remark };
}

/** Reports whether the upgrade may still be going on, even if the watch has stopped. */
export function isUnderWay({ outcome }: WatchStatus): boolean {
  return ['in-progress', 'timed-out', 'interrupted'].includes(getOutcomeWord(outcome));
}

/** Reports whether the last reading no longer holds, as after a removal or lost contact. */
export function isOutdated({ explanation }: WatchStatus): boolean {
  return (
    explanation?.request !== undefined &&
    ['not-found', 'unreachable', 'unauthorized'].includes(explanation.outcome)
  );
}

/** Returns the last snapshot of the upgrade, unless outdated. */
export function getCurrentSnapshot(status: WatchStatus): UpgradeSnapshot | undefined {
  return isOutdated(status) ? undefined : status.reading?.snapshot;
}

/** Builds the JSON text for `-o json`: the document of one deployment, or an array of those of many. */
export function formatDocuments(statuses: readonly WatchStatus[]): string | undefined {
  const [only] = statuses;
  if (only && statuses.length === 1) return getDocument(only);
  const documents = statuses.map((status) => {
    const { explanation } = status;
    return getDocument(status) ?? (explanation ? createErrorDocument(explanation) : 'null');
  });
  return `[${documents.join(',')}]`;
}

/** Finds the gateway's own error, or else its last document unless that is outdated. */
function getDocument(status: WatchStatus): string | undefined {
  return status.explanation?.document ?? (isOutdated(status) ? undefined : status.reading?.document);
}
