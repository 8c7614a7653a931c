/** Reads stdin where an option has `-` in place of a path. */
import { interruptedError, usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';

/** @param from the option @throws a usage error if stdin is a terminal, empty or too long */
export async function readStdin(
  from: string,
  { stdin, interrupt }: Pick<Host, 'stdin' | 'interrupt'>,
): Promise<Buffer> {
  if (stdin.isTTY)
    throw usageError(`${from} is "-", but stdin is a terminal. Redirect a file, or use a pipe.`);
  try {
    const bytes = await stdin.read(interrupt);
    if (bytes.length === 0) throw usageError(`${from} is "-", but stdin is empty.`);
    return bytes;
  } catch (error) {
    if (interrupt.aborted) throw interruptedError(interrupt.reason);
    if ((error as NodeJS.ErrnoException).code === 'EFBIG')
      throw usageError(`${from} is "-", but stdin has more than 4 MiB.`);
    throw error;
  }
}
