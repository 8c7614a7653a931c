/** Watches the lists of all clusters, and shows what is upgrading as a dashboard. */
import { formatEndpoint } from '../../../config/endpoint.ts';
import { Dashboard } from '../../../monitor/dashboard.ts';
import { endDashboard } from '../../../monitor/dashboard-result.ts';
import { createRelatedReads } from '../../../monitor/related-reads.ts';
import { isUnderWay, type WatchStatus } from '../../../monitor/status.ts';
import { formatStatusLine } from '../../../monitor/status-wording.ts';
import type { ListSource } from '../../../monitor/watch-list.ts';
import { type DashboardEvent, watchLists } from '../../../monitor/watch-lists.ts';
import { selectAgent } from '../../../output/ci/select-agent.ts';
import { renderDashboard } from '../../../output/overview/dashboard.ts';
import { createStatusRow } from '../../../output/overview/row.ts';
import { createStyle } from '../../../output/style.ts';
import { selectDashboardReporter } from '../../../output/watch/select-dashboard-reporter.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { nameClusters, type OpenCluster } from '../../open-clusters.ts';
import type { ListSettings } from './options.ts';

/** Lines of the final table. */
const maxLines = 200;

/** Upgrades with a bad end that a build agent is warned of. */
const maxWarnings = 10;

/** Watches until interrupted, until `--max-wait`, or until no list can be read any more. */
export async function watchDashboard(
  clusters: readonly OpenCluster[],
  settings: ListSettings,
  host: Host,
): Promise<CommandResult> {
  const { stdout, clock, env, interrupt } = host;
  const { color, ci, quiet, maxWaitMs } = settings;
  const agent = await selectAgent(ci, quiet, host);
  await loadResultCode();
  const sources = clusters.map((cluster) => createSource(cluster, clusters.length > 1, host));
  const clusterName = nameClusters(clusters.map(({ connection }) => connection));
  const dashboard = new Dashboard(sources);
  const finish = () => {
    if (!dashboard.wasRead) return;
    const view = { cluster: clusterName, maxLines, hint: '', maxReasonLines: 8 };
    const rows = dashboard.statuses.map((status) => createStatusRow(status));
    stdout.write(renderDashboard(dashboard, rows, createStyle(color, stdout, env), view));
  };
  const reporter = await selectDashboardReporter(dashboard, { ...settings, clusterName }, finish, host);
  let warnings = 0;
  try {
    for await (const event of watchLists(sources, settings, host)) {
      const status = dashboard.takeIn(event);
      reporter.onEvent(event, status);
      if (status && isBadEnd(event, status) && warnings++ < maxWarnings) agent.warn(formatStatusLine(status));
    }
    if (stdout.closeSignal.aborted && !interrupt.aborted) return { outcome: stdout.closeSignal.reason };
    return await endDashboard(dashboard, maxWaitMs, interrupt, clock);
  } finally {
    reporter.close();
  }
}

function createSource(
  { connection, gateway, trace }: OpenCluster,
  isAmongClusters: boolean,
  { clock }: Host,
): ListSource {
  return {
    cluster: connection.cluster,
    endpoint: formatEndpoint(connection.endpoint),
    isAmongClusters,
    connection,
    gateway,
    createSource: () => ({ gateway, relatedReads: createRelatedReads(gateway, true, clock, trace), clock }),
  };
}

function isBadEnd(event: DashboardEvent, status: WatchStatus): boolean {
  const isEnd = event.type === 'upgrade' && event.event.type === 'ended';
  return isEnd && status.outcome !== 'completed' && !isUnderWay(status);
}

/** Loads the modules that the end may need: by then sfcompose may have been reinstalled. */
async function loadResultCode(): Promise<void> {
  await Promise.all([
    import('../../../cluster/faults/explain.ts'),
    import('../../../cluster/faults/next-steps.ts'),
    import('../../../output/error.ts'),
    import('../../../output/json/records.ts'),
  ]);
}
