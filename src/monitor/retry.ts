/** Retries reads that failed, for as long as their faults may pass. */
import { describeFault, type Fault, GatewayError, selectRetryPolicy } from '../cluster/faults/fault.ts';
import type { Host } from '../platform/host.ts';

/** A read that failed. */
export interface ReadFailure {
  readonly fault: Fault;
  /** The request without secrets: `GET http://…`. */
  readonly request: string;
  /** Failures in a row, this one included. */
  readonly count: number;
  /** The number of failures in a row that ends the read. */
  readonly maxCount: number;
  /** Milliseconds until the next try; 0 if there is none. */
  readonly pauseMs: number;
}

/** Reports that a read was given up. */
export class ReadFailedError extends Error {
  readonly failure: ReadFailure;

  constructor(failure: ReadFailure) {
    super(`${failure.request}: ${failure.fault.kind}`);
    this.name = 'ReadFailedError';
    this.failure = failure;
  }
}

/** Options of retries. */
export interface RetryOptions {
  /** Failures in a row that are tolerated. */
  readonly retries: number;
  /** Time limit of the server for one request, in seconds; also the longest `Retry-After` that is honoured. */
  readonly timeoutSeconds: number;
  /** Concurrent reads whose last attempt failed; this one adds itself. */
  readonly failing?: Set<object>;
}

/** The longest backoff of a single read, and of each read of a watch. */
export const maxBackoffMs = { single: 10_000, watch: 30_000 };

/**
 * Reads until a try succeeds. Yields each failure that is tolerated, and expects to be resumed after its pause. An
 * endpoint that refuses connections, or whose name is unknown, is given up after three tries, unless it has responded
 * before: a watch of a mistyped endpoint should not last for minutes.
 * @param hasResponded whether the endpoint has responded before
 * @throws ReadFailedError once the read is given up
 */
export async function* retry<T>(
  read: () => Promise<T>,
  { retries, timeoutSeconds, failing = new Set() }: RetryOptions,
  mode: keyof typeof maxBackoffMs,
  hasResponded: boolean,
  { clock, random }: Pick<Host, 'clock' | 'random'>,
): AsyncGenerator<ReadFailure, T> {
  const self = {};
  let hasContact = hasResponded;
  try {
    for (let count = 1; ; count++) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        const { fault, request } = error;
        hasContact ||= fault.kind === 'response';
        const limits = { final: 0, once: 1, twice: 2, retries };
        const tolerated = Math.min(limits[selectRetryPolicy(fault, hasContact)], retries);
        const failure = { fault, request, count, maxCount: tolerated + 1, pauseMs: 0 };
        if (count > tolerated) throw new ReadFailedError(failure);
        failing.add(self);
        const backoffMs =
          random() * Math.min(maxBackoffMs[mode], firstBackoffMs * failing.size * 2 ** (count - 1));
        const retryAfterMs =
          fault.kind === 'response' ? parseRetryAfter(fault.retryAfter ?? '', clock.now()) : 0;
        yield { ...failure, pauseMs: Math.max(backoffMs, Math.min(retryAfterMs, timeoutSeconds * 1000)) };
      }
    }
  } finally {
    failing.delete(self);
  }
}

/**
 * The first backoff, with full jitter: the pause is anywhere between nothing and 0.5 s, 1 s, 2 s … Where several reads
 * fail at the same time, the pause is as many times longer, so that a cluster that is down gets no more requests than
 * from one.
 */
const firstBackoffMs = 500;

/** Parses the header's two forms, seconds and a date. @returns milliseconds; 0 for anything else */
function parseRetryAfter(value: string, now: number): number {
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

/**
 * Reads until a try succeeds, and sleeps in between.
 * @param onRetry called with each failure that is tolerated, before the pause
 * @throws ReadFailedError once the read is given up
 */
export async function readWithRetries<T>(
  read: () => Promise<T>,
  options: RetryOptions,
  signal: AbortSignal,
  host: Pick<Host, 'clock' | 'random'>,
  onRetry: (failure: ReadFailure) => void,
): Promise<T> {
  const tries = retry(read, options, 'single', false, host);
  for (;;) {
    const { done, value } = await tries.next();
    if (done) return value;
    onRetry(value);
    await host.clock.sleep(value.pauseMs, signal);
  }
}

/** Describes a retry: `connection refused; attempt 2 of 3 in 0.5s`. */
export function describeRetry({ fault, count, maxCount, pauseMs }: ReadFailure): string {
  return `${describeFault(fault)}; attempt ${count + 1} of ${maxCount} in ${(pauseMs / 1000).toFixed(1)}s`;
}
