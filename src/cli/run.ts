/** From the command line to an exit code. */
import { CommanderError } from 'commander';
import { queriedOutput } from '../output/json/query-stdout.ts';
import type { Host } from '../platform/host.ts';
import { exitCodeOf, type Outcome } from '../platform/outcome.ts';
import { programFor } from './program.ts';

/**
 * Runs one command line.
 * @param argv what comes after the program's name
 * @returns the exit code; whatever happens, nothing is thrown
 */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  let outcome: Outcome = 'completed';
  const queried = { ...host, stdout: queriedOutput(host) };
  const program = programFor(queried, (ended) => {
    outcome = ended;
  });
  const started = host.clock.monotonic();
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    outcome = await failed(error, argv, queried, host.clock.monotonic() - started);
  }
  return exitCodeOf(outcome);
}

/**
 * For an error that was thrown where nobody waits for it.
 * @returns the exit code
 */
export async function crashed(error: unknown, argv: readonly string[], host: Host): Promise<number> {
  return exitCodeOf(await failed(error, argv, host, 0));
}

/** What only a failure needs is loaded when there is one. */
async function failed(
  error: unknown,
  argv: readonly string[],
  host: Host,
  elapsed: number,
): Promise<Outcome> {
  const { report } = await import('./report-error.ts');
  return report(error, argv, host, elapsed);
}
