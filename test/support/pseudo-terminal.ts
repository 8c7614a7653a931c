/** The built program in a real pseudo-terminal, with what a person sees on the screen. */
import { closeSync, constants, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';
import { onTestFinished } from 'vitest';
import { type Script, scriptedGateway } from './scripted-gateway.ts';

interface Session {
  readonly exitCode: number;
  /** All bytes that the program wrote. */
  readonly written: string;
  /** Milliseconds from its start to its end, as they are seen here: on a busy machine more than it was at work. */
  readonly took: number;
  /** The lines on the screen at the end, without those that are empty. */
  readonly screen: readonly string[];
}

interface SessionOptions {
  /** The deployment's name. */
  readonly deployment?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  readonly argv?: readonly string[];
  /** Called with all that was written so far, whenever something is. */
  readonly onOutput?: (
    written: string,
    press: (keys: string) => void,
    resize: Resize,
    kill: (signal: string) => void,
  ) => void;
}

/** Only to another width. */
type Resize = (columns: number, rows: number) => void;

/** More turns of the event loop than it takes to read what a program left in the pseudo-terminal. */
const lastTurns = 50;

/**
 * Starts a program as `spawn` does, and keeps all of its output. After the last process has closed the terminal, Node reads
 * about 4 kB more, and `spawn` closes its own end 200 ms later: on a busy machine some output would be lost.
 */
export function spawnInTerminal(...args: Parameters<typeof spawn>): IPty {
  const child = spawn(...args);
  if (process.platform === 'win32') return child;
  const { _socket: socket, _pty: path } = child as unknown as { _socket: Socket; _pty: string };
  const open = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  child.onExit(() => closeSync(open));
  const destroy = socket.destroy.bind(socket);
  const destroyLater = async () => {
    for (let turn = 0; turn < lastTurns; turn++) await pause(1);
    destroy();
  };
  socket.destroy = () => {
    void destroyLater();
    return socket;
  };
  return child;
}

/** Start of the first frame after a change of width, which erases the screen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the escape sequence that is looked for
const newWidth = /\u001b\[\?2026h(?:\u001b\[\d+A)?\r\u001b\[J/;

export async function session(scripts: readonly Script[], options: SessionOptions = {}): Promise<Session> {
  const { deployment = 'web', columns = 80, rows = 40, env = {}, argv = [], onOutput } = options;
  const gateway = await scriptedGateway(...scripts);
  const started = performance.now();
  const child = spawnInTerminal(
    process.execPath,
    ['bin/sfcompose.js', 'upgrade-progress', deployment, '-e', gateway.url, ...argv],
    {
      cols: columns,
      rows,
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
    },
  );
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
      // A frame that was on its way is drawn at the width that it was made for.
      const at = written.slice(drawn).search(newWidth);
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
      (signal) => child.kill(signal),
    );
  });
  const exitCode = await new Promise<number>((resolve) => child.onExit((exit) => resolve(exit.exitCode)));
  const took = performance.now() - started;
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  const screen = Array.from({ length: active.length }, (_, row) =>
    (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
  ).filter(Boolean);
  return { exitCode, written, took, screen };
}

export const hideCursor = '\u001b[?25l';

/** Whether the cursor was shown again after it was hidden. */
export function cursorIsBack(written: string): boolean {
  return written.lastIndexOf('\u001b[?25h') > written.lastIndexOf(hideCursor);
}

/** A shell at which somebody sits. */
interface Shell {
  /** Types that, and waits until all of it is written since then. @returns what was written */
  type(keys: string, until: string): Promise<string>;
}

/** @param env all of its environment but the terminal's kind */
export function shellSession(
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
  let told = () => {};
  child.onData((data) => {
    written += data;
    told();
  });
  return {
    async type(keys, until) {
      written = '';
      child.write(keys);
      await new Promise<void>((resolve, reject) => {
        // Before the test's own limit, as this says what there was instead.
        const late = setTimeout(() => reject(new Error(`no ${until} in ${JSON.stringify(written)}`)), 60_000);
        told = () => {
          if (!written.includes(until)) return;
          clearTimeout(late);
          resolve();
        };
        told();
      });
      return written;
    },
  };
}
