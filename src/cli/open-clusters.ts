/** Opens the gateways of the clusters that a command is about, and names them. */
import type { Gateway } from '../cluster/gateway.ts';
import type { Connection } from '../config/connection.ts';
import { formatList } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import type { Warning } from '../platform/result.ts';
import { openGateway } from './open-gateway.ts';

/** A cluster that can be read. */
export interface OpenCluster {
  readonly connection: Connection;
  readonly gateway: Gateway;
  /** Writes a line to stderr with `--verbose`; among several clusters the line names this one. */
  readonly trace: (line: string) => void;
}

/** Opens a gateway for each connection. Nothing is sent yet. */
export function openClusters(
  connections: readonly Connection[],
  output: { readonly quiet: boolean },
  trace: (line: string) => void,
  host: Host,
): readonly OpenCluster[] {
  return connections.map((connection) => {
    const own = connections.length > 1 ? prefixLines(`${connection.cluster}: `, trace) : trace;
    return { connection, trace: own, gateway: openGateway(connection, output, own, host) };
  });
}

function prefixLines(prefix: string, trace: (line: string) => void): typeof trace {
  return (line) => trace(`  ${prefix}${line.trimStart()}`);
}

/** Lists the warnings about the reads of all clusters. */
export function listGatewayWarnings(clusters: readonly OpenCluster[]): readonly Warning[] {
  return clusters.flatMap(({ connection: { cluster }, gateway }) =>
    clusters.length > 1
      ? gateway.warnings.map((one) => ({ ...one, what: `${cluster}: ${one.what}` }))
      : gateway.warnings,
  );
}

/** Names of clusters in a title. */
const maxNames = 3;

/** Formats the name of the cluster, or the names of several, for a title. */
export function nameClusters(connections: readonly Connection[]): string {
  return formatList(
    connections.map(({ clusterName }) => clusterName),
    maxNames,
  );
}
