/** How long to wait before the next try. Pure. */
import type { Fault } from './fault.ts';

const firstBackoff = 500;

/**
 * Exponential backoff with full jitter: somewhere between nothing and 0.5 s, 1 s, 2 s, … up to `cap`; or longer if
 * the server said so with `Retry-After`, but never longer than `patience`.
 * @param failures in a row so far, from 1
 * @param random from 0 up to 1
 * @returns milliseconds
 */
export function backoff(
  fault: Fault,
  failures: number,
  { cap, patience, random, now }: { cap: number; patience: number; random: number; now: number },
): number {
  const jittered = random * Math.min(cap, firstBackoff * 2 ** (failures - 1));
  const asked = fault.kind === 'answer' ? retryAfter(fault.retryAfter, now) : 0;
  return Math.max(jittered, Math.min(asked, patience));
}

/** Reads the header's two forms, seconds and a date; anything else asks for nothing. */
function retryAfter(value: string, now: number): number {
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
