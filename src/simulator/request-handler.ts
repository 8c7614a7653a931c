/**
 * Handles HTTP requests: finds the endpoint, checks access, holds the request where the cluster does, and replies.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Answer } from './call.ts';
import type { AccessCheck } from './client-auth.ts';
import type { Cluster } from './cluster.ts';
import { endpoints } from './endpoints.ts';
import { FabricError, toReply, unauthorized } from './errors.ts';
import { getUrl, readBody, refuseForeign, resetConnection, sendReply } from './http-messages.ts';
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

/** A request other than GET that has arrived. Its body is not kept, because it can contain secrets. */
export interface WriteRequest {
  readonly verb: string;
  /** Without the query. */
  readonly path: string;
  /** Status of the answer, or `reset` without one; `undefined` while the request is held, and after its client has gone. */
  status: number | 'reset' | undefined;
}

/** The role that the cluster gives to clients. Only administrators may write. */
export type Role = 'user' | 'admin';

/** The parts of a simulation that the handler needs. */
export interface RequestContext {
  readonly cluster: Cluster;
  readonly scenario: Scenario;
  readonly role: Role;
  readonly isAdmitted: AccessCheck;
  readonly clock: SimulatorClock;
  /** Gets all requests other than GET, in the order in which they arrive. */
  readonly writes: WriteRequest[];
}

/** Creates the handler for all requests to the gateway. */
export function createRequestHandler({
  cluster,
  scenario,
  role,
  isAdmitted,
  clock,
  writes,
}: RequestContext): RequestListener {
  let requestCount = 0;

  /** @param closed aborts when the client has gone */
  async function answer(request: IncomingMessage, closed: AbortSignal): Promise<Answer> {
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
    if (role === 'user' && endpoint.verb !== 'GET') throw new FabricError('E_ACCESSDENIED');
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

  /** Disturbs the request first, if the gateway is flaky. */
  async function answerOrDisturb(request: IncomingMessage, closed: AbortSignal): Promise<Answer> {
    refuseForeign(request);
    if (scenario.gateway === 'flaky') {
      const disturbance = disturbances[requestCount++ % disturbances.length];
      if (disturbance === 'reset') return 'reset';
      if (disturbance === 'slow') await clock.sleep(slowReplyMs, closed);
      if (disturbance instanceof FabricError) throw disturbance;
    }
    return answer(request, closed);
  }

  return async (request, response) => {
    const closing = new AbortController();
    response.once('close', () => closing.abort());
    const write = recordWrite(request, writes);
    const result = await answerOrDisturb(request, closing.signal).catch((error: unknown) => {
      if (error instanceof FabricError) return toReply(error);
      throw error;
    });
    if (write && !closing.signal.aborted) write.status = result === 'reset' ? 'reset' : result.status;
    if (result === 'reset') resetConnection(request.socket);
    else sendReply(response, result);
  };
}

function recordWrite(request: IncomingMessage, writes: WriteRequest[]): WriteRequest | undefined {
  const { method = '' } = request;
  if (method === 'GET') return undefined;
  const [path = ''] = getUrl(request).split('?', 1);
  const write: WriteRequest = { verb: method, path, status: undefined };
  writes.push(write);
  return write;
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
