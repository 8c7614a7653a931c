/** Implements {@link Host} for the real process. Imported only by main.ts. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { detectShells } from './detect-shells.ts';
import type { CiVendor, Clock, CloseReason, Host, Output } from './host.ts';
import { appendToFile, createFileReader, listFiles, readStdin } from './node-files.ts';
import { isWindows, runProgram } from './node-programs.ts';
import { rejectOnAbort } from './timeout.ts';

/** Longest delay of setTimeout, which fires at once for a longer delay. */
const maxTimerMs = 2 ** 31 - 1;

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic() {
    // Not `performance`, which makes Node load more code.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1000 + nanoseconds / 1e6;
  },
  async sleep(milliseconds, signal) {
    for (let left = milliseconds; left > 0 && !signal?.aborted; left -= maxTimerMs) {
      await sleepOnce(Math.min(left, maxTimerMs), signal);
    }
  },
  after(milliseconds, action) {
    const canceller = new AbortController();
    void systemClock.sleep(milliseconds, canceller.signal).then(() => {
      if (!canceller.signal.aborted) action();
    });
    return () => canceller.abort();
  },
};

function sleepOnce(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** Signals that interrupt. On Windows, SIGHUP means a closed window, SIGBREAK means Ctrl-Break. */
const signals: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(isWindows ? (['SIGBREAK'] as const) : []),
];

/** Ends the process by a signal. Exits instead on Windows, where a process cannot send itself a signal. */
function killSelf(signal: NodeJS.Signals): void {
  if (isWindows) process.exit(process.exitCode ?? 130);
  process.kill(process.pid, signal);
}

/** Time for timers and sockets to close, far more than needed. */
const exitGraceMs = 500;

/** A host that handles the signals of the process. */
export interface ProcessHost extends Host {
  /**
   * Ends the use of the host. From then on the first signal ends the process, even if output is pending. After an
   * interrupt or {@link Host.exitSoon}, ends the process once all output is written, even if work that cannot be
   * cancelled, such as a DNS lookup, is still running.
   */
  release(): void;
  /** Erases the live view or closes the prompt, if there is one, and restores the terminal. For the report of a crash. */
  restoreTerminal(): void;
}

/**
 * Creates the host of this process and handles its signals: the first one interrupts, the second ends the process.
 */
export function createProcessHost(): ProcessHost {
  const interrupt = new AbortController();
  let isReleased = false;
  let isExitingSoon = false;
  let restoreTerminal = () => {};
  const removeHandlers = signals.map((name) => {
    // Kept after the first signal: the library that restores the cursor ends the process if it is the only
    // listener.
    const onSignal = () => {
      if (!interrupt.signal.aborted && !isReleased) return interrupt.abort(name);
      for (const remove of removeHandlers) remove();
      restoreTerminal();
      killSelf(name);
    };
    process.on(name, onSignal);
    return () => process.off(name, onSignal);
  });
  return {
    release() {
      // The handlers stay: without them, a signal that has arrived but is not handled yet would be lost.
      isReleased = true;
      if (!interrupt.signal.aborted && !isExitingSoon) return;
      // process.exit() would wait for work that cannot be cancelled.
      const { aborted, reason } = interrupt.signal;
      const end = () => killSelf(aborted ? (reason === 'q' ? 'SIGINT' : reason) : 'SIGTERM');
      const endLater = () => setTimeout(end, exitGraceMs).unref();
      process.stdout.write('', () => process.stderr.write('', endLater));
    },
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    stdin: {
      // Most commands do not ask, and node:tty takes milliseconds to load.
      get isTTY() {
        return isatty(0);
      },
      read: readStdin,
    },
    async prompt(question, kind, signal) {
      if (!isatty(0) || !process.stderr.isTTY) return undefined;
      const { openPrompt } = await import('./node-prompt.ts');
      const { answer, close } = openPrompt(question, kind, signal);
      restoreTerminal = close;
      return answer;
    },
    env: process.env,
    clock: systemClock,
    interrupt: interrupt.signal,
    async holdTerminal(picture) {
      const { holdTerminal } = await import('./node-terminal.ts');
      restoreTerminal = holdTerminal(picture, () => interrupt.abort('q'));
      return restoreTerminal;
    },
    restoreTerminal: () => restoreTerminal(),
    detectCi,
    get shells() {
      return detectShells(process.env, process.platform);
    },
    home: findHome(),
    get configFolder() {
      return findConfigFolder(process.env, process.platform, findHome());
    },
    resolvePath: (path) => resolve(path),
    readFile: createFileReader(),
    listFiles,
    run: runProgram,
    writeNew: (path, text) => writeFile(path, text, { flag: 'wx', mode: 0o600 }),
    async replaceFile(path, text, access) {
      const { replaceFile } = await import('./node-safe-files.ts');
      await replaceFile(path, text, access);
    },
    async checkReplaceable(path) {
      const { checkReplaceable } = await import('./node-safe-files.ts');
      await checkReplaceable(path);
    },
    async lockFile(path, signal) {
      const { lockFile } = await import('./node-safe-files.ts');
      return lockFile(path, systemClock, signal);
    },
    async findUnsafePath(path) {
      const { findUnsafePath } = await import('./node-safe-files.ts');
      return findUnsafePath(path);
    },
    append: appendToFile,
    random: Math.random,
    exitSoon() {
      isExitingSoon = true;
    },
  };
}

async function detectCi(): Promise<CiVendor | undefined> {
  const { default: ci } = await import('ci-info');
  if (ci.GITHUB_ACTIONS) return 'github';
  if (ci.AZURE_PIPELINES) return 'azure';
  return ci.isCI ? 'other' : undefined;
}

/** Finds the home folder. Ignores a relative path, which would depend on the working directory. */
function findHome(): string | undefined {
  try {
    // homedir() also uses HOME, but takes time to load.
    const home = (!isWindows && process.env['HOME']) || homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    // A container may run as a user that the system does not know.
    return undefined;
  }
}

/** Finds the folder for configuration. Ignores relative paths, as the XDG Base Directory Specification demands. */
export function findConfigFolder(
  env: Host['env'],
  platform: NodeJS.Platform,
  home: string | undefined,
): string | undefined {
  const isWindowsLike = platform === 'win32';
  const chosen = env[isWindowsLike ? 'APPDATA' : 'XDG_CONFIG_HOME'];
  if (chosen && isAbsolute(chosen)) return chosen;
  if (home === undefined) return undefined;
  if (isWindowsLike) return join(home, 'AppData', 'Roaming');
  return platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.config');
}

function createOutput(stream: NodeJS.WriteStream): Output {
  const closer = new AbortController();
  const closeSignal = closer.signal;
  // Hundreds of watches may wait for the reader at the same time.
  stream.setMaxListeners(0);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Windows reports a closed pipe as EOF.
    const reason: CloseReason = error.code === 'EPIPE' || error.code === 'EOF' ? 'reader-gone' : 'internal';
    closer.abort(reason);
    // A failure of stderr cannot be reported.
    if (reason === 'reader-gone' || stream === process.stderr) return;
    process.exitCode ||= 1;
    process.stderr.write(`sfcompose: cannot write the output: ${error.message}\n`);
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
    closeSignal,
    async waitForDrain(signal) {
      // once() rejects on an error of the stream as well.
      if (stream.writableNeedDrain && !closeSignal.aborted)
        await once(stream, 'drain', { signal }).catch(() => {});
    },
    waitForFlush: (signal) =>
      rejectOnAbort(
        signal,
        new Promise<void>((resolve) => {
          if (closeSignal.aborted) return resolve();
          closeSignal.addEventListener('abort', () => resolve(), { once: true });
          stream.write('', () => resolve());
        }),
      ).catch(() => {}),
    write(text) {
      if (!closeSignal.aborted) stream.write(text);
    },
  };
}
