/** Reads the lists of all clusters once, behind a spinner, and prints them. */
import { explainClusters } from '../../../monitor/explain-clusters.ts';
import { explainSilence, explainStop } from '../../../monitor/explain-failure.ts';
import { type ListedDeployment, readList } from '../../../monitor/list.ts';
import { createRelatedReads } from '../../../monitor/related-reads.ts';
import { describeRetry, type ReadFailure } from '../../../monitor/retry.ts';
import { renderDeploymentsJson } from '../../../output/deployment-list.ts';
import { startSpinner } from '../../../output/spinner.ts';
import type { Explanation } from '../../../platform/errors.ts';
import { formatCount, formatDuration } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { literal, type Printable, printable } from '../../../platform/printable.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { withTimeout } from '../../../platform/timeout.ts';
import type { OpenCluster } from '../../open-clusters.ts';
import type { ListSettings } from './options.ts';
import { printList } from './print.ts';

/** The list of a cluster, or why it could not be read. */
interface ClusterList {
  /** Name of the cluster, among several. */
  readonly cluster: string | undefined;
  readonly deployments: readonly ListedDeployment[];
  readonly explanation: Explanation | undefined;
}

/** Reads all lists at the same time. A cluster that cannot be read fails no other. */
export async function readLists(
  clusters: readonly OpenCluster[],
  settings: ListSettings,
  host: Host,
): Promise<CommandResult> {
  const { format, maxWaitMs, quiet, color } = settings;
  const text = literal`Reading the deployments`;
  const spinner = quiet ? undefined : await startSpinner(text, color, host);
  const counts = new Map<OpenCluster, number>();
  const watchers: ReadWatchers = {
    onPage(cluster, count) {
      const sum = [...counts.set(cluster, count).values()].reduce((one, other) => one + other);
      spinner?.setText(literal`${text} (${sum} so far)`);
    },
    onRetry(retry) {
      spinner?.setText(literal`${text}: ${retry}`);
    },
  };
  const isAmongClusters = clusters.length > 1;
  const lists = await withTimeout(host.clock, maxWaitMs, host.interrupt, (signal) =>
    Promise.all(
      clusters.map((cluster) => readOne(cluster, isAmongClusters, settings, watchers, signal, host)),
    ),
  ).finally(() => spinner?.stop());
  const explanation = explainClusters(lists);
  const all = lists.flatMap(({ deployments }) => deployments);
  const read = clusters.filter((_, index) => lists[index]?.explanation === undefined);
  const isRead = read.length > 0;
  if (isRead) printList(all, read, settings, host);
  return {
    outcome: explanation?.outcome ?? 'completed',
    explanation,
    document: isRead && format === 'json' ? renderDeploymentsJson(all, listErrors(lists)) : undefined,
    ...(explanation === undefined && {
      record: { reason: formatCount(all.length, 'deployment'), deployment: null, targetVersion: null },
    }),
  };
}

function listErrors(lists: readonly ClusterList[]): ReadonlyMap<string, Explanation> {
  return new Map(
    lists.flatMap(({ cluster, explanation }) =>
      cluster !== undefined && explanation ? [[cluster, explanation] as const] : [],
    ),
  );
}

interface ReadWatchers {
  /** @param count deployments of this cluster so far */
  onPage(cluster: OpenCluster, count: number): void;
  onRetry(retry: Printable): void;
}

/** @param signal aborted with the interrupt, and at the deadline of all */
async function readOne(
  one: OpenCluster,
  isAmongClusters: boolean,
  { retries, format, maxWaitMs }: ListSettings,
  watchers: ReadWatchers,
  signal: AbortSignal,
  host: Host,
): Promise<ClusterList> {
  const { connection, gateway, trace } = one;
  const { clock, interrupt } = host;
  // JSON prints only the gateway's documents, which need no upgrade domains.
  const relatedReads = createRelatedReads(gateway, format !== 'json', clock, trace);
  const cluster = isAmongClusters ? connection.cluster : undefined;
  let lastFailure: ReadFailure | undefined;
  let count = 0;
  const options = {
    cluster,
    connection,
    retries,
    timeoutSeconds: connection.timeoutSeconds,
    onRetry(failure: ReadFailure) {
      lastFailure = failure;
      const retry = describeRetry(failure);
      trace(`  ${retry}`);
      watchers.onRetry(printable(cluster === undefined ? retry : `${cluster}: ${retry}`));
    },
    onPage(total: number) {
      count = total;
      watchers.onPage(one, total);
    },
  };
  try {
    const deployments = await readList({ gateway, relatedReads }, options, signal, host);
    return { cluster, deployments, explanation: undefined };
  } catch (error) {
    const context = { deployment: undefined, connection, wasRead: false };
    const explainDeadline = () =>
      count > 0
        ? explainIncompleteList(count, maxWaitMs)
        : explainSilence(lastFailure, maxWaitMs, context, clock);
    const isDeadlinePast = signal.aborted;
    return {
      cluster,
      deployments: [],
      explanation: await explainStop(error, interrupt, isDeadlinePast, explainDeadline, context, clock),
    };
  }
}

function explainIncompleteList(count: number, maxWaitMs: number): Explanation {
  return {
    outcome: 'timed-out',
    code: 'SFCOMPOSE_E_TIMED_OUT',
    what: `The list was incomplete after ${formatDuration(maxWaitMs)} (--max-wait): ${formatCount(count, 'deployment')} so far.`,
    next: [{ what: 'Allow more time with --max-wait.' }],
  };
}
