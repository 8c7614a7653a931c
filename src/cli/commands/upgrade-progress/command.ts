/** `sfcompose upgrade-progress <deployment...>`: reads the latest upgrade of each deployment, or watches it to its end. */
import { createRelatedReads } from '../../../monitor/related-reads.ts';
import { formatDocuments, type WatchStatus } from '../../../monitor/status.ts';
import { noAgent, selectAgent } from '../../../output/ci/select-agent.ts';
import type { Host } from '../../../platform/host.ts';
import { formatStep } from '../../../platform/next-step.ts';
import { getExitCode } from '../../../platform/outcome.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { allowManyListeners } from '../../../platform/timeout.ts';
import { openGateway } from '../../open-gateway.ts';
import { createTrace } from '../../trace.ts';
import type { UpgradeContext } from './context.ts';
import { resolveSettings, type UpgradeProgressFlags, type UpgradeProgressSettings } from './options.ts';
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
  const wantsNodes = wantsRelated && settings.format === 'table' && settings.deployments.length === 1;
  const createSource = () => ({
    gateway,
    relatedReads: createRelatedReads(gateway, wantsRelated, host.clock, trace, wantsNodes),
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

/** The gateway's document alone needs no explanation; a verdict on it does. */
function needsExplanation({ format, watch, exitStatus }: UpgradeProgressSettings): boolean {
  return format !== 'json' || watch || exitStatus;
}

/** Loads the result module lazily: most calls print one document and should start fast. */
async function createCommandResult(
  ended: readonly WatchStatus[],
  context: UpgradeContext,
): Promise<CommandResult> {
  const { settings, agent } = context;
  const isSuccess = ended.every(({ outcome }) => outcome === 'completed');
  const warnings = needsExplanation(settings)
    ? (await import('../../../monitor/list-warnings.ts')).listWarnings(ended)
    : [];
  const shared = { warnings, mustBeRead: settings.watch };
  if (isSuccess && settings.format !== 'ndjson' && agent === noAgent)
    return { ...shared, outcome: 'completed', document: formatDocuments(ended) };
  const { createResult } = await import('../../../monitor/result.ts');
  const { build, ...result } = createResult(ended, settings);
  return {
    ...shared,
    ...result,
    isOnScreen: ended.length > 1 || ended.some(({ reading }) => reading?.snapshot !== undefined),
    isAnnotated: agent !== noAgent,
    annotate: ({ outcome, explanation }) => {
      for (const { what, next } of warnings) agent.warn(what, ...next.map(formatStep));
      const isFinal = outcome === result.outcome;
      return agent.end(isFinal ? build : { ...build, outcome, exitCode: getExitCode(outcome) }, explanation);
    },
  };
}
