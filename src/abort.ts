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
