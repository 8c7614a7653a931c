/** Runs a command line, from argv to an exit code. */
import { CommanderError } from '@commander-js/extra-typings';
import { createQueriedOutput } from '../output/json/query-stdout.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { getExitCode } from '../platform/outcome.ts';
import type { CommandResult } from '../platform/result.ts';
import { findSplitDuration } from './find-split-duration.ts';
import { findOutputLeniently } from './lenient-output.ts';
import { type AllOutputFlags, findOutput, prepareOutput } from './output-options.ts';
import { createProgram, HelpRequest } from './program.ts';
import { reportResult, toResult } from './report-result.ts';

/** A command line that is ready to run. */
export interface CommandRun {
  /** Runs the command. @returns the exit code; expected errors are reported, not thrown */
  run(): Promise<number>;
  /** Reports an uncaught error. @returns the exit code */
  reportCrash(error: unknown): Promise<number>;
}

/** @param argv arguments after the program's name */
export function prepareRun(argv: readonly string[], host: Host): CommandRun {
  const startedAt = host.clock.monotonic();
  const queriedHost = { ...host, stdout: createQueriedOutput(host) };
  let result: CommandResult = { outcome: 'completed' };
  let flags: AllOutputFlags = {};
  const program = createProgram(queriedHost, (ended) => {
    result = ended;
  }).hook('preAction', async (_, command) => {
    flags = command.opts();
    const splitDuration = findSplitDuration(argv, command);
    if (splitDuration) throw splitDuration;
    await prepareOutput(flags, queriedHost);
  });

  async function report(): Promise<number> {
    const elapsedMs = host.clock.monotonic() - startedAt;
    const isWrong = result.outcome === 'usage';
    const output = isWrong ? findOutputLeniently(argv, host.env) : findOutput(flags, host.env);
    return getExitCode(await reportResult(result, output, elapsedMs, queriedHost));
  }

  /** Handles an error that commander or a command has thrown. */
  async function end(error: unknown): Promise<CommandResult> {
    if (error instanceof HelpRequest) {
      const { printHelp } = await import('./commands/help.ts');
      return printHelp(error.command, host);
    }
    if (error instanceof CommanderError && error.exitCode === 0) return { outcome: 'completed' };
    const isUsageError = error instanceof ExpectedError && error.explanation.outcome === 'usage';
    if (!isUsageError && !(error instanceof CommanderError)) return toResult(error);
    const { explainUsage } = await import('./usage/explain-usage.ts');
    return toResult(explainUsage(error, argv, program, host.shells));
  }

  return {
    async run() {
      try {
        await program.parseAsync(argv, { from: 'user' });
      } catch (error) {
        result = await end(error);
      }
      return report();
    },
    reportCrash(error) {
      result = toResult(error);
      return report();
    },
  };
}
