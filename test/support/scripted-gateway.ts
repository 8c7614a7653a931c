/** A loopback server that answers as it is told, badly if need be, and fails loudly on what it was not told. */
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

export type Script = (response: ServerResponse, request: IncomingMessage) => void;

export interface ScriptedGateway {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** Those for what is read beside the upgrade, which count for no script. */
  readonly relatedReads: readonly IncomingMessage[];
}

/** Answers what is read beside the upgrade, however often; what is not given is not there. */
interface Beside {
  readonly application?: Script;
  readonly partition?: Script;
}

/** Plays the scripts one after the other, a request each. */
export function scriptedGateway(...scripts: readonly Script[]): Promise<ScriptedGateway> {
  return play({}, scripts, 'http', createServer);
}

/** The same, with an application that can be asked. */
export function gatewayBeside(beside: Beside, ...scripts: readonly Script[]): Promise<ScriptedGateway> {
  return play(beside, scripts, 'http', createServer);
}

/** The same over TLS. */
export function securedGateway(tls: TlsOptions, ...scripts: readonly Script[]): Promise<ScriptedGateway> {
  return play({}, scripts, 'https', (listener) => {
    const server = createSecureServer(tls, listener);
    // Handshakes that fail are what many tests are about.
    server.on('tlsClientError', () => {});
    return server;
  });
}

async function play(
  beside: Beside,
  scripts: readonly Script[],
  scheme: string,
  serve: (listener: RequestListener) => Server,
): Promise<ScriptedGateway> {
  const requests: IncomingMessage[] = [];
  const relatedReads: IncomingMessage[] = [];
  const server = serve((request, response) => {
    const [, collection] = /^\/(Applications|Partitions)\//.exec(request.url ?? '') ?? [];
    if (collection !== undefined) {
      relatedReads.push(request);
      const script = collection === 'Applications' ? beside.application : beside.partition;
      return (script ?? notThere)(response, request);
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
  // On a busy machine a client may take longer between two requests than Node keeps a connection: 5 s.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, relatedReads };
}

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

export function fabricError(status: number, code: string, message = 'said the server'): Script {
  return answer(JSON.stringify({ Error: { Code: code, Message: message } }), status, code);
}

const notThere = fabricError(404, 'FABRIC_E_APPLICATION_NOT_FOUND');

/** The same answer for as often as a client may ask. */
export function always(script: Script): Script[] {
  return Array.from({ length: 20 }, () => script);
}

export interface SharedGateway extends ScriptedGateway {
  /** Requests that were under way at the same time, and the connections that they came over, at most. */
  readonly most: () => { readonly requests: number; readonly connections: number };
  /** How often each deployment was asked for. */
  readonly reads: ReadonlyMap<string, number>;
}

/** Plays the scripts of whichever deployment is asked for, and its last one again and again. */
export async function sharedGateway(
  scripts: Readonly<Record<string, readonly Script[]>>,
): Promise<SharedGateway> {
  const reads = new Map<string, number>();
  const connections = new Set<unknown>();
  let underWay = 0;
  let most = 0;
  const script: Script = (response, request) => {
    const name = decodeURIComponent(/^\/ComposeDeployments\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '');
    const own = scripts[name] ?? [removed];
    const read = reads.get(name) ?? 0;
    reads.set(name, read + 1);
    connections.add(request.socket);
    underWay++;
    most = Math.max(most, underWay);
    response.on('close', () => underWay--);
    // Whoever asks at the same time has the time to do so.
    setTimeout(() => (own[read] ?? own.at(-1))?.(response, request), 1);
  };
  const gateway = await scriptedGateway(...Array.from({ length: 20_000 }, () => script));
  return { ...gateway, reads, most: () => ({ requests: most, connections: connections.size }) };
}

const removed = fabricError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
