/** A read with its tries, for a command that has nothing else to do. */
import type { Host } from '../host.ts';
import { longestBackoff, type Once, readPatiently } from '../patient-read.ts';
import { faultWords } from '../reporters/notices.ts';

/**
 * @param say told of each failure that is tolerated
 * @throws ExpectedError once the read is given up
 */
export async function keepTrying<T>(
  read: () => Promise<T>,
  asked: Once,
  say: (again: string) => void,
  host: Host,
): Promise<T> {
  const tries = readPatiently(read, { ...asked, cap: longestBackoff.once, host });
  for (;;) {
    const { done, value } = await tries.next();
    if (done) return value;
    const { failures, most, pause } = value;
    say(`${faultWords(value)}; try ${failures + 1} of ${most} in ${(pause / 1000).toFixed(1)} s`);
    await host.clock.sleep(pause, host.interrupt);
  }
}
