/** Builds the result of a read or watch. */
import { formatDocuments, type WatchStatus } from '../../../monitor/status.ts';
import { noAgent } from '../../../output/ci/select-agent.ts';
import { formatStep } from '../../../platform/next-step.ts';
import { getExitCode } from '../../../platform/outcome.ts';
import type { CommandResult } from '../../../platform/result.ts';
import type { UpgradeContext } from './context.ts';
import { needsExplanation } from './options.ts';

/**
 * Builds the result. Loads its modules lazily: most calls print one document and should start fast.
 * @param ended statuses that have all ended
 */
export async function createCommandResult(
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
