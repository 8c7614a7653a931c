/**
 * Handles HTTP requests: finds the endpoint, checks access, holds the request where the cluster does, and replies.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AccessCheck } from './client-auth.ts';
import type { Cluster } from './cluster.ts';
import { endpoints } from './endpoints.ts';
import { FabricError, type Reply, toReply, unauthorized } from './errors.ts';
import { getUrl, readBody, refuseForeign, sendReply } from './http-messages.ts';
import { findRoute } from './router.ts';
import type { Scenario } from './scenarios.ts';

/** The clock that the simulation runs on. */
export interface SimulatorClock {
  /** Returns milliseconds since 1970. */
  now(): number;
  /** Returns milliseconds on a monotonic clock. */
  monotonic(): number;
  /** Resolves after some milliseconds, or when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Interval at which the condition of a held request is checked. */
const holdIntervalMs = 200;

/** A request with another `ClusterId` header was sent to the wrong cluster. */
const clusterId = '7d8ea2f4-5b1c-4c6f-9d3a-0e2b61f0a9c5';

/** Longest key in a path, in characters. */
const maxKeyLength = 4096;

/** Creates the handler for all requests to the gateway. */
export function createRequestHandler(
  cluster: Cluster,
  scenario: Scenario,
  isAdmitted: AccessCheck,
  clock: SimulatorClock,
): RequestListener {
  let requestCount = 0;

  /** @param closed aborts when the client has gone */
  async function answer(request: IncomingMessage, closed: AbortSignal): Promise<Reply> {
    const { route: endpoint, address } = findRoute(endpoints, request.method ?? '', getUrl(request));
    const requestedCluster = request.headers['clusterid'];
    if (requestedCluster !== undefined && String(requestedCluster).toLowerCase() !== clusterId)
      throw new FabricError('E_ACCESSDENIED');
    // Before the client certificate is requested: a body in transit would interfere with the handshake.
    const body = await readBody(request);
    if (!endpoint.isAnonymous) {
      const hasAccess = await isAdmitted(request.socket);
      if (!hasAccess || scenario.gateway === 'unauthorized') return unauthorized;
    }
    if (address.key.length > maxKeyLength) throw new FabricError('FABRIC_E_VALUE_TOO_LARGE');
    // A timeout of zero is always exceeded.
    if (address.timeout === 0) throw new FabricError('FABRIC_E_TIMEOUT');
    const deadline = clock.monotonic() + address.timeout * 1000;
    const waitUntil = async (condition: () => boolean) => {
      while (!condition()) {
        const leftMs = deadline - clock.monotonic();
        if (leftMs <= 0) throw new FabricError('FABRIC_E_TIMEOUT');
        if (closed.aborted) throw new FabricError('E_ABORT');
        await clock.sleep(Math.min(leftMs, holdIntervalMs), closed);
      }
    };
    return endpoint.answer({ cluster, address, body, waitUntil });
  }

  return async (request, response) => {
    const closing = new AbortController();
    response.once('close', () => closing.abort());
    const closed = closing.signal;
    try {
      refuseForeign(request);
      if (scenario.gateway === 'flaky') {
        const disturbance = disturbances[requestCount++ % disturbances.length];
        if (disturbance === 'reset') {
          request.socket.resetAndDestroy();
          return;
        }
        if (disturbance === 'slow') await clock.sleep(slowReplyMs, closed);
        if (disturbance instanceof FabricError) throw disturbance;
      }
      sendReply(response, await answer(request, closed));
    } catch (error) {
      if (!(error instanceof FabricError)) throw error;
      sendReply(response, toReply(error));
    }
  };
}

/** The cycle in which a flaky gateway disturbs requests. No more than two of them in a row fail. */
const disturbances: readonly (FabricError | 'none' | 'reset' | 'slow')[] = [
  'none',
  new FabricError('E_ABORT'),
  'none',
  new FabricError('FABRIC_E_TIMEOUT'),
  'reset',
  'slow',
  'none',
  'reset',
  new FabricError('E_ABORT'),
  'none',
];

const slowReplyMs = 2000;
