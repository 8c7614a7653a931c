/** Watches the list of one cluster: reads it at an interval. */
import { selectRetryPolicy } from '../cluster/faults/fault.ts';
import type { Gateway } from '../cluster/gateway.ts';
import type { Connection } from '../config/connection.ts';
import type { Explanation } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { Deployment } from '../upgrade/model.ts';
import { explainStop } from './explain-failure.ts';
import type { UpgradeSource } from './read.ts';
import { maxBackoffMs, ReadFailedError, type ReadFailure, type RetryOptions, retry } from './retry.ts';
import type { Target } from './target.ts';

/** A cluster whose list is watched. */
export interface ListSource extends Pick<Target, 'cluster' | 'endpoint' | 'isAmongClusters'> {
  readonly connection: Pick<Connection, 'endpoint' | 'commandTarget' | 'timeoutSeconds'>;
  readonly gateway: Gateway;
  /** Creates the source of one upgrade. */
  readonly createSource: () => UpgradeSource;
}

/** Events of the watch of a list. All times are in milliseconds. */
export type ListEvent =
  | ListedEvent
  /** A read of a page failed and will be retried. */
  | { readonly type: 'failure'; readonly failure: ReadFailure }
  /** A read succeeded after failures. */
  | { readonly type: 'recovered'; readonly failedForMs: number }
  /** The last event: the list cannot be read. */
  | { readonly type: 'ended'; readonly explanation: Explanation };

/** The whole list was read. */
export interface ListedEvent {
  readonly type: 'listed';
  readonly deployments: readonly Deployment[];
  /** When the read began, on the monotonic clock. */
  readonly readFrom: number;
  readonly nextReadInMs: number;
}

/** Options of the watch of a list. */
export interface ListWatchOptions extends RetryOptions {
  readonly intervalMs: number;
}

/** The pause between two reads of the list, in times that the last took: a long list is read less often. */
const minPauseFactor = 5;

/**
 * Reads the list until the signal aborts. Before the first list, a read that is given up ends the watch. After it, only
 * a fault does that cannot pass: a watch of a list outlives any outage of its cluster.
 * @param emit waits until the event was consumed
 */
export async function watchList(
  { gateway, connection }: Pick<ListSource, 'gateway' | 'connection'>,
  options: ListWatchOptions,
  signal: AbortSignal,
  host: Host,
  emit: (event: ListEvent) => Promise<void>,
): Promise<void> {
  const { clock, stdout, stderr } = host;
  let wasRead = false;
  let failingSince: number | undefined;
  let tookMs = 0;

  async function readPage<T>(read: () => Promise<T>): Promise<T> {
    const tries = retry(() => measure(read), options, 'watch', wasRead, host);
    for (;;) {
      const { done, value } = await tries.next();
      if (done) {
        if (failingSince !== undefined)
          await emit({ type: 'recovered', failedForMs: clock.monotonic() - failingSince });
        failingSince = undefined;
        return value;
      }
      failingSince ??= clock.monotonic();
      await emit({ type: 'failure', failure: value });
      await clock.sleep(value.pauseMs, signal);
    }
  }

  async function measure<T>(read: () => Promise<T>): Promise<T> {
    const startedAt = clock.monotonic();
    const page = await read();
    tookMs += clock.monotonic() - startedAt;
    return page;
  }

  async function readAll(): Promise<ListedEvent> {
    const readFrom = clock.monotonic();
    const deployments: Deployment[] = [];
    tookMs = 0;
    for await (const page of gateway.readDeployments(signal, { retry: readPage })) deployments.push(...page);
    const nextReadInMs = Math.max(options.intervalMs, minPauseFactor * tookMs);
    return { type: 'listed', deployments, readFrom, nextReadInMs };
  }

  while (!signal.aborted) {
    // Slow or suspended readers: output must not accumulate in memory.
    await Promise.all([stdout, stderr].map((output) => output.waitForDrain(signal)));
    let pauseMs = maxBackoffMs.watch;
    try {
      const listed = await readAll();
      wasRead = true;
      pauseMs = listed.nextReadInMs;
      await emit(listed);
    } catch (error) {
      if (signal.aborted) return;
      if (!wasRead || !mayPass(error)) {
        const context = { deployment: undefined, connection, wasRead };
        const explainDeadline = () => Promise.reject(error);
        const explanation = await explainStop(error, signal, false, explainDeadline, context, clock);
        return emit({ type: 'ended', explanation });
      }
    }
    await clock.sleep(pauseMs, signal);
  }
}

/** Reports whether a read may succeed later. */
function mayPass(error: unknown): boolean {
  return error instanceof ReadFailedError && selectRetryPolicy(error.failure.fault, true) !== 'final';
}
