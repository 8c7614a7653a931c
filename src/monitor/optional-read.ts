/** Reads what helps, but is not needed, within a time limit. */
import { describeFault, GatewayError } from '../cluster/faults/fault.ts';
import { maxRelatedReadMs } from '../cluster/time-limits.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Clock } from '../platform/host.ts';
import { withTimeout } from '../platform/timeout.ts';

/**
 * Reads something optional. Rejects only when interrupted.
 * @param what begins a sentence of the trace: `the nodes`
 * @returns `undefined` if the cluster does not answer, or not in time
 */
export type OptionalRead = <T>(
  what: string,
  signal: AbortSignal,
  read: (signal: AbortSignal) => Promise<T>,
  maxMs?: number,
) => Promise<T | undefined>;

/** @param trace receives a line for each read that failed */
export function createOptionalRead(clock: Clock, trace: (line: string) => void): OptionalRead {
  return (what, signal, read, maxMs = maxRelatedReadMs) =>
    withTimeout(clock, maxMs, signal, async (ownSignal) => {
      try {
        return await read(ownSignal);
      } catch (error) {
        const isExpected = error instanceof GatewayError || error instanceof ExpectedError;
        if (!isExpected || signal.aborted) throw error;
        const reason = error instanceof GatewayError ? describeFault(error.fault) : error.message;
        trace(`  ${what} could not be read: ${ownSignal.aborted ? 'no response in time' : reason}`);
        return undefined;
      }
    });
}
