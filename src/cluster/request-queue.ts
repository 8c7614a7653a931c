/** Limits concurrent requests. The rest queue, urgent requests first. */

import type { Endpoint } from '../config/endpoint.ts';
import { interruptedError } from '../platform/errors.ts';
import { GatewayError } from './faults/fault.ts';
import type { HttpClient } from './http-client.ts';

/** High enough that none of 200 deployments waits long, low enough to spare the gateway. */
const maxConcurrentRequests = 8;

/** An {@link HttpClient} with a limit on concurrent requests. */
export interface QueuedClient extends Omit<HttpClient, 'get'> {
  /**
   * Sends a request like {@link HttpClient}. The time limit begins when the request leaves the queue.
   * @param isUrgent whether to send the request before all queued requests that are not urgent
   */
  get(
    ...request: [...request: Parameters<HttpClient['get']>, isUrgent: boolean]
  ): ReturnType<HttpClient['get']>;
}

interface QueuedRequest {
  /** `GET http://…`. */
  readonly request: string;
  readonly isUrgent: boolean;
  /** Takes the request out of the queue. Sends it unless there is an error. */
  readonly leave: (error?: Error) => void;
}

/** Adds a queue to a client. All queued requests fail together if the gateway stops responding. */
export function queueRequests(client: HttpClient, { origin }: Endpoint): QueuedClient {
  const queue = new Set<QueuedRequest>();
  let free = maxConcurrentRequests;
  let responses = 0;

  async function acquireSlot(request: string, isUrgent: boolean, signal: AbortSignal): Promise<void> {
    if (free === 0) await joinQueue(request, isUrgent, signal);
    else free--;
  }

  function joinQueue(request: string, isUrgent: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (error?: Error) => {
        signal.removeEventListener('abort', interrupt);
        queue.delete(queued);
        if (error) reject(error);
        else resolve();
      };
      const interrupt = () => leave(interruptedError(signal.reason));
      const queued = { request, isUrgent, leave };
      queue.add(queued);
      signal.addEventListener('abort', interrupt, { once: true });
      if (signal.aborted) interrupt();
    });
  }

  /** Hands the slot to the next request. */
  function releaseSlot(): void {
    const [first] = queue;
    const next = [...queue].find(({ isUrgent }) => isUrgent) ?? first;
    if (next) next.leave();
    else free++;
  }

  return {
    ...client,
    async get(path, token, timeoutMs, signal, isUrgent) {
      await acquireSlot(`GET ${origin}${path}`, isUrgent, signal);
      const responsesBefore = responses;
      try {
        const response = await client.get(path, token, timeoutMs, signal);
        responses++;
        return response;
      } catch (error) {
        // Without any response in the meantime, the queue fails as well: waiting for one time limit
        // after the other would take hours.
        if (error instanceof GatewayError && error.fault.kind === 'timeout' && responses === responsesBefore)
          for (const queued of queue) queued.leave(new GatewayError(error.fault, queued.request));
        throw error;
      } finally {
        releaseSlot();
      }
    },
  };
}
