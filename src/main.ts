/** The process: runs its command line and sets its exit code. */
import { writeSync } from 'node:fs';
import { type CommandRun, prepareRun } from './cli/run.ts';
import { createProcessHost } from './platform/node-host.ts';
import { printable } from './platform/printable.ts';

async function start(): Promise<void> {
  const host = createProcessHost();
  const command = prepareRun(process.argv.slice(2), host);
  // Node prints all members of an uncaught error, and those of a request contain secrets.
  process.on('uncaughtException', (error) => {
    host.restoreTerminal();
    handleCrash(error, command);
  });
  const exitCode = await command.run();
  // process.exit() would cut off output to a slow pipe. A failed write may have set an exit code already.
  process.exitCode = exitCode || process.exitCode;
  host.release();
}

let isCrashing = false;

/** Reports an uncaught error and ends the process. */
function handleCrash(error: unknown, command: CommandRun): void {
  if (isCrashing) exitNow(error);
  isCrashing = true;
  command.reportCrash(error).then((exitCode) => process.exit(exitCode), exitNow);
}

/**
 * Ends the process when an error cannot be reported, for example after a reinstall or when no more files can be opened.
 * Loads nothing and waits for nothing, so that it cannot fail as well.
 */
function exitNow(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  try {
    writeSync(
      2,
      `sfcompose: Internal error: ${printable(message)}\n  If sfcompose was reinstalled while it ran, run it again.\n`,
    );
  } catch {
    // stderr is closed.
  }
  process.exit(1);
}

void start();
