/** Runs whole command lines in this process, with real sockets and a simulated clock. */
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { prepareRun } from '../../src/cli/run.ts';
import { interruptedError } from '../../src/platform/errors.ts';
import {
  type CiVendor,
  type Host,
  type Output,
  ProgramError,
  type PromptKind,
} from '../../src/platform/host.ts';
import { listFiles } from '../../src/platform/node-files.ts';
import { findUnsafePath, lockFile, replaceFile } from '../../src/platform/node-safe-files.ts';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Every pause of the command, in milliseconds. */
  readonly sleeps: readonly number[];
  /** Text that was appended to files, or replaced them, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Questions that were asked on the terminal, in order. */
  readonly prompts: readonly { readonly question: string; readonly kind: PromptKind }[];
}

export interface RunOptions {
  readonly env?: Host['env'];
  /** Content of stdin; empty by default. */
  readonly stdin?: string | Buffer;
  /** Answers questions; by default stdin is not a terminal, so that none can be asked. */
  readonly answer?: (question: string, kind: PromptKind) => string | undefined;
  /** Width of stdout as a terminal; not a terminal by default. */
  readonly columns?: number;
  /** Whether stderr is the same terminal. */
  readonly isOneTerminal?: boolean;
  readonly random?: number | (() => number);
  readonly interrupt?: AbortSignal;
  /** Aborted with the reason once stdout is closed; never by default. */
  readonly stdoutClosed?: AbortSignal;
  /** Replaces the default, a reader of stdout that never lags. */
  readonly drained?: Output['waitForDrain'];
  /** Called with each write to stdout. */
  readonly onOutput?: (text: string) => void;
  /** The clock; by default time passes only while the command pauses. */
  readonly time?: TestTime;
  readonly ci?: CiVendor;
  /** Replaces the default, a terminal without a keyboard. */
  readonly holdTerminal?: Host['holdTerminal'];
  /** Replaces the default, which collects the text in {@link Run.files}. */
  readonly append?: Host['append'];
  /** Replaces the default, which writes real files. */
  readonly writeNew?: Host['writeNew'];
  /** Replaces the default, which writes real files for their owner, and collects the text of others in {@link Run.files}. */
  readonly replaceFile?: Host['replaceFile'];
  /** Replaces the default, which accepts any path. */
  readonly checkReplaceable?: Host['checkReplaceable'];
  /** The user's home; by default a folder that does not exist. */
  readonly home?: string | undefined;
  /** The folder for configuration; by default `.config` in the user's home. */
  readonly configFolder?: string | undefined;
  /** The shells that may be in use; a POSIX shell if missing. */
  readonly shells?: Host['shells'];
  /** Replaces the default, which looks at real files. */
  readonly findUnsafePath?: Host['findUnsafePath'];
  /** Replaces the default, for which no program exists. */
  readonly run?: Host['run'];
}

export interface TestTime {
  readonly clock: Host['clock'];
  readonly sleeps: number[];
  /** Lets time pass, for example while a server is silent. */
  pass(milliseconds: number): void;
  /** Sets the wall clock, as a time server does; the monotonic clock does not change. */
  set(milliseconds: number): void;
}

/** Wall time at which every test begins. */
const testStart = Date.parse('2026-11-24T08:00:00Z');

interface Timeline extends Pick<TestTime, 'sleeps' | 'pass' | 'set'> {
  now(): number;
  monotonic(): number;
  /** Times of pending actions, in milliseconds of the monotonic clock. */
  due(): readonly number[];
  /** Schedules an action. @returns a function that cancels it */
  add(milliseconds: number, action: () => void): () => void;
}

/** Creates a timeline on which time passes only by `pass`, and actions happen when they are due. */
export function createTimeline(): Timeline {
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

/** Creates a clock on which pauses take no real time: each pause advances it, and actions happen when they are due. */
export function createTestTime(): TestTime {
  const { sleeps, pass, set, now, monotonic, add } = createTimeline();
  return {
    sleeps,
    pass,
    set,
    clock: {
      now,
      monotonic,
      async sleep(milliseconds, signal) {
        sleeps.push(milliseconds);
        // An infinite pause ends only with its signal.
        if (milliseconds === Infinity && !signal?.aborted)
          return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
        if (!signal?.aborted) pass(milliseconds);
      },
      after: add,
    },
  };
}

/** Creates a clock of this machine, for waiting on other processes. */
function createRealClock(): Host['clock'] {
  return {
    ...createTestTime().clock,
    monotonic: () => performance.now(),
    sleep: (milliseconds) => setTimeout(milliseconds),
  };
}

/** Runs a command line, and collects what it writes. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const files: Record<string, string> = {};
  const prompts: Run['prompts'][number][] = [];
  const { answer } = options;
  const home = 'home' in options ? options.home : join(tmpdir(), 'sfcompose-nobody');
  const time = options.time ?? createTestTime();
  const host: Host = {
    stdout: createOutput(out, options),
    stderr: createOutput(err, options.isOneTerminal ? options : {}),
    stdin: { isTTY: answer !== undefined, read: async () => Buffer.from(options.stdin ?? '') },
    async prompt(question, kind, signal) {
      if (!answer) return undefined;
      prompts.push({ question, kind });
      const text = answer(question, kind);
      if (signal.aborted) throw interruptedError(signal.reason);
      return text;
    },
    env: options.env ?? {},
    clock: time.clock,
    interrupt: options.interrupt ?? new AbortController().signal,
    holdTerminal: options.holdTerminal ?? (async () => () => {}),
    detectCi: async () => options.ci,
    append:
      options.append ??
      (async (path, text) => {
        files[path] = (files[path] ?? '') + text;
      }),
    shells: options.shells ?? ['posix'],
    home,
    configFolder: options.configFolder ?? (home && join(home, '.config')),
    resolvePath: (path) => resolve(path),
    lockFile: (path, signal) => lockFile(path, createRealClock(), signal),
    findUnsafePath: options.findUnsafePath ?? findUnsafePath,
    readFile: (path) => readFile(path),
    listFiles,
    writeNew: options.writeNew ?? ((path, text) => writeFile(path, text, { flag: 'wx', mode: 0o600 })),
    replaceFile:
      options.replaceFile ??
      (async (path, text, access) => {
        if (access === 'owner') await replaceFile(path, text, access);
        else files[path] = text;
      }),
    checkReplaceable: options.checkReplaceable ?? (async () => {}),
    run:
      options.run ??
      (async () => {
        throw new ProgramError('program not found', '');
      }),
    random: typeof options.random === 'function' ? options.random : () => Number(options.random ?? 0.5),
    exitSoon() {},
  };
  const exitCode = await prepareRun(argv, host).run();
  return { exitCode, stdout: out.join(''), stderr: err.join(''), sleeps: time.sleeps, files, prompts };
}

function createOutput(into: string[], { columns, onOutput, drained, stdoutClosed }: RunOptions = {}): Output {
  return {
    isTTY: columns !== undefined,
    columns,
    rows: columns === undefined ? undefined : 24,
    // Takes what a spinner draws, which is gone when the command ends.
    stream: new Writable({ write: (_chunk, _encoding, done) => done() }),
    closeSignal: stdoutClosed ?? new AbortController().signal,
    waitForDrain: drained ?? (async () => {}),
    waitForFlush: async () => {},
    write(text) {
      into.push(text);
      onOutput?.(text);
    },
  };
}
