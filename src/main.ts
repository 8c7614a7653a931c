/** The process itself: its command line in, its exit code out. */
import { writeSync } from 'node:fs';
import { type CommandRun, prepareRun } from './cli/run.ts';
import { createProcessHost } from './platform/node-host.ts';
import { printable } from './platform/printable.ts';

async function start(): Promise<void> {
  const host = createProcessHost();
  const command = prepareRun(process.argv.slice(2), host);
  // By itself Node prints all members of an error, and those of a request hold what was sent in confidence.
  process.on('uncaughtException', (error) => crash(error, command));
  const exitCode = await command.run();
  // Set, not called with process.exit: that would cut off what is still on its way to a slow pipe.
  process.exitCode = exitCode || process.exitCode;
  host.release();
}

let isCrashing = false;

/** Reports an uncaught error, and ends the process. */
function crash(error: unknown, command: CommandRun): void {
  if (isCrashing) endAtOnce(error);
  isCrashing = true;
  command.reportCrash(error).then((exitCode) => process.exit(exitCode), endAtOnce);
}

/**
 * Ends the process when the report of an error fails, as after a reinstall or when no more files can be opened. Uses
 * nothing that could fail in turn, and waits for nothing.
 */
function endAtOnce(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  try {
    writeSync(
      2,
      `sfcompose: Internal error: ${printable(why)}\n  If sfcompose was reinstalled while it ran, run it again.\n`,
    );
  } catch {
    // Nobody can be told.
  }
  process.exit(1);
}

void start();
