/** A client that keeps to a few requests at a time: whoever asks while they are under way waits in line. */

import type { Endpoint } from '../config/settings.ts';
import { interruptedError } from '../platform/errors.ts';
import { GatewayError, type TransportFault } from './faults/fault.ts';
import type { HttpClient } from './http-client.ts';

/** Requests at a time: enough that none of 200 deployments waits for long, and no burden on a gateway. */
const maxConcurrentRequests = 8;

export interface QueuedClient extends Omit<HttpClient, 'get'> {
  /**
   * As without a line; the patience begins when it is the request's turn.
   * @param isUrgent goes before all that are not
   */
  get(
    ...request: [...asked: Parameters<HttpClient['get']>, isUrgent: boolean]
  ): ReturnType<HttpClient['get']>;
}

interface QueuedRequest {
  readonly isUrgent: boolean;
  readonly go: () => void;
  readonly refuse: (why: TransportFault) => void;
}

export function queueRequests(client: HttpClient, { origin }: Endpoint): QueuedClient {
  let free = maxConcurrentRequests;
  let waiting: readonly QueuedRequest[] = [];
  let answers = 0;

  /** @throws as a request does that gets no answer */
  function turn(request: string, isUrgent: boolean, signal: AbortSignal): Promise<void> {
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal.removeEventListener('abort', abort);
        waiting = waiting.filter((other) => other !== one);
      };
      const abort = () => {
        leave();
        reject(interruptedError(signal.reason));
      };
      const one: QueuedRequest = {
        isUrgent,
        go() {
          leave();
          resolve();
        },
        refuse(why) {
          leave();
          reject(new GatewayError(why, request));
        },
      };
      waiting = [...waiting, one];
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
    });
  }

  /** The turn goes from hand to hand. */
  function pass(): void {
    const next = waiting.find(({ isUrgent }) => isUrgent) ?? waiting[0];
    if (next) next.go();
    else free++;
  }

  return {
    ...client,
    async get(path, token, patience, signal, isUrgent) {
      await turn(`GET ${origin}${path}`, isUrgent, signal);
      const before = answers;
      try {
        const answer = await client.get(path, token, patience, signal);
        answers++;
        return answer;
      } catch (error) {
        const isSilent = error instanceof GatewayError && error.fault.kind === 'timeout';
        // Nobody got an answer all that time. Were each to find that out by itself, the last would wait for hours.
        if (isSilent && answers === before)
          for (const one of waiting) one.refuse(error.fault as TransportFault);
        throw error;
      } finally {
        pass();
      }
    },
  };
}
