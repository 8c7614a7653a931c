/** The real process as a {@link Host}. Imported by main.ts alone. */

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import type { CiVendor, Clock, Host, Output, OutputLoss } from './host.ts';
import { appendToFile, createFileReader } from './node-files.ts';
import { isWindows, runProgram } from './node-programs.ts';
import { rejectOnAbort } from './timeout.ts';

/** The longest that setTimeout can wait; anything above fires at once. */
const maxTimerMs = 2 ** 31 - 1;

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic() {
    // To look at `performance` would load all that Node measures by.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1000 + nanoseconds / 1e6;
  },
  async sleep(milliseconds, signal) {
    for (let left = milliseconds; left > 0 && !signal?.aborted; left -= maxTimerMs) {
      await sleepOnce(Math.min(left, maxTimerMs), signal);
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

function sleepOnce(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
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

/** Windows knows SIGHUP as a window that is closed, and SIGBREAK as Ctrl-Break. */
const signals: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(isWindows ? (['SIGBREAK'] as const) : []),
];

/** Windows has no signal that a process could send to itself: there it just ends. */
function killSelf(signal: NodeJS.Signals): void {
  if (isWindows) process.exit(process.exitCode ?? 130);
  process.kill(process.pid, signal);
}

/** Milliseconds. Far more than it takes to let go of timers and sockets. */
const exitGraceMs = 500;

export interface ProcessHost extends Host {
  /**
   * To be called when all is done. Signals end the process again as they do by themselves, whatever is still to be
   * written; and if it was interrupted, or is to hurry, while something goes on that cannot be called off, as a name
   * that is looked up, it ends itself once all is written.
   */
  release(): void;
}

/** The real process. Its signals are ours from here on; a second one ends the process at once. */
export function createProcessHost(): ProcessHost {
  const interrupt = new AbortController();
  let isOver = false;
  let isHurried = false;
  const stopListening = signals.map((name) => {
    // It stays until the second signal: what restores the cursor ends the process when it finds no other listener.
    const onSignal = () => {
      if (!interrupt.signal.aborted && !isOver) return interrupt.abort(name);
      for (const stop of stopListening) stop();
      killSelf(name);
    };
    process.on(name, onSignal);
    return () => process.off(name, onSignal);
  });
  return {
    release() {
      // A handler that is taken away takes along what has come for it and was not yet heard.
      isOver = true;
      if (!interrupt.signal.aborted && !isHurried) return;
      // By the signal, as exiting would wait for that which cannot be called off.
      const end = () => killSelf(interrupt.signal.aborted ? interrupt.signal.reason : 'SIGTERM');
      const later = (action: () => void) => setTimeout(action, exitGraceMs).unref();
      process.stdout.write('', () => process.stderr.write('', () => later(end)));
    },
    stdout: createOutput(process.stdout),
    stderr: createOutput(process.stderr),
    env: process.env,
    clock: systemClock,
    interrupt: interrupt.signal,
    ci: detectCi,
    home: findHome(),
    readFile: createFileReader(),
    run: runProgram,
    writeNew: (path, text) => writeFile(path, text, { flag: 'wx', mode: 0o600 }),
    append: appendToFile,
    random: Math.random,
    exitSoon() {
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
function findHome(): string | undefined {
  try {
    // homedir() looks there first too, but is to be loaded.
    const home = (!isWindows && process.env['HOME']) || homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}

function createOutput(stream: NodeJS.WriteStream): Output {
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
      rejectOnAbort(
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
