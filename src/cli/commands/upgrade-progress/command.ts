/** `sfcompose upgrade-progress <deployment...>`: reads the latest upgrade of each deployment, or watches it to its end. */
import { selectAgent } from '../../../output/ci/select-agent.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { allowManyListeners } from '../../../platform/timeout.ts';
import { listGatewayWarnings, openClusters } from '../../open-clusters.ts';
import { createTrace } from '../../trace.ts';
import { createCommandResult } from './command-result.ts';
import { createTarget, type UpgradeContext } from './context.ts';
import { resolveSettings, type UpgradeProgressFlags } from './options.ts';
import { readAll } from './read.ts';

/** Reads or watches the upgrades. @throws a usage error */
export async function upgradeProgress(
  names: readonly string[],
  flags: UpgradeProgressFlags,
  host: Host,
): Promise<CommandResult> {
  const trace = createTrace(flags, host);
  const settings = await resolveSettings(names, flags, host, trace);
  allowManyListeners(host.interrupt);
  const clusters = openClusters(settings.connections, settings, trace, host);
  try {
    const agent = await selectAgent(settings.ci, settings.quiet, host);
    const targets = clusters.flatMap((cluster) =>
      settings.deployments.map((deployment) => createTarget(deployment, cluster, settings, host)),
    );
    const context: UpgradeContext = { settings, targets, agent, trace, host };
    const statuses = settings.watch
      ? await (await import('./watch.ts')).watchAll(context)
      : await readAll(context);
    if (typeof statuses === 'string') return { outcome: statuses };
    const result = await createCommandResult(statuses, context);
    return { ...result, warnings: [...(result.warnings ?? []), ...listGatewayWarnings(clusters)] };
  } finally {
    for (const { gateway } of clusters) gateway.close();
  }
}
