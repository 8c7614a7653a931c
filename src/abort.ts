/**
 * Lets a controller abort when a signal does, or at once if it already has.
 * Not AbortSignal.any: on Node 20 a signal that lives on keeps a trace of every one that was made of it.
 * @returns what undoes it
 */
export function abortWith(signal: AbortSignal, controller: AbortController): () => void {
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return () => signal.removeEventListener('abort', abort);
}

/** For what cannot be called off: it goes on, but is not waited for any longer. Rejects with the signal's reason. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
