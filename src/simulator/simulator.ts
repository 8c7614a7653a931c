/**
 * A simulated cluster behind an HTTP gateway on loopback. It is written from what the runtime does, and shares nothing with
 * the client.
 */
import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createServerCertificate } from './certificate.ts';
import { type AdmitRequest, createAdmission, lateRequestOptions } from './client-auth.ts';
import { Cluster } from './cluster.ts';
import { functions } from './endpoints.ts';
import { FabricError, type Reply, toReply, unauthorized } from './errors.ts';
import { getUrl, readBody, refuseForeign, refuseMalformed, sendReply } from './http-messages.ts';
import { findRoute } from './router.ts';
import { type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import { createTopology } from './topology.ts';

export interface SimulatorOptions {
  readonly scenario: ScenarioName;
  /** 0 for any that is free. */
  readonly port: number;
  /** Simulated seconds in a real one. */
  readonly speed: number;
  /** Of its deployments. */
  readonly names: readonly string[];
  readonly domains: number;
  /** In the whole cluster. */
  readonly nodes: number;
  readonly tls: boolean;
  /** The one that is accepted, in PEM, and then asked for; only over TLS. Without, everybody comes in. */
  readonly clientCertificate?: string;
  readonly clock: SimulatorClock;
}

interface SimulatorClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment; never goes back. */
  monotonic(): number;
  /** Resolves after that many milliseconds, or as soon as the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface Simulator {
  readonly url: string;
  /** Of the certificate that is presented over TLS; `undefined` without. */
  readonly thumbprint: string | undefined;
  /** Ends at once: requests that are held are broken off. */
  close(): Promise<void>;
}

/** Seconds by which each deployment is behind the one before, so that they do not all do the same. */
const stagger = 40;

/** @throws Node's own error when the port cannot be had */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, speed } = options;
  const scenario: Scenario = scenarios[options.scenario];
  const started = clock.monotonic();
  const epoch = clock.now() / 1000;
  const cluster = new Cluster(
    createTopology(options.domains, options.nodes),
    scenario.failure,
    () => epoch + ((clock.monotonic() - started) / 1000) * speed,
  );
  for (const [index, name] of scenario.empty ? [] : options.names.entries()) {
    const deployment = cluster.add(name, index * stagger);
    if (scenario.upgrade) deployment.startUpgrade(scenario.upgrade, 'services:');
  }

  const accepted = options.clientCertificate;
  const admits = accepted === undefined ? async () => true : createAdmission(accepted);
  const listener = createRequestHandler(cluster, scenario, admits, clock);
  const certificate = options.tls ? await createServerCertificate(clock.now()) : undefined;
  const server = certificate
    ? https.createServer(
        { key: certificate.key, cert: certificate.pem, ...(accepted && lateRequestOptions) },
        listener,
      )
    : http.createServer(listener);
  // As long as the operating system's own server keeps an idle connection.
  server.keepAliveTimeout = 120_000;
  server.on('clientError', (_, socket) => refuseMalformed(socket as Socket));
  const connections = new Set<Socket>();
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    thumbprint: certificate?.thumbprint,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Milliseconds between two looks at what a held request waits for. */
const holdInterval = 200;

/** Any other than this is taken for a request that went to the wrong cluster. */
const clusterId = '7d8ea2f4-5b1c-4c6f-9d3a-0e2b61f0a9c5';

const maxKeyLength = 4096;

function createRequestHandler(
  cluster: Cluster,
  scenario: Scenario,
  admits: AdmitRequest,
  clock: SimulatorClock,
): RequestListener {
  let count = 0;

  /** @param gone aborts when nobody waits for the answer any more */
  async function answer(request: IncomingMessage, gone: AbortSignal): Promise<Reply> {
    const verb = request.method ?? '';
    const { route, address } = findRoute(functions, verb, getUrl(request));
    const asked = request.headers['clusterid'];
    if (asked !== undefined && String(asked).toLowerCase() !== clusterId)
      throw new FabricError('E_ACCESSDENIED');
    // Before anybody is asked: what is still on its way would get mixed up with a new handshake.
    const body = await readBody(request);
    if (!route.anonymous) {
      const isKnown = await admits(request.socket);
      if (!isKnown || scenario.gate === 'refuses') return unauthorized;
    }
    if (address.key.length > maxKeyLength) throw new FabricError('FABRIC_E_VALUE_TOO_LARGE');
    // Nothing can be answered in no time at all.
    if (address.timeout === 0) throw new FabricError('FABRIC_E_TIMEOUT');
    const deadline = clock.monotonic() + address.timeout * 1000;
    const until = async (condition: () => boolean) => {
      while (!condition()) {
        const left = deadline - clock.monotonic();
        if (left <= 0) throw new FabricError('FABRIC_E_TIMEOUT');
        if (gone.aborted) throw new FabricError('E_ABORT');
        await clock.sleep(Math.min(left, holdInterval), gone);
      }
    };
    return route.answer({ cluster, address, body, until });
  }

  return async (request, response) => {
    const closed = new AbortController();
    response.once('close', () => closed.abort());
    const gone = closed.signal;
    try {
      refuseForeign(request);
      if (scenario.gate === 'falters') {
        const fault = faults[count++ % faults.length];
        if (fault === 'reset') {
          request.socket.resetAndDestroy();
          return;
        }
        if (fault === 'slow') await clock.sleep(slowReply, gone);
        if (fault instanceof FabricError) throw fault;
      }
      sendReply(response, await answer(request, gone));
    } catch (error) {
      if (!(error instanceof FabricError)) throw error;
      sendReply(response, toReply(error));
    }
  };
}

/** What a cluster that fails over answers, one after the other, over and over; never more than two bad ones in a row. */
const faults: readonly (FabricError | 'none' | 'reset' | 'slow')[] = [
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

/** Milliseconds. */
const slowReply = 2000;
