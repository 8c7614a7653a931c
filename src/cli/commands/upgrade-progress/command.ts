/** `sfcompose upgrade-progress <deployment...>`: reads the latest upgrade of each deployment, or watches it to its end. */
import { createRelatedReads } from '../../../monitor/related-reads.ts';
import { selectAgent } from '../../../output/ci/select-agent.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { allowManyListeners } from '../../../platform/timeout.ts';
import { openGateway } from '../../open-gateway.ts';
import { createTrace } from '../../trace.ts';
import { createCommandResult, needsExplanation } from './command-result.ts';
import type { UpgradeContext } from './context.ts';
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
  const gateway = openGateway(settings.connection, settings, trace, host);
  const wantsRelated = settings.domains && needsExplanation(settings);
  const wantsDetails = wantsRelated && settings.format === 'table' && settings.deployments.length === 1;
  const createSource = () => ({
    gateway,
    relatedReads: createRelatedReads(gateway, wantsRelated, host.clock, trace, wantsDetails),
    clock: host.clock,
  });
  try {
    const agent = await selectAgent(settings.ci, settings.quiet, host);
    const context: UpgradeContext = { settings, createSource, agent, trace, host };
    const statuses = settings.watch
      ? await (await import('./watch.ts')).watchAll(context)
      : await readAll(context);
    if (typeof statuses === 'string') return { outcome: statuses };
    const result = await createCommandResult(statuses, context);
    return { ...result, warnings: [...(result.warnings ?? []), ...gateway.warnings] };
  } finally {
    gateway.close();
  }
}
