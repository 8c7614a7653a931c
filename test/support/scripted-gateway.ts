/** Starts a loopback server that plays one script per request, and responds with an error when no script is left. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import { toWire } from './documents.ts';

export type Script = (response: ServerResponse, request: IncomingMessage) => void;

export interface ScriptedGateway {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** Requests for related reads, which use no script. */
  readonly relatedReads: readonly IncomingMessage[];
}

/** Scripts for related reads, each played for any number of requests; without a script the response is 404. */
interface RelatedScripts {
  readonly application?: Script;
  readonly partition?: Script;
  readonly nodes?: Script;
  /** `in-turn` if the events are no related reads, but have scripts among the others. */
  readonly events?: Script | 'in-turn';
}

/** Starts a gateway that plays the scripts in turn, one for each request. */
export function startGateway(...scripts: readonly Script[]): Promise<ScriptedGateway> {
  return startServer({}, scripts, 'http', createServer);
}

/** Starts a gateway that also serves related reads. */
export function startGatewayWith(
  related: RelatedScripts,
  ...scripts: readonly Script[]
): Promise<ScriptedGateway> {
  return startServer(related, scripts, 'http', createServer);
}

/** Starts a gateway over TLS. */
export function startTlsGateway(tls: TlsOptions, ...scripts: readonly Script[]): Promise<ScriptedGateway> {
  return startServer({}, scripts, 'https', (listener) => {
    const server = createSecureServer(tls, listener);
    // Many tests make handshakes fail on purpose.
    server.on('tlsClientError', () => {});
    return server;
  });
}

async function startServer(
  related: RelatedScripts,
  scripts: readonly Script[],
  scheme: string,
  serve: (listener: RequestListener) => Server,
): Promise<ScriptedGateway> {
  const requests: IncomingMessage[] = [];
  const relatedReads: IncomingMessage[] = [];
  const server = serve((request, response) => {
    const [, collection] = /^\/(Applications|Partitions|Nodes|EventsStore)\b/.exec(request.url ?? '') ?? [];
    const isEvents = collection === 'EventsStore';
    if (collection !== undefined && !(isEvents && related.events === 'in-turn')) {
      relatedReads.push(request);
      const script = {
        Applications: related.application,
        Partitions: related.partition,
        Nodes: related.nodes,
        EventsStore: related.events === 'in-turn' ? undefined : related.events,
      };
      return (script[collection as keyof typeof script] ?? answerNotFound)(response, request);
    }
    const script = scripts[requests.push(request) - 1];
    if (script) script(response, request);
    else
      answer(
        '{"Error":{"Code":"UNSCRIPTED","Message":"no script for this request"}}',
        500,
        'UNSCRIPTED',
      )(response, request);
  });
  // Node closes idle connections after 5 s, and a busy machine may take longer between two requests.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, relatedReads };
}

/** Answers with this body. */
export function answer(
  body: string | Buffer,
  status = 200,
  reason = 'OK',
  headers: Record<string, string> = {},
): Script {
  return (response) => {
    response.writeHead(status, reason, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      ...headers,
    });
    response.end(body);
  };
}

/** Answers with a document as the runtime writes it. */
export function answerWith(document: unknown): Script {
  return answer(toWire(document));
}

/** Answers with an error of the runtime. */
export function answerError(status: number, code: string, message = 'said the server'): Script {
  return answer(JSON.stringify({ Error: { Code: code, Message: message } }), status, code);
}

const answerNotFound = answerError(404, 'FABRIC_E_APPLICATION_NOT_FOUND');

/** Repeats a script for more requests than a test makes. */
export function repeat(script: Script): Script[] {
  return Array.from({ length: 20 }, () => script);
}

export interface SharedGateway extends ScriptedGateway {
  /** Largest number of concurrent requests, and the number of connections. */
  readonly measurePeak: () => { readonly requests: number; readonly connections: number };
  /** The number of reads of each deployment. */
  readonly reads: ReadonlyMap<string, number>;
}

/** Starts a gateway with scripts for each deployment, the last of which is repeated. */
export async function startSharedGateway(
  scripts: Readonly<Record<string, readonly Script[]>>,
): Promise<SharedGateway> {
  const reads = new Map<string, number>();
  const connections = new Set<unknown>();
  let underWay = 0;
  let peak = 0;
  const script: Script = (response, request) => {
    const name = decodeURIComponent(/^\/ComposeDeployments\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '');
    const own = scripts[name] ?? [answerRemoved];
    const read = reads.get(name) ?? 0;
    reads.set(name, read + 1);
    connections.add(request.socket);
    underWay++;
    peak = Math.max(peak, underWay);
    response.on('close', () => underWay--);
    // Leaves time for simultaneous requests to arrive.
    setTimeout(() => (own[read] ?? own.at(-1))?.(response, request), 1);
  };
  const gateway = await startGateway(...Array.from({ length: 20_000 }, () => script));
  return { ...gateway, reads, measurePeak: () => ({ requests: peak, connections: connections.size }) };
}

const answerRemoved = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
