/** Defines what a command needs of its process: streams, environment, clock, files and programs. */
import type { Printable } from './printable.ts';
import type { Shells } from './shell-quoting.ts';

/** Everything outside a command. Tests replace it. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /**
   * Aborted with the name of the signal: `SIGINT`, `SIGTERM`, `SIGHUP`, or `SIGBREAK` on Windows; or with `q`, the key,
   * while the terminal is held.
   */
  readonly interrupt: AbortSignal;
  /**
   * Holds the terminal for a picture that is drawn in place: keys are not echoed, `q` and Ctrl-C interrupt, and Ctrl-Z
   * suspends the process. The host erases the picture and restores the terminal before a suspension and on every way
   * out, a crash included.
   * @returns a function that does the same at once, and can be called again
   */
  holdTerminal(picture: TerminalPicture): Promise<() => void>;
  readonly stdin: Input;
  /**
   * Asks on the terminal: the question on stderr, the answer from stdin.
   * @param kind `hidden` for a secret, which is not echoed
   * @returns the answer without its line end; `undefined` if stdin or stderr is not a terminal
   * @throws an `interrupted` ExpectedError once the signal aborts
   */
  prompt(question: Printable, kind: PromptKind, signal: AbortSignal): Promise<string | undefined>;
  /** Detects the build agent that runs this process, if one does. */
  detectCi(): Promise<CiVendor | undefined>;
  /** The shells that may have started this process; one, unless that is uncertain. */
  readonly shells: Shells;
  /** Absolute path of the user's home folder; `undefined` if there is none. */
  readonly home: string | undefined;
  /**
   * Absolute path of the folder for this user's configuration: `$XDG_CONFIG_HOME` or `~/.config`, `%APPDATA%`,
   * `~/Library/Application Support`; `undefined` if there is none.
   */
  readonly configFolder: string | undefined;
  /** Makes a path absolute. */
  resolvePath(path: string): string;
  /**
   * Reads a small file, such as settings or certificates. Reads a pipe once, and returns the same content at each call.
   * @throws Node's own error, with its code; `EFBIG` for a file of more than 4 MiB; any error once the signal aborts
   */
  readFile(path: string, signal: AbortSignal): Promise<Buffer>;
  /**
   * Lists the paths of the regular files in a folder, without those in folders below.
   * @throws Node's own error, with its code; `ENOTDIR` for a file
   */
  listFiles(folder: string): Promise<readonly string[]>;
  /**
   * Runs a program without a shell.
   * @returns its stdout, after it has ended with exit code 0
   * @throws {@link ProgramError}, also when the signal aborts
   */
  run(program: string, args: readonly string[], signal: AbortSignal): Promise<string>;
  /**
   * Creates a file that only this user can read.
   * @throws Node's own error, with its code; `EEXIST` if the path exists
   */
  writeNew(path: string, text: string): Promise<void>;
  /**
   * Writes a file as a whole: to a new file beside it, which then replaces it, so that a reader never sees a part. Keeps
   * a symbolic link, and replaces its target.
   * @param access `owner`: only this user may read the file, and missing folders are created, for this user only;
   * `default`: as the system sets it
   * @throws Node's own error, with its code
   */
  replaceFile(path: string, text: string, access: FileAccess): Promise<void>;
  /**
   * Checks that {@link replaceFile} is likely to succeed, and changes nothing.
   * @throws Node's own error, with its code; `ENOENT` without the folder, `EISDIR` for a folder
   */
  checkReplaceable(path: string): Promise<void>;
  /**
   * Locks a file against other processes that lock it as well. Waits while one of them holds the lock, but not for one
   * that has died. Creates missing folders, for this user only.
   * @returns a function that releases the lock
   * @throws Node's own error, with its code; any error once the signal aborts
   */
  lockFile(path: string, signal: AbortSignal): Promise<() => Promise<void>>;
  /**
   * Finds a file or folder that users other than this one and root could use to change a file: the file itself, the
   * folders above it, and those of symbolic links on the way.
   * @returns `undefined` if there is none, and always on Windows, where profiles are protected
   * @throws Node's own error, with its code
   */
  findUnsafePath(path: string): Promise<UnsafePath | undefined>;
  /**
   * Appends to a file, or creates it.
   * @throws Node's own error, with its code; `ENXIO` for a pipe without a reader
   */
  append(path: string, text: Printable): Promise<void>;
  /** Returns a random number from 0 up to, but not including, 1. */
  random(): number;
  /** Stops waiting at exit for work that cannot be cancelled, such as a DNS lookup. */
  exitSoon(): void;
}

/** A program that did not start or failed. Omits the arguments, which may contain secrets. */
export class ProgramError extends Error {
  /** Output of the program to stderr. */
  readonly stderr: string;

  constructor(message: string, stderr: string) {
    super(message);
    this.name = 'ProgramError';
    this.stderr = stderr;
  }
}

/** Readers of a new file: its owner, or those that the system allows by default. */
export type FileAccess = 'owner' | 'default';

/** A file or folder that other users can change. */
export interface UnsafePath {
  readonly path: string;
  /** Whether it belongs to another user; otherwise its permissions let others write. */
  readonly isForeign: boolean;
}

/** The build agents that sfcompose supports, and all others. */
export type CiVendor = 'github' | 'azure' | 'other';

/** Whether an answer is shown while it is typed. */
export type PromptKind = 'visible' | 'hidden';

/** The input stream of the process. */
interface Input {
  readonly isTTY: boolean;
  /**
   * Reads to the end.
   * @throws Node's own error, with its code; `EFBIG` for more than 4 MiB; any error once the signal aborts
   */
  read(signal: AbortSignal): Promise<Buffer>;
}

/** An output stream of the process. */
export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal; `undefined` if the stream is not a terminal. */
  readonly columns: number | undefined;
  /** Height of the terminal; `undefined` if the stream is not a terminal. */
  readonly rows: number | undefined;
  /** The stream itself, for libraries that draw on a terminal. */
  readonly stream: NodeJS.WritableStream;
  /** Aborted with a {@link CloseReason} when a write fails. */
  readonly closeSignal: AbortSignal;
  /** Waits until the reader has caught up, a write has failed, or the signal aborts. */
  waitForDrain(signal: AbortSignal): Promise<void>;
  /** Waits until everything is written, a write has failed, or the signal aborts. */
  waitForFlush(signal: AbortSignal): Promise<void>;
  /** Writes text. Does nothing once a write has failed. */
  write(text: Printable): void;
}

/**
 * Why a write failed, as the outcome of a watch: the reader closed the pipe, or another error such as a full disk.
 */
export type CloseReason = 'reader-gone' | 'internal';

/** A picture that is drawn in place on the terminal. */
export interface TerminalPicture {
  /** Erases the picture, and shows the cursor. Nothing is drawn until {@link redraw}. */
  erase(): void;
  /** Draws the picture again, below what others have written. */
  redraw(): void;
}

/** Reads the time, and waits. */
export interface Clock {
  /** Returns the time of day, in milliseconds since 1970. */
  now(): number;
  /** Returns milliseconds from an arbitrary start, for measuring. Never goes back. */
  monotonic(): number;
  /** Waits for some milliseconds, or until the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back after some milliseconds. @returns a function that cancels the call */
  after(milliseconds: number, action: () => void): () => void;
  /** The machine's clock, where this one runs faster: for the limits of requests, and the frames of a terminal. */
  readonly real?: Clock;
}
