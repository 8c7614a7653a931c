/** Reads files that an option, a variable or another file names. */
import { type ExpectedError, interruptedError, usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { NextStep } from '../platform/next-step.ts';
import { withTimeout } from '../platform/timeout.ts';
import { decodeText } from './decode-text.ts';
import type { Sourced } from './setting.ts';
import { explainVariable, explainVariableIn } from './undefined-variable.ts';

/** The parts of the host that are needed to read and check a file. */
export type FileHost = Pick<Host, 'readFile' | 'listFiles' | 'interrupt' | 'clock' | 'shells'>;

/** A path and its source. */
export interface NamedFile {
  /** The path as given. */
  readonly path: string;
  /** The source of the path: `--cert-file`, `SFCOMPOSE_CERT_FILE`, `cert_path in /home/me/.sfctl/config`. */
  readonly from: string;
}

/** Converts a setting that holds a path. */
export function toNamedFile(path: Sourced<string> | undefined): NamedFile | undefined {
  return path && { path: path.value, from: path.from };
}

/** Formats a file with its source: `--cert-file client.pem`. */
export function formatSource({ path, from }: NamedFile): string {
  return `${from} ${path}`;
}

/** Longest name in a path on common file systems, in characters. A longer value is content passed by mistake. */
const maxNameLength = 255;

/**
 * Creates a usage error about a file. Hides a path that looks like a secret.
 * @param problem completes the sentence `--cert-file "client.pem" …`
 */
export function fileError(
  { path, from }: NamedFile,
  problem: string,
  next?: readonly NextStep[],
): ExpectedError {
  const isContent =
    /[\r\n]|^eyJ|^-----|^(?:MI|LS0t)[\w+/=]{60}/.test(path) ||
    path.split(/[\\/]/).some((part) => part.length > maxNameLength);
  const value = isContent ? '(which seems to be the content of a file, not its path)' : `"${path}"`;
  return usageError(`${from} ${value} ${problem}`, next);
}

/**
 * Reads a file that holds a secret.
 * @throws a usage error that omits the path of a missing file, because it may be the secret itself
 */
export async function readSecretFile(file: NamedFile, host: FileHost, signal?: AbortSignal): Promise<Buffer> {
  const bytes = await readOptionalFile(file, host, signal);
  if (bytes === undefined) {
    const [root = ''] = file.path.split(/[\\/]/);
    throw usageError(
      `${file.from} cannot be read: no such file. ${explainVariable(root) ?? 'The value must be a path. sfcompose does not show the value, which may be the secret itself.'}`,
    );
  }
  return bytes;
}

/**
 * Reads a secret from the first line of a file.
 * @param what names the secret, as in `passphrase`
 * @throws a usage error if the file cannot be read, or the line is empty
 */
export async function readSecretLine(file: NamedFile, what: string, host: FileHost): Promise<string> {
  const [line = ''] = decodeText(await readSecretFile(file, host)).split(/\r?\n/, 1);
  if (line === '') throw fileError(file, `has an empty first line, where the ${what} must be.`);
  return line;
}

/** Lets the path `-` stand for stdin. */
export function acceptStdin(host: FileHost & Pick<Host, 'stdin'>): FileHost {
  return {
    ...host,
    readFile: (path, signal) => (path === '-' ? host.stdin.read(signal) : host.readFile(path, signal)),
  };
}

/** Limit for reading a file, because a pipe may never have a writer. */
const maxReadMs = 60_000;

/**
 * Reads a file.
 * @param tooLarge replaces the error for a file that is larger than the host reads
 * @throws a usage error if it cannot be read; an `interrupted` ExpectedError once the signal aborts
 */
export async function readNamedFile(
  file: NamedFile,
  host: FileHost,
  signal: AbortSignal = host.interrupt,
  tooLarge?: ExpectedError,
): Promise<Buffer> {
  const bytes = await readOptionalFile(file, host, signal, tooLarge);
  if (bytes === undefined) throw missingFileError(file);
  return bytes;
}

function missingFileError(file: NamedFile): ExpectedError {
  const hint = explainVariableIn(file.path);
  return fileError(file, `cannot be read: no such file.${hint ? ` ${hint}` : ''}`);
}

/** Reads a file like {@link readNamedFile}; `undefined` if it does not exist. */
export async function readOptionalFile(
  file: NamedFile,
  host: FileHost,
  signal: AbortSignal = host.interrupt,
  tooLarge?: ExpectedError,
): Promise<Buffer | undefined> {
  return withTimeout(host.clock, maxReadMs, signal, async (own) => {
    try {
      return await host.readFile(file.path, own);
    } catch (error) {
      if (signal.aborted) throw interruptedError(signal.reason);
      if (own.aborted) throw fileError(file, `cannot be read: no data within ${maxReadMs / 1000}s.`);
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EFBIG' && tooLarge) throw tooLarge;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw fileError(file, `cannot be read: ${describeFileError(error)}.`);
    }
  });
}

/**
 * Lists the paths of the files in a folder.
 * @returns `undefined` for anything but a folder
 * @throws a usage error if the user may not list the folder
 */
export async function listFolder(folder: NamedFile, host: FileHost): Promise<readonly string[] | undefined> {
  try {
    return await host.listFiles(folder.path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') throw fileError(folder, `cannot be read: ${reasons[code]}.`);
    return undefined;
  }
}

/** Describes an error of Node about a file, without a full stop. */
export function describeFileError(error: unknown): string {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return reasons[code] ?? code;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'a directory, not a file',
  EFBIG: 'larger than 4 MiB',
  EROFS: 'the file system is read-only',
  EBUSY: 'in use by another program',
  ENOSPC: 'no space left',
  ENAMETOOLONG: 'too long for a path',
};
