/** How long to wait before the next try. Pure. */
import type { Fault } from '../cluster/faults/fault.ts';

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
export function backoff(
  fault: Fault,
  failures: number,
  { cap, patience, failing, random, now }: BackoffOptions,
): number {
  const jittered = random * Math.min(cap, firstBackoff * failing * 2 ** (failures - 1));
  const asked = fault.kind === 'answer' ? retryAfter(fault.retryAfter, now) : 0;
  return Math.max(jittered, Math.min(asked, patience));
}

/** Reads the header's two forms, seconds and a date; anything else asks for nothing. */
function retryAfter(value: string, now: number): number {
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
