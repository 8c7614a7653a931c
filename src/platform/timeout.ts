/** Runs work with timeouts and abort signals. Leaves no timer or listener behind. */
import { setMaxListeners } from 'node:events';
import type { Clock } from './host.ts';

/**
 * Runs work with a signal that aborts when the caller's does, or once the time is up. The timer and the listener are
 * removed when the work ends.
 * @param maxMs real milliseconds, even if the clock is a faster one; `Infinity` for no limit
 * @param work may also abort its own signal
 */
export async function withTimeout<T>(
  clock: Clock,
  maxMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal, abort: () => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  allowManyListeners(controller.signal);
  const abort = () => controller.abort();
  const cancelTimer = (clock.real ?? clock).after(maxMs, abort);
  const stopForwarding = forwardAbort(signal, controller);
  try {
    return await work(controller.signal, abort);
  } finally {
    cancelTimer();
    stopForwarding();
  }
}

/** Removes the limit of ten listeners, above which Node warns of a leak on stderr. */
export function allowManyListeners(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}

/**
 * Waits for work that cannot be cancelled, at most until the signal aborts. The work itself continues.
 * @throws the signal's reason
 */
export function rejectOnAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * Aborts the controller when the signal aborts, or at once if it already has. Replaces AbortSignal.any, which on Node
 * 20 leaks memory while a source signal lives: https://github.com/nodejs/node/issues/55351
 * @returns a function that stops the forwarding
 */
export function forwardAbort(signal: AbortSignal, controller: AbortController): () => void {
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return () => signal.removeEventListener('abort', abort);
}
