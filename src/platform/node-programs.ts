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
  // Handles scripts such as az.cmd, which Windows runs only through a shell, with the necessary escaping.
  const { default: spawn } = await import('nano-spawn');
  const stop = new AbortController();
  const stopForwarding = forwardAbort(signal, stop);
  try {
    // In a process group of its own, it can be killed with its children. Windows has no process groups.
    const result = spawn(program, [...args], { stdin: 'ignore', detached: !isWindows });
    // If the program does not start, both promises reject.
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

/** Time to read remaining output after a program has ended. */
const outputGraceMs = 100;

/** Closes the output of a program, which its children may keep open longer than it runs. */
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
    // The program has ended by itself.
  }
}

function describeFailure(
  signal: AbortSignal,
  stop: AbortSignal,
  code: string | undefined,
  exitCode?: number,
): string {
  if (signal.aborted) return 'it took too long';
  if (stop.aborted) return 'it printed too much';
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'it may not be run';
  return code ?? (exitCode === undefined ? 'it was ended' : `exit code ${exitCode}`);
}

/** Whether the process runs on Windows, which has neither signals nor process groups. */
export const isWindows = process.platform === 'win32';
