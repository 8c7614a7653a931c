/** `sfcompose list`: shows all deployments and their upgrades in progress, once or as a dashboard. */
import { resolveConnections } from '../../../config/connection.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { allowManyListeners } from '../../../platform/timeout.ts';
import { listGatewayWarnings, openClusters } from '../../open-clusters.ts';
import { createTrace } from '../../trace.ts';
import { type ListFlags, resolveListSettings } from './options.ts';
import { readLists } from './read.ts';

/** Reads or watches the lists of all clusters. @throws a usage error */
export async function list(flags: ListFlags, host: Host): Promise<CommandResult> {
  const trace = createTrace(flags, host);
  const settings = resolveListSettings(flags, host);
  const connections = await resolveConnections(flags, host, trace);
  allowManyListeners(host.interrupt);
  const clusters = openClusters(connections, settings, trace, host);
  try {
    const result = settings.watch
      ? await (await import('./watch.ts')).watchDashboard(clusters, settings, host)
      : await readLists(clusters, settings, host);
    return { ...result, warnings: [...(result.warnings ?? []), ...listGatewayWarnings(clusters)] };
  } finally {
    for (const { gateway } of clusters) gateway.close();
  }
}
