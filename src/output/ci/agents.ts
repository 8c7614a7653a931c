/** Build agents with annotations of their own: GitHub Actions and Azure Pipelines. */
import type { Explanation } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import { formatStep } from '../../platform/next-step.ts';
import { getOutcomeWord } from '../../platform/outcome.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { BuildAgent } from './agent.ts';
import { formatAzureIssue, formatAzureProgress } from './azure.ts';
import { formatGithubAnnotation, formatGithubOutputs, formatGithubSummary } from './github.ts';

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
    warn(text) {
      if (!quiet)
        stderr.write(formatGithubAnnotation({ level: 'warning', title: 'sfcompose', lines: [text] }));
    },
    progress() {},
    async end({ outcome, exitCode, deployment, targetVersion, reason }, explanation) {
      const title = `sfcompose: ${deployment} ${getOutcomeWord(outcome)}`;
      const lines = explanation ? listLines(explanation) : [reason];
      if (explanation) stderr.write(formatGithubAnnotation({ level: 'error', title, lines }));
      await append('GITHUB_STEP_SUMMARY', formatGithubSummary(`${title} (exit code ${exitCode})`, lines));
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
    warn(text) {
      if (!quiet) stderr.write(formatAzureIssue({ level: 'warning', title: 'sfcompose', lines: [text] }));
    },
    progress(share, text) {
      if (!quiet) stderr.write(formatAzureProgress(100 * share, text));
    },
    async end({ outcome, deployment, reason, share }, explanation) {
      const title = `sfcompose: ${deployment} ${getOutcomeWord(outcome)}`;
      if (explanation)
        stderr.write(formatAzureIssue({ level: 'error', title, lines: listLines(explanation) }));
      else if (!quiet && share !== undefined) stderr.write(formatAzureProgress(100 * share, reason));
    },
  };
}

function listLines({ what, message, evidence = [], certificate = [], meaning, next = [] }: Explanation) {
  const first = [what, ...(message ? [message] : []), ...evidence, ...certificate];
  return [...first, ...(meaning ? [meaning] : []), ...next.map(formatStep)];
}
