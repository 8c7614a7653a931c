/** From the command line to an exit code. */
import { CommanderError } from 'commander';
import { createQueriedOutput } from '../output/json/query-stdout.ts';
import type { Host } from '../platform/host.ts';
import { getExitCode, type Outcome } from '../platform/outcome.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command line.
 * @param argv what comes after the program's name
 * @returns the exit code; whatever happens, nothing is thrown
 */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  let outcome: Outcome = 'completed';
  const queried = { ...host, stdout: createQueriedOutput(host) };
  const program = createProgram(queried, (ended) => {
    outcome = ended;
  });
  const started = host.clock.monotonic();
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    outcome = await reportFailure(error, argv, queried, host.clock.monotonic() - started);
  }
  return getExitCode(outcome);
}

/**
 * For an error that was thrown where nobody waits for it.
 * @returns the exit code
 */
export async function reportCrash(error: unknown, argv: readonly string[], host: Host): Promise<number> {
  return getExitCode(await reportFailure(error, argv, host, 0));
}

/** What only a failure needs is loaded when there is one. */
async function reportFailure(
  error: unknown,
  argv: readonly string[],
  host: Host,
  elapsed: number,
): Promise<Outcome> {
  const { reportError } = await import('./report-error.ts');
  return reportError(error, argv, host, elapsed);
}
