/** Everything that a command needs of the world around it, in one small value that tests replace. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, createReadStream, fstatSync, openSync, type ReadStream } from 'node:fs';
import { open, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import tty, { isatty } from 'node:tty';
import type { Printable } from './printable.ts';
import { abortWith, unlessAborted } from './timeout.ts';

export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted with the name of the signal: `SIGINT`, `SIGTERM`, `SIGHUP`, or `SIGBREAK` on Windows. */
  readonly interrupt: AbortSignal;
  /** Whose build agent we run on, if on any. */
  ci(): Promise<CiVendor | undefined>;
  /** The user's own folder, if there is one. */
  readonly home: string | undefined;
  /**
   * Reads a file of settings, certificates or the like. A pipe is read once, and gives the same each time.
   * @throws Node's own error, with its code; `EFBIG` for a file of more than 4 MiB; anything once the signal is aborted
   */
  readFile(path: string, signal: AbortSignal): Promise<Buffer>;
  /**
   * Runs a program, without a shell, and waits for it to end well.
   * @throws {@link ProgramError}, once the signal is aborted too
   */
  run(program: string, args: readonly string[], signal: AbortSignal): Promise<string>;
  /**
   * Makes a file that only this user can read.
   * @throws Node's own error, with its code; `EEXIST` if something is there
   */
  writeNew(path: string, text: string): Promise<void>;
  /**
   * Appends to a file, which is made if it is not there.
   * @throws Node's own error, with its code; `ENXIO` for a pipe that nobody reads
   */
  append(path: string, text: Printable): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
  /** Lets nothing hold up the end any more that cannot be called off, as a name that is looked up. */
  hurry(): void;
}

/** A program that could not be started, or did not end well. It does not tell of the arguments, which may hold secrets. */
export class ProgramError extends Error {
  /** What it wrote there. */
  readonly stderr: string;

  constructor(why: string, stderr: string) {
    super(why);
    this.name = 'ProgramError';
    this.stderr = stderr;
  }
}

export type CiVendor = 'github' | 'azure' | 'other';

export interface Output {
  readonly isTTY: boolean;
  /** `undefined` when it is no terminal. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** The stream itself, for what draws on a terminal. */
  readonly stream: NodeJS.WritableStream;
  /** Aborted when a write fails. The reason is an {@link OutputLoss}: the outcome of a watch then. */
  readonly gone: AbortSignal;
  /** Resolves once there is room for more, or the signal aborts: a reader that is slow is waited for. */
  drained(signal: AbortSignal): Promise<void>;
  /** Resolves once everything written was taken, a write failed, or the signal aborts. */
  flushed(signal: AbortSignal): Promise<void>;
  /** Nothing happens once the reader has gone. */
  write(text: Printable): void;
}

/** Why a write failed: the reader closed the pipe, or the output could not be written, as on a full disk. */
type OutputLoss = 'reader-gone' | 'internal';

export interface Clock {
  /** Milliseconds since 1970, for what is shown. */
  now(): number;
  /** Milliseconds since some moment, for what is measured: never goes back. */
  monotonic(): number;
  /** Resolves after that many milliseconds, or as soon as the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls back after that many milliseconds, for what must happen while something else is awaited.
   * @returns what calls it off
   */
  after(milliseconds: number, action: () => void): () => void;
}

/** The longest that setTimeout can wait; anything above fires at once. */
const longestTimer = 2 ** 31 - 1;

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic() {
    // To look at `performance` would load all that Node measures by.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1000 + nanoseconds / 1e6;
  },
  async sleep(milliseconds, signal) {
    for (let left = milliseconds; left > 0 && !signal?.aborted; left -= longestTimer) {
      await nap(Math.min(left, longestTimer), signal);
    }
  },
  after(milliseconds, action) {
    const calledOff = new AbortController();
    void systemClock.sleep(milliseconds, calledOff.signal).then(() => {
      if (!calledOff.signal.aborted) action();
    });
    return () => calledOff.abort();
  },
};

function nap(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
  });
}

const isWindows = process.platform === 'win32';

/** Windows knows SIGHUP as a window that is closed, and SIGBREAK as Ctrl-Break. */
const signals: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(isWindows ? (['SIGBREAK'] as const) : []),
];

/** Windows has no signal that a process could send to itself: there it just ends. */
function endBy(signal: NodeJS.Signals): void {
  if (isWindows) process.exit(process.exitCode ?? 130);
  process.kill(process.pid, signal);
}

/** Milliseconds. Far more than it takes to let go of timers and sockets. */
const longestFarewell = 500;

export interface ProcessHost extends Host {
  /**
   * To be called when all is done. Signals end the process again as they do by themselves, whatever is still to be
   * written; and if it was interrupted, or is to hurry, while something goes on that cannot be called off, as a name
   * that is looked up, it ends itself once all is written.
   */
  letGo(): void;
}

/** The real process. Its signals are ours from here on; a second one ends the process at once. */
export function processHost(): ProcessHost {
  const interrupt = new AbortController();
  let isOver = false;
  let isHurried = false;
  const heeding = signals.map((name) => {
    // It stays until the second signal: what restores the cursor ends the process when it finds no other listener.
    const heed = () => {
      if (!interrupt.signal.aborted && !isOver) return interrupt.abort(name);
      for (const stop of heeding) stop();
      endBy(name);
    };
    process.on(name, heed);
    return () => process.off(name, heed);
  });
  return {
    letGo() {
      // A handler that is taken away takes along what has come for it and was not yet heard.
      isOver = true;
      if (!interrupt.signal.aborted && !isHurried) return;
      // By the signal, as exiting would wait for that which cannot be called off.
      const end = () => endBy(interrupt.signal.aborted ? interrupt.signal.reason : 'SIGTERM');
      const later = (action: () => void) => setTimeout(action, longestFarewell).unref();
      process.stdout.write('', () => process.stderr.write('', () => later(end)));
    },
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    env: process.env,
    clock: systemClock,
    interrupt: interrupt.signal,
    ci: detectCi,
    home: homeFolder(),
    readFile: fileReader(),
    run,
    writeNew: (path, text) => writeFile(path, text, { flag: 'wx', mode: 0o600 }),
    append,
    random: Math.random,
    hurry() {
      isHurried = true;
    },
  };
}

async function detectCi(): Promise<CiVendor | undefined> {
  const { default: ci } = await import('ci-info');
  if (ci.GITHUB_ACTIONS) return 'github';
  if (ci.AZURE_PIPELINES) return 'azure';
  return ci.isCI ? 'other' : undefined;
}

/** A container may run as a user that the system does not know. A relative one would be anybody's. */
function homeFolder(): string | undefined {
  try {
    // homedir() looks there first too, but is to be loaded.
    const home = (!isWindows && process.env['HOME']) || homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes. A bundle of all public authorities has about a quarter of one MiB. */
const largestFile = 4 * 2 ** 20;

// Windows has no named pipes in its file system, and no O_NONBLOCK.
const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK = 0 } = constants;

function fileReader(): Host['readFile'] {
  const pipes = new Map<string, Pipe>();
  return async (path, signal) => {
    const file = await stat(path);
    if (!file.isFIFO() && !file.isCharacterDevice()) return readFile(path);
    const pipe = pipes.get(path) ?? openPipe(path);
    pipes.set(path, pipe);
    pipe.ref();
    return unlessAborted(signal, pipe.content).finally(pipe.unref);
  };
}

interface Pipe {
  readonly content: Promise<Buffer>;
  /** Keeps the process alive until the content is there. */
  ref(): void;
  /** Lets the process end without the content. */
  unref(): void;
}

/**
 * Opens a named pipe, or a terminal. Node reads other files in threads: one that waits for a writer, or for somebody to
 * type, would keep the process from ending.
 */
function openPipe(path: string): Pipe {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  const stream = streamOf(fd);
  let isOpen = true;
  const content = contentOf(stream).finally(() => {
    isOpen = false;
  });
  // It may fail after everybody stopped waiting.
  content.catch(() => {});
  const socket = stream instanceof net.Socket ? stream : undefined;
  return {
    content,
    ref: () => void (isOpen && socket?.ref()),
    unref: () => void (isOpen && socket?.unref()),
  };
}

function streamOf(fd: number): net.Socket | ReadStream {
  if (isatty(fd)) return new tty.ReadStream(fd);
  // What is neither, such as /dev/null, never makes anybody wait.
  if (!fstatSync(fd).isFIFO()) return createReadStream('', { fd, end: largestFile });
  return new net.Socket({ fd, readable: true, writable: false });
}

async function append(path: string, text: Printable): Promise<void> {
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

function readFile(path: string): Promise<Buffer> {
  // A device may have no end.
  return contentOf(createReadStream(path, { end: largestFile }));
}

async function contentOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > largestFile) throw Object.assign(new Error('more than 4 MiB'), { code: 'EFBIG' });
  }
  return Buffer.concat(chunks);
}

/** Characters. */
const longestOutput = 2 ** 20;

async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  // What Windows needs a shell for, as az.cmd, it escapes for that.
  const { default: spawn } = await import('nano-spawn');
  const enough = new AbortController();
  const undo = abortWith(signal, enough);
  try {
    // In a group of its own it can be ended with all that it has started; Windows has no such thing.
    const running = spawn(program, [...args], { stdin: 'ignore', detached: !isWindows });
    // A program that does not start fails twice.
    running.catch(() => {});
    const child = await running.nodeChildProcess;
    child.once('exit', () => setTimeout(() => closeOutput(child), lastOutputMs).unref());
    const end = () => endAll(child);
    enough.signal.addEventListener('abort', end);
    if (enough.signal.aborted) end();
    let length = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: string) => {
        length += text.length;
        if (length > longestOutput) enough.abort();
      });
    }
    return (await running).stdout;
  } catch (error) {
    const { exitCode, stderr, cause } = error as import('nano-spawn').SubprocessError;
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    throw new ProgramError(whyEnded(signal, enough.signal, code, exitCode), stderr ?? '');
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

function endAll(child: ChildProcess): void {
  closeOutput(child);
  try {
    if (!isWindows && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch {
    // It has ended by itself.
  }
}

function whyEnded(
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

function outputTo(stream: NodeJS.WriteStream): Output {
  const gone = new AbortController();
  // Hundreds of watches may wait for the reader at the same time.
  stream.setMaxListeners(0);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Windows reports a closed pipe as EOF.
    const loss: OutputLoss = error.code === 'EPIPE' || error.code === 'EOF' ? 'reader-gone' : 'internal';
    gone.abort(loss);
    // Of stderr nobody can be told.
    if (loss === 'reader-gone' || stream === process.stderr) return;
    process.exitCode ||= 1;
    process.stderr.write(`sfcompose: the output could not be written: ${error.message}\n`);
  });
  return {
    isTTY: stream.isTTY ?? false,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    get rows() {
      return stream.isTTY ? stream.rows : undefined;
    },
    stream,
    gone: gone.signal,
    async drained(signal) {
      // An error of the stream ends the wait as well.
      if (stream.writableNeedDrain && !gone.signal.aborted)
        await once(stream, 'drain', { signal }).catch(() => {});
    },
    flushed: (signal) =>
      unlessAborted(
        signal,
        new Promise<void>((resolve) => {
          if (gone.signal.aborted) return resolve();
          gone.signal.addEventListener('abort', () => resolve(), { once: true });
          stream.write('', () => resolve());
        }),
      ).catch(() => {}),
    write(text) {
      if (!gone.signal.aborted) stream.write(text);
    },
  };
}
