/** Explains reads that failed for good or got no response in time. */
import type { Connection } from '../config/connection.ts';
import { formatEndpoint } from '../config/endpoint.ts';
import { ExpectedError, type Explanation, explainInterrupt } from '../platform/errors.ts';
import { formatDuration } from '../platform/format.ts';
import type { Clock } from '../platform/host.ts';
import { ReadFailedError, type ReadFailure } from './retry.ts';

/** The context of a read, for its explanation. */
export interface ReadContext {
  /** `undefined` for a read of the cluster. */
  readonly deployment: string | undefined;
  readonly connection: Pick<Connection, 'endpoint' | 'commandTarget' | 'timeoutSeconds'>;
  /** Whether the deployment was read before. */
  readonly wasRead: boolean;
}

/**
 * Explains an error that ended a read or watch.
 * @param isDeadlinePast whether the deadline has passed, which `explainDeadline` explains
 * @throws the error itself if it is a bug of ours
 */
export async function explainStop(
  error: unknown,
  interrupt: AbortSignal,
  isDeadlinePast: boolean,
  explainDeadline: () => Explanation | Promise<Explanation>,
  context: ReadContext,
  clock: Clock,
): Promise<Explanation> {
  if (interrupt.aborted) return explainInterrupt(interrupt.reason);
  if (isDeadlinePast) return explainDeadline();
  if (error instanceof ReadFailedError) return explainReadFailure(error.failure, context, clock);
  if (error instanceof ExpectedError) return error.explanation;
  throw error;
}

/** Explains a failed read by its last failure. */
export async function explainReadFailure(
  { fault, request, count }: ReadFailure,
  { deployment, connection, wasRead }: ReadContext,
  clock: Clock,
): Promise<Explanation> {
  const { explainFault } = await import('../cluster/faults/explain.ts');
  const { endpoint, commandTarget, timeoutSeconds } = connection;
  return explainFault(fault, request, {
    deployment,
    endpoint: formatEndpoint(endpoint),
    commandTarget,
    timeoutSeconds,
    tries: count,
    wasRead,
    now: clock.now(),
  });
}

/** Explains that `--max-wait` passed before the first answer. @param lastFailure the last failed attempt, if any */
export async function explainSilence(
  lastFailure: ReadFailure | undefined,
  maxWaitMs: number,
  context: ReadContext,
  clock: Clock,
): Promise<Explanation> {
  const time = `${formatDuration(maxWaitMs)} (--max-wait)`;
  if (lastFailure) {
    const explanation = await explainReadFailure(lastFailure, context, clock);
    return { ...explanation, what: `${explanation.what} Gave up after ${time}.` };
  }
  const { suggestGatewayPort } = await import('../cluster/faults/next-steps.ts');
  const endpoint = formatEndpoint(context.connection.endpoint);
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_UNREACHABLE',
    what: `No response from ${endpoint} within ${time}.`,
    next: suggestGatewayPort(endpoint, [{ what: 'Check the endpoint, or allow more time with --max-wait.' }]),
  };
}
