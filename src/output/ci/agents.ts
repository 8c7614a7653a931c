/** Creates build agents that have annotations: GitHub Actions and Azure Pipelines. */
import type { Host } from '../../platform/host.ts';
import { getOutcomeWord } from '../../platform/outcome.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { BuildAgent } from './agent.ts';
import { createErrorAnnotation } from './annotation.ts';
import { formatAzureIssue, formatAzureMask, formatAzureProgress } from './azure.ts';
import { formatGithubAnnotation, formatGithubMask, formatGithubOutputs } from './github.ts';
import { formatSummary } from './summary.ts';

/** @param quiet suppresses everything but errors */
export function createGithubAgent(quiet: boolean, host: Host): BuildAgent {
  const { stderr, env } = host;
  const append = async (variable: string, text: Printable) => {
    const path = env[variable];
    if (!path) return;
    try {
      await host.append(path, text);
    } catch (error) {
      // The verdict does not depend on the file.
      const why = printable(error instanceof Error ? error.message : String(error));
      stderr.write(literal`sfcompose: ${printable(variable)} could not be written: ${why}\n`);
    }
  };
  return {
    mask(secret) {
      stderr.write(formatGithubMask(secret));
    },
    warn(...lines) {
      if (!quiet) stderr.write(formatGithubAnnotation({ level: 'warning', title: 'sfcompose', lines }));
    },
    progress() {},
    async end(result, explanation) {
      const { outcome, exitCode, targetVersion } = result;
      if (explanation) stderr.write(formatGithubAnnotation(createErrorAnnotation(explanation)));
      await append('GITHUB_STEP_SUMMARY', formatSummary(result, explanation));
      const outputs = {
        outcome: getOutcomeWord(outcome),
        'exit-code': String(exitCode),
        'target-version': targetVersion ?? '',
      };
      await append('GITHUB_OUTPUT', formatGithubOutputs(outputs));
    },
  };
}

/** @param quiet suppresses everything but errors */
export function createAzureAgent(quiet: boolean, host: Host): BuildAgent {
  const { stderr } = host;
  return {
    mask(secret) {
      stderr.write(formatAzureMask(secret));
    },
    warn(...lines) {
      if (!quiet) stderr.write(formatAzureIssue({ level: 'warning', title: 'sfcompose', lines }));
    },
    progress(share, text) {
      if (!quiet) stderr.write(formatAzureProgress(100 * share, text));
    },
    async end({ reason, share }, explanation) {
      if (explanation) stderr.write(formatAzureIssue(createErrorAnnotation(explanation)));
      else if (!quiet && share !== undefined) stderr.write(formatAzureProgress(100 * share, reason));
    },
  };
}
