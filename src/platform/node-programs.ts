/** Runs another program without a shell. */

import type { ChildProcess } from 'node:child_process';
import { ProgramError } from './host.ts';
import { forwardAbort } from './timeout.ts';

/** Characters. */
const maxOutputLength = 2 ** 20;

export async function runProgram(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  // What Windows needs a shell for, as az.cmd, it escapes for that.
  const { default: spawn } = await import('nano-spawn');
  const enough = new AbortController();
  const undo = forwardAbort(signal, enough);
  try {
    // In a group of its own it can be ended with all that it has started; Windows has no such thing.
    const running = spawn(program, [...args], { stdin: 'ignore', detached: !isWindows });
    // A program that does not start fails twice.
    running.catch(() => {});
    const child = await running.nodeChildProcess;
    child.once('exit', () => setTimeout(() => closeOutput(child), lastOutputMs).unref());
    const end = () => killAll(child);
    enough.signal.addEventListener('abort', end);
    if (enough.signal.aborted) end();
    let length = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: string) => {
        length += text.length;
        if (length > maxOutputLength) enough.abort();
      });
    }
    return (await running).stdout;
  } catch (error) {
    const { exitCode, stderr, cause } = error as import('nano-spawn').SubprocessError;
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    throw new ProgramError(describeFailure(signal, enough.signal, code, exitCode), stderr ?? '');
  } finally {
    undo();
  }
}

/** Time for reading what a program left in its pipes, in milliseconds after its end. */
const lastOutputMs = 100;

/** Whatever a program has started in its turn may hold its output open, and outlive it. */
function closeOutput({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}

function killAll(child: ChildProcess): void {
  closeOutput(child);
  try {
    if (!isWindows && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch {
    // It has ended by itself.
  }
}

function describeFailure(
  asked: AbortSignal,
  enough: AbortSignal,
  code: string | undefined,
  exitCode?: number,
): string {
  if (asked.aborted) return 'it took too long';
  if (enough.aborted) return 'it printed too much';
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'it may not be run';
  return code ?? (exitCode === undefined ? 'it was ended' : `exit code ${exitCode}`);
}

export const isWindows = process.platform === 'win32';
