/** Everything that a command needs of the world around it, in one small value that tests replace. */
import { appendFile } from 'node:fs/promises';

export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted with the name of the signal, `SIGINT` or `SIGTERM`. */
  readonly interrupt: AbortSignal;
  /** Whose build agent we run on, if on any. */
  ci(): Promise<CiVendor | undefined>;
  /** Appends to a file, which is made if it is not there. */
  append(path: string, text: string): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

export type CiVendor = 'github' | 'azure' | 'other';

export interface Output {
  readonly isTTY: boolean;
  /** `undefined` when it is no terminal. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** The stream itself, for what draws on a terminal. */
  readonly stream: NodeJS.WritableStream;
  /** Aborted when a write shows that nobody reads any more. */
  readonly gone: AbortSignal;
  /** Nothing happens once the reader has gone. */
  write(text: string): void;
}

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
  monotonic: () => performance.now(),
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

/** The real process. Its signals are ours from here on; a second one ends the process at once. */
export function processHost(): Host {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // It stays until the second signal: what restores the cursor ends the process when it finds no other listener.
    const heed = () => {
      if (!interrupt.signal.aborted) return interrupt.abort(name);
      process.off(name, heed);
      process.kill(process.pid, name);
    };
    process.on(name, heed);
  }
  return {
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    env: process.env,
    clock: systemClock,
    interrupt: interrupt.signal,
    ci: detectCi,
    append: (path, text) => appendFile(path, text),
    random: Math.random,
  };
}

async function detectCi(): Promise<CiVendor | undefined> {
  const { default: ci } = await import('ci-info');
  if (ci.GITHUB_ACTIONS) return 'github';
  if (ci.AZURE_PIPELINES) return 'azure';
  return ci.isCI ? 'other' : undefined;
}

function outputTo(stream: NodeJS.WriteStream): Output {
  const gone = new AbortController();
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone.abort();
    // A reader that has seen enough (`| head -1`) is no failure; a full disk is.
    if (error.code === 'EPIPE') return;
    process.exitCode = 1;
    if (stream !== process.stderr)
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
    write(text) {
      if (!gone.signal.aborted) stream.write(text);
    },
  };
}
