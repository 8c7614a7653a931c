/** Asks questions on the process's terminal. Loaded by node-host.ts only when it is needed. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { interruptedError } from './errors.ts';
import type { PromptKind } from './host.ts';
import { isWindows } from './node-programs.ts';
import type { Printable } from './printable.ts';

/** A question that waits for its answer. */
interface OpenPrompt {
  /** Rejects with an `interrupted` ExpectedError once the signal aborts. */
  readonly answer: Promise<string>;
  /** Restores the terminal; may be called again. */
  close(): void;
}

/** Asks a question on stderr, and reads a line from stdin, both of which must be terminals. */
export function openPrompt(question: Printable, kind: PromptKind, signal: AbortSignal): OpenPrompt {
  // Echoes nothing that is typed: the library, not the terminal, echoes it.
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = kind === 'hidden' ? muted : process.stderr;
  // Keeps no history, which would hold a secret.
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  lines.on('SIGINT', () => {
    // Windows processes cannot send signals, but handle those that are emitted. Elsewhere the signal goes to the whole
    // process group, as the terminal does it: a script that runs sfcompose ends as well.
    if (isWindows) process.emit('SIGINT');
    else process.kill(0, 'SIGINT');
  });
  if (kind === 'hidden') process.stderr.write(question);
  return { answer: ask(), close: () => lines.close() };

  async function ask(): Promise<string> {
    let isAnswered = false;
    // Ctrl-D closes without an answer.
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      const typed = lines.question(kind === 'hidden' ? '' : question, { signal });
      const answer = await Promise.race([typed, closed]);
      isAnswered = true;
      return answer;
    } catch (error) {
      throw signal.aborted ? interruptedError(signal.reason) : error;
    } finally {
      lines.close();
      if (kind === 'hidden' || !isAnswered) process.stderr.write('\n');
    }
  }
}
