/** What a build agent is told: warnings on the way, the progress, and how it ended. All of it on stderr or in files. */
import type { Explanation } from '../errors.ts';
import { exitCodeOf, type Outcome, wordOf } from '../exit-code.ts';
import type { FollowEvent } from '../follow.ts';
import type { Host } from '../host.ts';
import { progressOf } from '../progress.ts';
import { azureIssue, azureProgress } from '../render/azure.ts';
import { githubAnnotation, githubOutputs, githubSummary } from '../render/github.ts';
import type { CiChoice } from '../settings.ts';
import { summaryOf } from '../summary.ts';
import { type Printable, printable, shown } from '../text.ts';
import { noticeMaker } from './notices.ts';

export interface BuildAgent {
  warn(text: string): void;
  /** @param share from 0 to 1 */
  progress(share: number, words: string): void;
  /** @param explanation of an ending that is not a success */
  end(ending: BuildEnding, explanation: Explanation | undefined): Promise<void>;
}

interface BuildEnding {
  readonly outcome: Outcome;
  /** Its name, or how many they are. */
  readonly deployment: string;
  readonly targetVersion: string;
  /** How it stands, in words. */
  readonly reason: string;
}

const none: BuildAgent = { warn() {}, progress() {}, async end() {} };

/** @param quiet leaves the error */
export async function buildAgent(choice: CiChoice, quiet: boolean, host: Host): Promise<BuildAgent> {
  const vendor = choice === 'auto' ? await host.ci() : choice;
  if (vendor === 'github') return github(quiet, host);
  return vendor === 'azure' ? azure(quiet, host) : none;
}

function github(quiet: boolean, host: Host): BuildAgent {
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
    async end({ outcome, deployment, targetVersion, reason }, explanation) {
      const title = `sfcompose: ${deployment} ${wordOf(outcome)}`;
      const lines = explanation ? linesOf(explanation) : [reason];
      if (explanation) stderr.write(githubAnnotation({ level: 'error', title, lines }));
      await append(
        'GITHUB_STEP_SUMMARY',
        githubSummary(`${title} (exit code ${exitCodeOf(outcome)})`, lines),
      );
      const outputs = {
        outcome: wordOf(outcome),
        'exit-code': String(exitCodeOf(outcome)),
        'target-version': targetVersion,
      };
      await append('GITHUB_OUTPUT', githubOutputs(outputs));
    },
  };
}

function azure(quiet: boolean, host: Host): BuildAgent {
  const { stderr } = host;
  return {
    warn(text) {
      if (!quiet) stderr.write(azureIssue({ level: 'warning', title: 'sfcompose', lines: [text] }));
    },
    progress(share, words) {
      if (!quiet) stderr.write(azureProgress(100 * share, words));
    },
    async end({ outcome, deployment, reason }, explanation) {
      const title = `sfcompose: ${deployment} ${wordOf(outcome)}`;
      if (explanation) stderr.write(azureIssue({ level: 'error', title, lines: linesOf(explanation) }));
      else if (!quiet) stderr.write(azureProgress(100, reason));
    },
  };
}

/** @returns what tells an agent of a watch: warnings sparingly, and how far it is */
export function agentTeller(agent: BuildAgent, now: () => number): (event: FollowEvent) => void {
  const noticeOf = noticeMaker(now);
  return (event) => {
    const notice = noticeOf(event);
    if (notice?.isWarning) agent.warn(notice.text);
    if (event.type !== 'picture' || !event.isMove || event.picture.situation === undefined) return;
    const { situation } = event.picture;
    const progress = progressOf(situation);
    if (progress) agent.progress(progress.whole, summaryOf(situation));
  };
}

function linesOf({ what, message, evidence = [], certificate = [], meaning, next = [] }: Explanation) {
  const first = [what, ...(message ? [message] : []), ...evidence, ...certificate];
  return [...first, ...(meaning ? [meaning] : []), ...next];
}
