/** Everything that a command needs of the world around it, in one small value that tests replace. */
import type { Printable } from './printable.ts';

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
  exitSoon(): void;
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
export type OutputLoss = 'reader-gone' | 'internal';

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
