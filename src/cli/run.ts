/** Runs a command line, from argv to an exit code. */
import { CommanderError } from '@commander-js/extra-typings';
import { createQueriedOutput } from '../output/json/query-stdout.ts';
import type { Host } from '../platform/host.ts';
import { getExitCode } from '../platform/outcome.ts';
import type { CommandResult } from '../platform/result.ts';
import { findOutput, type OutputFlags } from './output-options.ts';
import { createProgram, findOutputLeniently } from './program.ts';
import { reportResult, toResult } from './report-result.ts';

/** A command line that is ready to run. */
export interface CommandRun {
  /** Runs the command. @returns the exit code; expected errors are reported, not thrown */
  run(): Promise<number>;
  /** Reports an error that was thrown where nothing waits for it. @returns the exit code */
  reportCrash(error: unknown): Promise<number>;
}

/** @param argv what comes after the program's name */
export function prepareRun(argv: readonly string[], host: Host): CommandRun {
  const startedAt = host.clock.monotonic();
  const queriedHost = { ...host, stdout: createQueriedOutput(host) };
  let result: CommandResult = { outcome: 'completed' };
  let flags: OutputFlags = {};
  const program = createProgram(queriedHost, (ended) => {
    result = ended;
  }).hook('preAction', (_, command) => {
    flags = command.opts();
  });

  async function report(): Promise<number> {
    const elapsedMs = host.clock.monotonic() - startedAt;
    const isWrong = result.outcome === 'usage';
    const output = isWrong ? findOutputLeniently(argv, host.env) : findOutput(flags, host.env);
    return getExitCode(await reportResult(result, output, elapsedMs, queriedHost));
  }

  return {
    async run() {
      try {
        if (argv.length === 0) program.outputHelp();
        else await program.parseAsync(argv, { from: 'user' });
      } catch (error) {
        if (error instanceof CommanderError && error.exitCode === 0) return 0;
        result = toResult(error);
      }
      return report();
    },
    reportCrash(error) {
      result = toResult(error);
      return report();
    },
  };
}
