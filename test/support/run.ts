/** The one harness: runs a whole command line in this process, against real sockets, with a clock of its own. */
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { run as runCommandLine } from '../../src/cli/run.ts';
import { type CiVendor, type Host, type Output, ProgramError } from '../../src/platform/host.ts';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Every pause that was asked for, in milliseconds. */
  readonly sleeps: readonly number[];
  /** What was appended to files, by their paths. */
  readonly files: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly env?: Host['env'];
  /** Makes stdout a terminal of that width. */
  readonly columns?: number;
  readonly random?: number | (() => number);
  readonly interrupt?: AbortSignal;
  /** In place of a reader of stdout that never falls behind. */
  readonly drained?: Output['drained'];
  /** Told of what is written to stdout. */
  readonly onOutput?: (text: string) => void;
  /** Sets how the time passes; by default nobody but whoever pauses lets it. */
  readonly time?: TestTime;
  readonly ci?: CiVendor;
  /** In place of files that take everything. */
  readonly append?: Host['append'];
  /** In place of files that are really made. */
  readonly writeNew?: Host['writeNew'];
  /** The user's own folder; by default one that is not there. */
  readonly home?: string | undefined;
  /** In place of programs; by default there is none. */
  readonly run?: Host['run'];
}

export interface TestTime {
  readonly clock: Host['clock'];
  readonly sleeps: number[];
  /** Lets time go by, as while a server is silent. */
  pass(milliseconds: number): void;
  /** Sets the clock that is shown, as a time server does; what is measured does not change. */
  set(milliseconds: number): void;
}

/** When every test begins. */
const testStart = Date.parse('2026-11-24T08:00:00Z');

interface Timeline extends Pick<TestTime, 'sleeps' | 'pass' | 'set'> {
  now(): number;
  monotonic(): number;
  /** What is due, in milliseconds of the monotonic clock. */
  due(): readonly number[];
  /** @returns what calls it off */
  add(milliseconds: number, action: () => void): () => void;
}

/** The time, which goes on only when it is told to; what is due on the way happens. */
export function timeline(): Timeline {
  let now = 0;
  let ahead = 0;
  let due: readonly { at: number; action: () => void }[] = [];
  return {
    sleeps: [],
    pass(milliseconds) {
      const until = now + milliseconds;
      for (;;) {
        const next = due.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        due = due.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.action();
      }
      now = Math.max(now, until);
    },
    set(milliseconds) {
      ahead = milliseconds - now;
    },
    now: () => testStart + ahead + now,
    monotonic: () => now,
    due: () => due.map(({ at }) => at),
    add(milliseconds, action) {
      const one = { at: now + milliseconds, action };
      due = [...due, one];
      return () => {
        due = due.filter((other) => other !== one);
      };
    },
  };
}

/** A clock on which nobody waits: whoever pauses moves it on, and what is due on the way happens. */
export function testTime(): TestTime {
  const { sleeps, pass, set, now, monotonic, add } = timeline();
  return {
    sleeps,
    pass,
    set,
    clock: {
      now,
      monotonic,
      async sleep(milliseconds, signal) {
        sleeps.push(milliseconds);
        // Whoever waits for ever waits for a signal.
        if (milliseconds === Number.POSITIVE_INFINITY && !signal?.aborted)
          return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
        const calledOff = signal?.aborted ? 0 : milliseconds;
        pass(calledOff);
      },
      after: add,
    },
  };
}

export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const files: Record<string, string> = {};
  const time = options.time ?? testTime();
  const host: Host = {
    stdout: collect(out, options),
    stderr: collect(err),
    env: options.env ?? {},
    clock: time.clock,
    interrupt: options.interrupt ?? new AbortController().signal,
    ci: async () => options.ci,
    append:
      options.append ??
      (async (path, text) => {
        files[path] = (files[path] ?? '') + text;
      }),
    home: 'home' in options ? options.home : join(tmpdir(), 'sfcompose-nobody'),
    readFile: (path) => readFile(path),
    writeNew: options.writeNew ?? ((path, text) => writeFile(path, text, { flag: 'wx', mode: 0o600 })),
    run:
      options.run ??
      (async () => {
        throw new ProgramError('there is no such program', '');
      }),
    random: typeof options.random === 'function' ? options.random : () => Number(options.random ?? 0.5),
    exitSoon() {},
  };
  const exitCode = await runCommandLine(argv, host);
  return { exitCode, stdout: out.join(''), stderr: err.join(''), sleeps: time.sleeps, files };
}

function collect(into: string[], { columns, onOutput, drained }: RunOptions = {}): Output {
  return {
    isTTY: columns !== undefined,
    columns,
    rows: columns === undefined ? undefined : 24,
    stream: new Writable(),
    gone: new AbortController().signal,
    drained: drained ?? (async () => {}),
    flushed: async () => {},
    write(text) {
      into.push(text);
      onOutput?.(text);
    },
  };
}
