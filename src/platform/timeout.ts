import { setMaxListeners } from 'node:events';

/** Lets any number listen to the signal: Node takes more than ten for a leak, and warns of it on stderr. */
export function allowManyListeners(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}

/**
 * Waits for work that cannot be cancelled, until the signal aborts. The work goes on then.
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
 * Lets a controller abort when a signal does, or at once if it already has.
 * Not AbortSignal.any: on Node 20 a signal that lives on keeps a trace of every one that was made of it.
 * @returns what undoes it
 */
export function forwardAbort(signal: AbortSignal, controller: AbortController): () => void {
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return () => signal.removeEventListener('abort', abort);
}
