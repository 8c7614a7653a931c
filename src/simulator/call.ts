/** A request to an endpoint of the gateway, and the parts of an answer that all endpoints share. */
import type { Cluster } from './cluster.ts';
import type { Deployment } from './deployment.ts';
import { FabricError, type Reply } from './errors.ts';
import type { Address, Route } from './router.ts';
import { type Members, writeJson } from './runtime-json.ts';

/** A request to an endpoint. */
export interface Call {
  readonly cluster: Cluster;
  readonly address: Address;
  readonly body: Buffer;
  /**
   * Holds the request until a condition is met, as the cluster manager does by retrying.
   * @throws `FABRIC_E_TIMEOUT` after the request's timeout
   */
  waitUntil(condition: () => boolean): Promise<void>;
}

/** The answer of an endpoint. A connection that is reset loses it. */
export type Answer = Reply | 'reset';

/** A route with its behaviour. */
export interface Endpoint extends Route {
  /** Whether it requires no authentication. */
  readonly isAnonymous?: true;
  answer(call: Call): Answer | Promise<Answer>;
}

/** Finds an application by its id, which unlike a deployment's name is decoded. */
export function findApplication(call: Call): Deployment {
  const deployment = call.cluster.find(parseId(call.address.key));
  if (deployment?.hasApplication) return deployment;
  throw new FabricError('FABRIC_E_APPLICATION_NOT_FOUND');
}

/** Decodes the id of an application or service: `a~b` is the id of `fabric:/a/b`. */
export function parseId(id: string): string {
  return decodeSegment(id).replaceAll('~', '/');
}

/** @throws `E_INVALIDARG` for text that is not encoded correctly */
export function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new FabricError('E_INVALIDARG');
  }
}

/** Builds a reply with a document. */
export function replyOk({ address }: Pick<Call, 'address'>, document: Members): Reply {
  return { status: 200, reason: 'OK', body: writeJson(document, address) };
}

/** Builds a reply without a document. */
export function replyEmpty(status: number, reason: string): Reply {
  return { status, reason, body: Buffer.alloc(0) };
}
