/** Renders stored clusters: as a table, lines, or JSON with a stable schema. */
import type { ClusterDocument, StoredCluster } from '../config/cluster-document.ts';
import { literal, type Printable, printable } from '../platform/printable.ts';
import { joinBlocks } from './key-values.ts';
import { renderPlainLine } from './plain-line.ts';
import type { Style } from './style.ts';
import { drawTable } from './table/draw-table.ts';
import { breakText } from './table/wrap.ts';
import { measureWidth } from './text-width.ts';

/** A stored cluster as it is shown. */
export interface ClusterFacts {
  readonly name: string;
  readonly inUse: boolean;
  readonly endpoint: string;
  /** Kinds of credentials. */
  readonly credentials: readonly ('certificate' | 'token')[];
  /** Check of the server's certificate; `null` without TLS. */
  readonly trust: 'system' | 'authorities' | 'thumbprint' | 'nobody' | null;
}

/** Lists the stored clusters in the order of the file. */
export function listClusterFacts({ clusters, inUse }: ClusterDocument): readonly ClusterFacts[] {
  return [...clusters].map(([name, cluster]) => createFacts(name, cluster, inUse === name));
}

function createFacts(name: string, cluster: StoredCluster, inUse: boolean): ClusterFacts {
  const { endpoint, certFile, pfxFile, tokenFile, tokenCommand } = cluster;
  return {
    name,
    inUse,
    endpoint,
    credentials: [
      ...((certFile ?? pfxFile) ? (['certificate'] as const) : []),
      ...((tokenFile ?? tokenCommand) ? (['token'] as const) : []),
    ],
    trust: /^https:/i.test(endpoint) ? findTrust(cluster) : null,
  };
}

function findTrust({ insecure, serverThumbprint, caFile }: StoredCluster): ClusterFacts['trust'] {
  if (insecure) return 'nobody';
  if (serverThumbprint) return 'thumbprint';
  return caFile ? 'authorities' : 'system';
}

const trustWords: Readonly<Record<NonNullable<ClusterFacts['trust']>, string>> = {
  system: 'by authority',
  authorities: 'by given authority',
  thumbprint: 'by thumbprint',
  nobody: 'not checked',
};

function describeCredentials({ credentials }: ClusterFacts): string {
  return credentials.join(' and ') || 'none';
}

function describeServer({ trust }: ClusterFacts): string {
  return trust === null ? 'no TLS' : trustWords[trust];
}

/** Renders the clusters as a table; without room for its columns, a cluster takes several lines. */
export function renderClusterTable(all: readonly ClusterFacts[], style: Style): Printable {
  const { glyphs, good, faint, strong, width } = style;
  const head = ['', 'Name', 'Endpoint', 'Credentials', 'Server checked'].map(printable);
  const rows = all.map((facts) => [
    facts.inUse ? glyphs.done : literal``,
    ...[facts.name, facts.endpoint, describeCredentials(facts), describeServer(facts)].map(printable),
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => measureWidth(row[column] ?? ''))),
  );
  const total = 2 + widths.reduce((sum, one) => sum + 2 + one, 0);
  if (total > width)
    return joinBlocks([
      rows.flatMap(([mark = literal``, name = literal``, ...facts]) => [
        literal`${good(mark || literal` `)} ${strong(name)}`,
        ...facts
          .flatMap((fact) => breakText(fact, Math.max(1, width - 4)))
          .map((line) => literal`    ${line}`),
      ]),
    ]);
  const painted = rows.map(([mark = literal``, ...cells]) => [good(mark), ...cells]);
  return joinBlocks([drawTable([head.map(faint), ...painted], { widths, gap: 2, indent: 0 })]);
}

/** Renders a cluster as a line. */
export function renderClusterLine(facts: ClusterFacts, time: Date): Printable {
  const words = [
    facts.endpoint,
    `credentials: ${describeCredentials(facts)}`,
    `server: ${describeServer(facts)}`,
    ...(facts.inUse ? ['in use'] : []),
  ];
  return renderPlainLine(`${facts.name}: ${words.join('; ')}`, time);
}

/** Renders all clusters as JSON. */
export function renderClustersJson(all: readonly ClusterFacts[]): string {
  return JSON.stringify({ clusters: all.map(toMembers) });
}

/** Renders the cluster that a command was about as JSON: the name is `null` for none. */
export function renderClusterJson(facts: ClusterFacts | undefined): string {
  return JSON.stringify(facts ? toMembers(facts) : { cluster: null });
}

function toMembers({ name, ...others }: ClusterFacts) {
  return { cluster: name, ...others };
}
