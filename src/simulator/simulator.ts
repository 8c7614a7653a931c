/**
 * Starts a simulated cluster with an HTTP gateway on loopback. It follows the runtime's behaviour, and shares no code
 * with the client.
 */
import http, { type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ComposeSource } from './application-package.ts';
import { createServerCertificate } from './certificate.ts';
import { createAccessCheck, lateRequestOptions } from './client-auth.ts';
import { Cluster } from './cluster.ts';
import { refuseMalformed } from './http-messages.ts';
import { getAge, runPast } from './past.ts';
import {
  createRequestHandler,
  type Role,
  type SimulatorClock,
  type WriteRequest,
} from './request-handler.ts';
import { type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import { createTopology } from './topology.ts';

/** The scenario and the shape of the cluster. */
export interface SimulatorOptions {
  readonly scenario: ScenarioName;
  /** 0 for any free port. */
  readonly port: number;
  /** Simulated seconds per real second. */
  readonly speed: number;
  /** The names of the deployments. */
  readonly names: readonly string[];
  readonly domains: number;
  /** Number of nodes in the whole cluster. */
  readonly nodes: number;
  readonly tls: boolean;
  /** The only client certificate that is accepted, in PEM. Requires TLS. Without it every request is accepted. */
  readonly clientCertificate?: string;
  /** `admin` by default. */
  readonly role?: Role;
  /** Whether the cluster has the EventStore service; true by default. */
  readonly eventStore?: boolean;
  readonly clock: SimulatorClock;
}

/** A running simulation. */
export interface Simulator {
  readonly url: string;
  /** Thumbprint of the server's certificate; `undefined` without TLS. */
  readonly thumbprint: string | undefined;
  /** All requests other than GET that have arrived. */
  readonly writes: readonly WriteRequest[];
  /** Stops at once, and closes the connections of requests that are held. */
  close(): Promise<void>;
}

/** The source of the first version of each deployment, and of the upgrade that starts with the simulation. */
const source: ComposeSource = {
  composeFile: "version: '3'\nservices: {web: {image: web}, api: {image: api}}\n",
  credentials: undefined,
};

/** Delay of each deployment after the one before, so that they differ. */
const staggerSeconds = 40;

/** Idle time after which connections are closed, as by the HTTP server of Windows. */
const keepAliveMs = 120_000;

/** Starts a simulation. @throws Node's own error if the port is not available */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, clientCertificate, role = 'admin' } = options;
  const scenario: Scenario = scenarios[options.scenario];
  const cluster = createCluster(scenario, options);
  const isAdmitted =
    clientCertificate === undefined ? async () => true : createAccessCheck(clientCertificate);
  const writes: WriteRequest[] = [];
  const handler = createRequestHandler({ cluster, scenario, role, isAdmitted, clock, writes });
  const certificate = options.tls ? await createServerCertificate(clock.now()) : undefined;
  const server = certificate
    ? https.createServer(
        { key: certificate.key, cert: certificate.pem, ...(clientCertificate && lateRequestOptions) },
        handler,
      )
    : http.createServer(handler);
  server.keepAliveTimeout = keepAliveMs;
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
    writes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

function createCluster(
  scenario: Scenario,
  { clock, speed, names, domains, nodes, eventStore }: SimulatorOptions,
): Cluster {
  const started = clock.monotonic();
  const epoch = clock.now() / 1000;
  const cluster = new Cluster(
    createTopology(domains, nodes),
    scenario,
    () => epoch + ((clock.monotonic() - started) / 1000) * speed,
    eventStore,
  );
  const { past = [] } = scenario;
  for (const [index, name] of scenario.empty ? [] : names.entries()) {
    const delay = index * staggerSeconds;
    const deployment = cluster.add(name, source, delay, getAge(past));
    runPast(deployment, past, source, epoch + delay);
    if (scenario.upgrade) deployment.startUpgrade(scenario.upgrade, source);
  }
  return cluster;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
