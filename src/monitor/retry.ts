/** A read that is tried again for as long as its failures may pass. */

import { describeFault, type Fault, GatewayError, selectRetryPolicy } from '../cluster/faults/fault.ts';
import { graceMs } from '../cluster/time-limits.ts';
import type { Endpoint } from '../config/settings.ts';
import type { CommandTarget } from '../platform/command-target.ts';
import { ExpectedError, type Explanation } from '../platform/errors.ts';
import { formatDuration } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';

/** A read that failed, and is tried again after `pause`. */
export interface Lost {
  readonly type: 'lost';
  readonly fault: Fault;
  readonly request: string;
  /** `http://host:19080`, with the base path. */
  readonly endpoint: string;
  /** In a row, this one included. */
  readonly failures: number;
  /** How many of them end it. */
  readonly most: number;
  readonly pause: number;
}

/** What a read needs. */
export interface ReadOptions extends Once {
  readonly deployment: string;
}

/** The same for one that need not be of a deployment. */
export interface Once {
  readonly deployment: string | undefined;
  readonly endpoint: Endpoint;
  readonly commandTarget: CommandTarget;
  /** The server's time for one request, in seconds. */
  readonly timeout: number;
  /** Failures in a row that are tolerated. */
  readonly retries: number;
  /** Where several are read together: those whose last try failed, to which each adds itself. */
  readonly failing?: Set<string | undefined>;
}

/** The longest pause between two tries, in milliseconds: of one read, and of each in a watch. */
export const longestBackoff = { once: 10_000, watching: 30_000 };

interface Tries extends Once {
  /** The longest backoff, in milliseconds. */
  readonly cap: number;
  /** Whether the deployment was there before. */
  readonly wasRead?: boolean;
  readonly host: Pick<Host, 'clock' | 'random'>;
}

/**
 * Reads, and tries again for as long as failures may pass. Each one that is tolerated is yielded; whoever asks for
 * the next step has waited for as long as it says.
 * @throws ExpectedError once the read is given up
 */
export async function* readPatiently<T>(
  readOnce: () => Promise<T>,
  {
    deployment,
    endpoint,
    commandTarget,
    timeout,
    retries,
    failing = new Set(),
    cap,
    wasRead = false,
    host,
  }: Tries,
): AsyncGenerator<Lost, T> {
  try {
    for (let failures = 1; ; failures++) {
      try {
        return await readOnce();
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        const { fault, request } = error;
        const tolerated = { final: 0, once: Math.min(1, retries), retries }[
          selectRetryPolicy(fault, wasRead)
        ];
        if (failures > tolerated) {
          const asked = { deployment, endpoint, commandTarget, timeout, wasRead };
          throw new ExpectedError(await explained({ fault, request, failures }, asked, host));
        }
        failing.add(deployment);
        const pause = backoff(fault, failures, {
          cap,
          patience: timeout * 1000,
          failing: failing.size,
          random: host.random(),
          now: host.clock.now(),
        });
        const at = endpoint.origin + endpoint.basePath;
        yield { type: 'lost', fault, request, endpoint: at, failures, most: tolerated + 1, pause };
      }
    }
  } finally {
    failing.delete(deployment);
  }
}

/** Explains a read that was given up, by its last fault. */
async function explained(
  { fault, request, failures }: Pick<Lost, 'fault' | 'request' | 'failures'>,
  {
    deployment,
    endpoint,
    commandTarget,
    timeout,
    wasRead = false,
  }: Pick<Tries, 'deployment' | 'endpoint' | 'commandTarget' | 'timeout' | 'wasRead'>,
  { clock }: Pick<Host, 'clock'>,
): Promise<Explanation> {
  const { explainFault } = await import('../cluster/faults/explain.ts');
  return explainFault(fault, request, {
    deployment,
    endpoint: endpoint.origin + endpoint.basePath,
    commandTarget,
    timeout,
    graceMs,
    tries: failures,
    wasRead,
    now: clock.now(),
  });
}

/**
 * Builds the error for a deadline that passed before the first answer.
 * @param lost the last failure, if any
 * @param maxWait milliseconds
 */
export async function neverReadError(
  lost: Lost | undefined,
  { maxWait, ...options }: Once & { readonly maxWait: number },
  host: Pick<Host, 'clock'>,
): Promise<ExpectedError> {
  const time = `${formatDuration(maxWait)} (--max-wait)`;
  if (lost !== undefined) {
    const explanation = await explained(lost, options, host);
    return new ExpectedError({ ...explanation, what: `${explanation.what} Gave up after ${time}.` });
  }
  const { origin, basePath } = options.endpoint;
  return new ExpectedError({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_UNREACHABLE',
    what: `No response from ${origin}${basePath} within ${time}.`,
    next: ['Check the endpoint (-e), or give a longer --max-wait.'],
  });
}

/**
 * The same for whoever has nothing else to do meanwhile.
 * @param retrying told of each failure that is tolerated, before the pause after it
 * @throws ExpectedError once the read is given up
 */
export async function keepTrying<T>(
  read: () => Promise<T>,
  asked: Once,
  host: Pick<Host, 'clock' | 'random' | 'interrupt'>,
  retrying: (lost: Lost) => void,
): Promise<T> {
  const tries = readPatiently(read, { ...asked, cap: longestBackoff.once, host });
  for (;;) {
    const { done, value } = await tries.next();
    if (done) return value;
    retrying(value);
    await host.clock.sleep(value.pause, host.interrupt);
  }
}

/** `connection refused; try 2 of 3 in 0.5 s`. */
export function retryWords({ fault, failures, most, pause }: Lost): string {
  return `${describeFault(fault)}; try ${failures + 1} of ${most} in ${(pause / 1000).toFixed(1)} s`;
}

const firstBackoff = 500;

interface BackoffOptions {
  readonly cap: number;
  readonly patience: number;
  /** How many fail at the same time, this one included. */
  readonly failing: number;
  /** From 0 up to 1. */
  readonly random: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Exponential backoff with full jitter: somewhere between nothing and 0.5 s, 1 s, 2 s, … up to `cap`; or longer if
 * the server said so with `Retry-After`, but never longer than `patience`. Where several fail
 * at the same time these are as many times longer, so that a cluster that is down is asked no more often than by one.
 * @param failures in a row so far, from 1
 * @returns milliseconds
 */
function backoff(
  fault: Fault,
  failures: number,
  { cap, patience, failing, random, now }: BackoffOptions,
): number {
  const jittered = random * Math.min(cap, firstBackoff * failing * 2 ** (failures - 1));
  const asked = fault.kind === 'answer' ? retryAfter(fault.retryAfter ?? '', now) : 0;
  return Math.max(jittered, Math.min(asked, patience));
}

/** Reads the header's two forms, seconds and a date; anything else asks for nothing. */
function retryAfter(value: string, now: number): number {
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
