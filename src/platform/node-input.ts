/** Reads stdin of the process, and asks on its terminal. Loaded by node-host.ts only when it is needed. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Printable } from './printable.ts';
import { rejectOnAbort } from './timeout.ts';

/** Largest input that is read, as of files. */
const maxInputBytes = 4 * 2 ** 20;

/** Implements `Host.stdin.read`. */
export function readStdin(signal: AbortSignal): Promise<Buffer> {
  return rejectOnAbort(signal, readAll()).finally(() => process.stdin.unref?.());
}

async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    length += chunk.length;
    if (length > maxInputBytes) throw Object.assign(new Error('too much input'), { code: 'EFBIG' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Implements `Host.prompt` for a terminal. */
export async function prompt(
  question: Printable,
  kind: 'visible' | 'hidden',
  signal: AbortSignal,
): Promise<string | undefined> {
  let isHidden = false;
  // readline echoes what is typed to its output.
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  // In raw mode the terminal sends Ctrl-C as a key.
  lines.on('SIGINT', () => process.emit('SIGINT'));
  try {
    return await rejectOnAbort(
      signal,
      new Promise<string | undefined>((resolve) => {
        lines.once('close', () => resolve(undefined));
        lines.question(question, resolve);
        isHidden = kind === 'hidden';
      }),
    );
  } finally {
    lines.close();
    if (kind === 'hidden') process.stderr.write('\n');
  }
}
