/** The process itself: its command line in, its exit code out. */
import { processHost } from './host.ts';
import { crashed, main } from './main.ts';

async function start(): Promise<void> {
  const argv = process.argv.slice(2);
  const host = processHost();
  // By itself Node prints all members of an error, and those of a request hold what was sent in confidence.
  process.on('uncaughtException', async (error) => process.exit(await crashed(error, argv, host)));
  const exitCode = await main(argv, host);
  // Set, not called with process.exit: that would cut off what is still on its way to a slow pipe.
  process.exitCode = exitCode || process.exitCode;
  host.letGo();
}

void start();
