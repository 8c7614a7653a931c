/** Runs another program without a shell. */
import type { ChildProcess } from 'node:child_process';
import { ProgramError } from './host.ts';
import { forwardAbort } from './timeout.ts';

/** Limit for stdout and stderr together, in characters. */
const maxOutputLength = 2 ** 20;

/** Implements {@link Host.run}. */
export async function runProgram(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  // Escapes arguments for scripts such as az.cmd, which Windows runs only through a shell.
  const { default: spawn } = await import('nano-spawn');
  const stop = new AbortController();
  const stopForwarding = forwardAbort(signal, stop);
  try {
    // A process group of its own can be killed with all children. Windows has no process groups.
    const result = spawn(program, [...args], { stdin: 'ignore', detached: !isWindows });
    // Both promises reject if the program does not start.
    result.catch(() => {});
    const child = await result.nodeChildProcess;
    child.once('exit', () => setTimeout(() => closeOutput(child), outputGraceMs).unref());
    const kill = () => killGroup(child);
    stop.signal.addEventListener('abort', kill);
    if (stop.signal.aborted) kill();
    let length = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: string) => {
        length += text.length;
        if (length > maxOutputLength) stop.abort();
      });
    }
    return (await result).stdout;
  } catch (error) {
    const { exitCode, stderr, cause } = error as import('nano-spawn').SubprocessError;
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    throw new ProgramError(describeFailure(signal, stop.signal, code, exitCode), stderr ?? '');
  } finally {
    stopForwarding();
  }
}

/** Time to read the remaining output after a program has ended. */
const outputGraceMs = 100;

/** Closes the output of a program, which its children may keep open after the program has ended. */
function closeOutput({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}

function killGroup(child: ChildProcess): void {
  closeOutput(child);
  try {
    if (!isWindows && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch {
    // The program has already ended.
  }
}

function describeFailure(
  signal: AbortSignal,
  stop: AbortSignal,
  code: string | undefined,
  exitCode?: number,
): string {
  if (signal.aborted) return 'timed out';
  if (stop.aborted) return 'too much output';
  if (code === 'ENOENT') return 'program not found';
  if (code === 'EACCES') return 'permission denied';
  return code ?? (exitCode === undefined ? 'killed by a signal' : `exit code ${exitCode}`);
}

/** Whether the process runs on Windows, which has neither signals nor process groups. */
export const isWindows = process.platform === 'win32';
