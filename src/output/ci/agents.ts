/** The build agents that have annotations of their own. */
import type { Explanation } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import { wordOf } from '../../platform/outcome.ts';
import { type Printable, printable, shown } from '../../platform/printable.ts';
import type { BuildAgent } from './agent.ts';
import { azureIssue, azureProgress } from './azure.ts';
import { githubAnnotation, githubOutputs, githubSummary } from './github.ts';

/** @param quiet leaves the error */
export function github(quiet: boolean, host: Host): BuildAgent {
  const { stderr, env } = host;
  const append = async (variable: string, text: Printable) => {
    const path = env[variable];
    if (!path) return;
    try {
      await host.append(path, text);
    } catch (error) {
      // The verdict stands without it.
      const why = printable(error instanceof Error ? error.message : String(error));
      stderr.write(shown`sfcompose: ${printable(variable)} could not be written: ${why}\n`);
    }
  };
  return {
    warn(text) {
      if (!quiet) stderr.write(githubAnnotation({ level: 'warning', title: 'sfcompose', lines: [text] }));
    },
    progress() {},
    async end({ outcome, exitCode, deployment, targetVersion, reason }, explanation) {
      const title = `sfcompose: ${deployment} ${wordOf(outcome)}`;
      const lines = explanation ? linesOf(explanation) : [reason];
      if (explanation) stderr.write(githubAnnotation({ level: 'error', title, lines }));
      await append('GITHUB_STEP_SUMMARY', githubSummary(`${title} (exit code ${exitCode})`, lines));
      const outputs = {
        outcome: wordOf(outcome),
        'exit-code': String(exitCode),
        'target-version': targetVersion,
      };
      await append('GITHUB_OUTPUT', githubOutputs(outputs));
    },
  };
}

/** @param quiet leaves the error */
export function azure(quiet: boolean, host: Host): BuildAgent {
  const { stderr } = host;
  return {
    warn(text) {
      if (!quiet) stderr.write(azureIssue({ level: 'warning', title: 'sfcompose', lines: [text] }));
    },
    progress(share, words) {
      if (!quiet) stderr.write(azureProgress(100 * share, words));
    },
    async end({ outcome, deployment, reason, share }, explanation) {
      const title = `sfcompose: ${deployment} ${wordOf(outcome)}`;
      if (explanation) stderr.write(azureIssue({ level: 'error', title, lines: linesOf(explanation) }));
      else if (!quiet && share !== undefined) stderr.write(azureProgress(100 * share, reason));
    },
  };
}

function linesOf({ what, message, evidence = [], certificate = [], meaning, next = [] }: Explanation) {
  const first = [what, ...(message ? [message] : []), ...evidence, ...certificate];
  return [...first, ...(meaning ? [meaning] : []), ...next];
}
