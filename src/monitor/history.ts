/** Reads the past upgrades of a deployment from the cluster's event store. */
import { explainNoEventStore, hasNoEventStore } from '../cluster/faults/event-store.ts';
import { explainMissing } from '../cluster/faults/not-found.ts';
import type { Gateway } from '../cluster/gateway.ts';
import { maxClockLeadMs } from '../cluster/time-limits.ts';
import { formatEndpoint } from '../config/endpoint.ts';
import type { Span } from '../config/span.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { PastUpgrade } from '../upgrade/past-upgrade.ts';
import { listPastUpgrades } from '../upgrade/past-upgrades.ts';
import { explainReadFailure, type ReadContext } from './explain-failure.ts';
import type { RelatedReads } from './related-reads.ts';
import { ReadFailedError, type ReadFailure, type RetryOptions, readWithRetries } from './retry.ts';

/** The past of a deployment. */
export interface History {
  readonly deployment: string;
  readonly span: Span;
  /** Oldest first. */
  readonly upgrades: readonly PastUpgrade[];
  /** Whether the deployment exists. */
  readonly exists: boolean;
}

/** Options of reading a history. */
export interface HistoryOptions extends RetryOptions {
  readonly connection: ReadContext['connection'];
  /** Called with each failure that is tolerated. */
  readonly onRetry: (failure: ReadFailure) => void;
}

/**
 * Reads the status of a deployment, which need not exist any more, and its past upgrades.
 * @param signal aborted with `host.interrupt`, and at the deadline
 * @throws ReadFailedError, or an ExpectedError if the cluster has no event store, or there is neither a deployment nor a
 * past
 */
export async function readHistory(
  { gateway, relatedReads }: { readonly gateway: Gateway; readonly relatedReads: RelatedReads },
  deployment: string,
  span: Span,
  options: HistoryOptions,
  signal: AbortSignal,
  host: Host,
): Promise<History> {
  const { connection, onRetry } = options;
  const retrying = <T>(read: () => Promise<T>) => readWithRetries(read, options, signal, host, onRetry);
  const status = await retrying(() => gateway.readStatus(deployment, signal));
  const application = status?.application ?? `fabric:/${deployment}`;
  const to = new Date(span.to.getTime() + (span.isUpToNow ? maxClockLeadMs : 0));
  const read = () => gateway.readEvents(application, { from: span.from, to }, signal);
  const events = await retrying(read).catch(async (error) => {
    if (!(error instanceof ReadFailedError) || !hasNoEventStore(error.failure.fault)) throw error;
    const context = { deployment, connection, wasRead: false };
    const explanation = await explainReadFailure(error.failure, context, host.clock);
    throw new ExpectedError(explainNoEventStore(explanation, deployment, connection.commandTarget));
  });
  const upgrades = listPastUpgrades(events);
  if (upgrades.length === 0 && status === undefined) {
    const names = await relatedReads.names(signal);
    const endpoint = formatEndpoint(connection.endpoint);
    throw new ExpectedError(explainMissing(deployment, endpoint, names, connection.commandTarget));
  }
  // Events of an upgrade after the span are not read.
  const isOpen = status?.status === 'Upgrading' && span.isUpToNow;
  return {
    deployment,
    span,
    upgrades: isOpen ? upgrades : upgrades.map(withoutAssumption),
    exists: status !== undefined,
  };
}

/** An upgrade without an end is under way only if the deployment is upgrading: its last events may be missing. */
function withoutAssumption(upgrade: PastUpgrade): PastUpgrade {
  const isOpen = upgrade.result === 'under-way' || upgrade.result === 'rolling-back';
  return isOpen ? { ...upgrade, result: 'unknown' } : upgrade;
}
