/** Runs the built program and shells in a real pseudo-terminal. */
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';
import { onTestFinished } from 'vitest';
import { createFolder } from './folder.ts';
import { stripColors } from './hostile-text.ts';
import { type Script, startGateway } from './scripted-gateway.ts';

interface Session {
  readonly exitCode: number;
  /** Everything that the program wrote. */
  readonly written: string;
  /** Milliseconds from start to end, including the time that a busy machine takes for other processes. */
  readonly took: number;
  /** Lines on the screen at the end, without empty ones. */
  readonly screen: readonly string[];
  /** Modes of the terminal at the end, as `stty -a` lists them; empty on Windows. */
  readonly modes: string;
}

interface SessionOptions {
  /** The first deployment; `web` by default. */
  readonly deployment?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  readonly argv?: readonly string[];
  /** Called with everything written so far, after each write. */
  readonly onOutput?: (
    written: string,
    press: (keys: string) => void,
    resize: Resize,
    kill: (signal: string) => void,
  ) => void;
}

/** Resizes the terminal. The width must change: the first frame that has the new one marks the moment. */
type Resize = (columns: number, rows: number) => void;

/** Milliseconds that are more than enough to read the output that a program left in the pseudo-terminal. */
const maxReadMs = 50;

/**
 * Starts a program as `spawn` does, and keeps all of its output. After the last process has closed the terminal, Node
 * reads about 4 kB more, and `spawn` closes its own end 200 ms later: on a busy machine some output would be lost.
 */
export function spawnInTerminal(...args: Parameters<typeof spawn>): IPty {
  const child = spawn(...args);
  if (process.platform === 'win32') return child;
  const { _socket: socket, _pty: path } = child as unknown as { _socket: Socket; _pty: string };
  const open = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  child.onExit(() => closeSync(open));
  const destroy = socket.destroy.bind(socket);
  const destroyLater = async () => {
    for (let elapsedMs = 0; elapsedMs < maxReadMs; elapsedMs++) await pause(1);
    destroy();
  };
  socket.destroy = () => {
    void destroyLater();
    return socket;
  };
  return child;
}

export const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';

/** Splits output into the lines of each frame, as they are drawn. */
export function splitFrames(written: string): readonly (readonly string[])[] {
  return written
    .split(beginFrame)
    .slice(1)
    .map((frame) =>
      stripColors(frame.split(endFrame)[0] ?? '')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: cursor movements are escape sequences
        .replace(/\u001b\[\d*[AJK]/g, '')
        .trimEnd()
        .split(/\r?\n/),
    );
}

/** Finds the first frame that is drawn after a change of width. @returns its position, or -1 */
function findNewWidth(output: string, before: number, after: number): number {
  const isNew = (lines: readonly string[]) => {
    const width = Math.max(...lines.map((line) => line.length));
    return after < before ? width < after : width >= before;
  };
  const whole = output.slice(0, output.lastIndexOf(endFrame) + 1);
  const frame = splitFrames(whole).findIndex(isNew);
  const parts = whole.split(`\r${beginFrame}`);
  return frame < 0 ? -1 : parts.slice(0, frame + 1).join(`\r${beginFrame}`).length;
}

/**
 * Runs a program, and saves the modes of the terminal that it leaves behind: they are gone when the first process of the
 * terminal ends. Ignores the signals, which all processes get.
 */
const saveModes = 'trap : INT TERM HUP USR2; "$@"; code=$?; stty -a >"$MODES"; exit "$code"';

/** Runs `upgrade-progress` in a terminal, against a gateway with these scripts. */
export async function runInTerminal(
  scripts: readonly Script[],
  options: SessionOptions = {},
): Promise<Session> {
  const { deployment = 'web', columns = 80, rows = 40, env = {}, argv = [], onOutput } = options;
  const gateway = await startGateway(...scripts);
  const started = performance.now();
  const isWindows = process.platform === 'win32';
  const modesFile = join(createFolder(), 'modes');
  const command = ['bin/sfcompose.js', 'upgrade-progress', deployment, '-e', gateway.url, ...argv];
  const shell = ['-c', saveModes, 'sh', process.execPath, ...command];
  const child = spawnInTerminal(isWindows ? process.execPath : 'sh', isWindows ? command : shell, {
    cols: columns,
    rows,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', MODES: modesFile, ...env },
  });
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  let written = '';
  let drawn = 0;
  let size: Parameters<Resize> | undefined;
  const resize: Resize = (...wanted) => {
    size = wanted;
    child.resize(...wanted);
  };
  const draw = () => {
    if (size) {
      // Frames before the change of width are drawn at their own width.
      const at = findNewWidth(written.slice(drawn), terminal.cols, size[0]);
      if (at < 0) return;
      const [width, height] = size;
      size = undefined;
      terminal.write(written.slice(drawn, drawn + at), () => terminal.resize(width, height));
      drawn += at;
    }
    terminal.write(written.slice(drawn));
    drawn = written.length;
  };
  child.onData((data) => {
    written += data;
    draw();
    onOutput?.(
      written,
      (keys) => child.write(keys),
      resize,
      (signal) => process.kill(-child.pid, signal),
    );
  });
  const exitCode = await new Promise<number>((resolve) => child.onExit((exit) => resolve(exit.exitCode)));
  const took = performance.now() - started;
  const modes = isWindows ? '' : readFileSync(modesFile, 'utf8');
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  const screen = Array.from({ length: active.length }, (_, row) =>
    (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
  ).filter(Boolean);
  return { exitCode, written, took, screen, modes };
}

export const hideCursor = '\u001b[?25l';

/** Checks whether the cursor was shown again after it was hidden. */
export function isCursorShown(written: string): boolean {
  return written.lastIndexOf('\u001b[?25h') > written.lastIndexOf(hideCursor);
}

/** An interactive shell. */
interface Shell {
  /** Types these keys, and waits until the shell has written that text. @returns everything written since */
  type(keys: string, until: string): Promise<string>;
}

/** Starts a shell. @param env its whole environment, except for `TERM` */
export function startShell(
  program: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Shell {
  const child = spawnInTerminal(program, [...argv], {
    cols: 200,
    rows: 40,
    env: { ...env, TERM: 'xterm' },
    cwd,
  });
  onTestFinished(() => child.kill('SIGKILL'));
  let written = '';
  let onData = () => {};
  child.onData((data) => {
    written += data;
    onData();
  });
  return {
    async type(keys, until) {
      written = '';
      child.write(keys);
      await new Promise<void>((resolve, reject) => {
        // Fails before the test's own timeout, with a message that has the actual output.
        const late = setTimeout(() => reject(new Error(`no ${until} in ${JSON.stringify(written)}`)), 60_000);
        onData = () => {
          if (!written.includes(until)) return;
          clearTimeout(late);
          resolve();
        };
        onData();
      });
      return written;
    },
  };
}
