/** Sends a request that changes something, and finds out what became of it. */
import type { WriteResult } from '../../cluster/gateway-writer.ts';
import { ExpectedError } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import { withTimeout } from '../../platform/timeout.ts';
import { ReadFailedError, type ReadFailure, type RetryOptions, readWithRetries } from '../retry.ts';
import type { DeploymentState } from './deployment-state.ts';
import { readTolerantly, type Settlement, type SettleOptions, settle } from './settle.ts';

/** A step of a request. `settled` follows `unknown`. */
export interface RequestStep {
  readonly state: 'sending' | 'accepted' | 'refused' | 'unknown' | 'settled';
  /** Identifies the request in the traces of the cluster; `undefined` before it is sent. */
  readonly requestId: string | undefined;
  /** The fate that reading has found out; only for `settled`. */
  readonly fate?: Settlement['fate'];
}

/** An attempt that failed: its fault, its request, and the number of attempts. */
type FailedAttempt = Pick<ReadFailure, 'fault' | 'request' | 'count'>;

/** The fate of a request. */
export type RequestResult =
  | {
      readonly kind: 'accepted';
      readonly requestId: string;
      /** Whether the answer told it, or reading. */
      readonly settledBy: 'answer' | 'reading';
      /** The state that reading has found. */
      readonly state?: DeploymentState | undefined;
    }
  /** `failed`: certainly nothing was started. The other two: the answer was lost. */
  | {
      readonly kind: 'failed' | 'not-accepted' | 'unknown';
      readonly failure: FailedAttempt;
      readonly requestId: string;
    };

/** A request, and how to find out by reading whether it was accepted. */
export interface WriteRequest
  extends RetryOptions,
    Pick<SettleOptions, 'source' | 'deployment' | 'isAccepted' | 'isUnchanged'> {
  /** Makes one attempt. */
  readonly send: (signal: AbortSignal) => Promise<WriteResult>;
  /** Whether the request can be sent again after its answer was lost. */
  readonly isRepeatable: boolean;
  readonly onStep: (step: RequestStep) => void;
  /** Called with each attempt that could not be sent, before the next one. */
  readonly onRetry: (failure: ReadFailure) => void;
}

/** Time after the server's limit for a request until which the cluster may still accept it. */
const lateMs = 15_000;

/** Time in which a rollback or an approval takes effect: the cluster looks for them once a minute. */
const effectMs = 60_000;

/** Time for the one read after an interrupt. */
const maxInterruptedReadMs = 5000;

/**
 * Sends a request. Attempts that certainly sent nothing are repeated; one that may have been sent only if that does no
 * harm, and once. After an interrupt one read tells what is known; the caller sees the interrupt itself.
 * @throws an `interrupted` ExpectedError if nothing was sent before the interrupt
 */
export async function sendRequest(request: WriteRequest, host: Host): Promise<RequestResult> {
  const { clock, interrupt } = host;
  const first = await attempt(request, host);
  if (first.kind !== 'unknown') return toResult(first, request);
  const { requestId } = first;
  request.onStep({ state: 'unknown', requestId });
  if (request.isRepeatable && !interrupt.aborted) {
    const repeated = await repeat(first, request, host).catch((error) => {
      // Whether the first attempt was accepted is still to be found out.
      if (error instanceof ExpectedError && interrupt.aborted) return undefined;
      throw error;
    });
    if (repeated) return repeated;
  }
  const until = request.isRepeatable
    ? clock.monotonic() + effectMs + lateMs
    : first.sentAt + request.timeoutSeconds * 1000 + lateMs;
  const { fate, state } = await settleDespiteInterrupt({ ...request, until, clock }, host);
  request.onStep({ state: 'settled', requestId, fate });
  return fate === 'accepted'
    ? { kind: 'accepted', requestId, settledBy: 'reading', state }
    : { kind: fate, failure: first.failure, requestId };
}

/** Sends a request again, whose first attempt may have been accepted. @returns `undefined` if that does not settle it */
async function repeat(
  first: LostAttempt,
  request: WriteRequest,
  host: Host,
): Promise<RequestResult | undefined> {
  const second = await attempt(request, host);
  if (second.kind === 'accepted') return toResult(second, request);
  if (second.kind !== 'refused') return undefined;
  const { requestId, failure } = first;
  // The cluster refuses a repetition of what it has done already.
  const state = await readTolerantly(request.source, request.deployment, host.interrupt);
  if (state && request.isAccepted(state)) return { kind: 'accepted', requestId, settledBy: 'reading', state };
  return state ? toResult(second, request) : { kind: 'unknown', failure, requestId };
}

/** An attempt that has ended. */
type Attempt =
  | { readonly kind: 'accepted'; readonly requestId: string }
  | {
      readonly kind: 'refused' | 'not-sent' | 'unknown';
      readonly requestId: string;
      readonly failure: FailedAttempt;
      /** Monotonic milliseconds. */
      readonly sentAt: number;
    };

type LostAttempt = Extract<Attempt, { readonly failure: FailedAttempt }>;

/** Makes an attempt, and more while certainly nothing was sent. */
async function attempt(request: WriteRequest, host: Host): Promise<Attempt> {
  const { clock, interrupt } = host;
  let requestId = '';
  let sentAt = 0;
  let count = 0;
  const send = async (): Promise<Attempt> => {
    request.onStep({ state: 'sending', requestId: undefined });
    sentAt = clock.monotonic();
    count++;
    const result = await request.send(interrupt);
    requestId = result.requestId;
    if (result.kind === 'not-sent') throw result.error;
    if (result.kind === 'accepted') return { kind: 'accepted', requestId };
    const { fault, request: line } = result.error;
    return { kind: result.kind, requestId, sentAt, failure: { fault, request: line, count } };
  };
  try {
    return await readWithRetries(send, request, interrupt, host, request.onRetry);
  } catch (error) {
    if (!(error instanceof ReadFailedError)) throw error;
    return { kind: 'not-sent', requestId, failure: error.failure, sentAt };
  }
}

function toResult(ended: Attempt, { onStep }: WriteRequest): RequestResult {
  const { requestId } = ended;
  onStep({ state: ended.kind === 'accepted' ? 'accepted' : 'refused', requestId });
  if (ended.kind === 'accepted') return { kind: 'accepted', requestId, settledBy: 'answer' };
  return { kind: 'failed', failure: ended.failure, requestId };
}

async function settleDespiteInterrupt(
  options: SettleOptions,
  { interrupt, clock }: Host,
): Promise<Settlement> {
  try {
    return await settle(options, interrupt);
  } catch (error) {
    if (!(error instanceof ExpectedError) || !interrupt.aborted) throw error;
  }
  const { source, deployment, isAccepted } = options;
  const state = await withTimeout(clock, maxInterruptedReadMs, new AbortController().signal, (own) =>
    readTolerantly(source, deployment, own).catch((error) => {
      if (error instanceof ExpectedError) return undefined;
      throw error;
    }),
  );
  return { fate: state && isAccepted(state) ? 'accepted' : 'unknown', state };
}
