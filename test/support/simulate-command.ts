/** Runs `sfcompose simulate` as a whole command. */
import { type Run, run } from './run.ts';

/**
 * Runs `simulate` until the client has finished with the cluster, and then interrupts it.
 * @param use the client, which gets the URL that the command prints
 * @param signal the signal that interrupts the command
 */
export async function simulate(
  argv: readonly string[],
  use: (url: string) => Promise<unknown> = async () => {},
  signal = 'SIGINT',
): Promise<Run> {
  const interrupt = new AbortController();
  let finished: Promise<unknown> | undefined;
  const result = await run(['simulate', ...argv], {
    interrupt: interrupt.signal,
    onOutput(text) {
      finished ??= use(text.trim()).finally(() => interrupt.abort(signal));
    },
  });
  await finished;
  return result;
}
