/** Files that an option, a variable or another file names. */

import { type ExpectedError, interruptedError, usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { forwardAbort } from '../platform/timeout.ts';

/** What it takes to read and judge them. */
export type Files = Pick<Host, 'readFile' | 'interrupt' | 'clock'>;

export interface NamedFile {
  /** As it was given. */
  readonly path: string;
  /** What gave it: `--cert-file`, `SFCOMPOSE_CERT_FILE`, `cert_path in /home/me/.sfctl/config`. */
  readonly from: string;
}

/** Longest name in a path, in characters, on all common file systems: anything longer is content in the wrong place. */
const maxNameLength = 255;

/** @param problem completes "--cert-file "client.pem" …" */
export function fileError({ path, from }: NamedFile, problem: string): ExpectedError {
  // Easily done, and then what was to be kept secret stands where the path should be.
  const isContent =
    /[\r\n]|^eyJ|^-----/.test(path) || path.split(/[\\/]/).some((part) => part.length > maxNameLength);
  return usageError(`${from} "${isContent ? 'what looks like its content' : path}" ${problem}`);
}

/**
 * Reads a file that holds a secret.
 * @throws a usage error that leaves out the path of a missing file, because it may be the secret itself
 */
export async function readSecretFile(file: NamedFile, host: Files, signal?: AbortSignal): Promise<Buffer> {
  const bytes = await readOptionalFile(file, host, signal);
  if (bytes === undefined)
    throw usageError(
      `${file.from} cannot be read: there is no such file. It takes a path, which is not shown here, as it may be the secret itself.`,
    );
  return bytes;
}

/** Limit for reading a file, in milliseconds. A pipe may have no writer. */
const maxReadMs = 60_000;

/**
 * @param signal ends the wait
 * @throws a usage error that says why it cannot be read, or once interrupted that it was
 */
export async function readNamedFile(
  file: NamedFile,
  host: Files,
  signal: AbortSignal = host.interrupt,
): Promise<Buffer> {
  const bytes = await readOptionalFile(file, host, signal);
  if (bytes === undefined) throw fileError(file, 'cannot be read: there is no such file.');
  return bytes;
}

/** @returns `undefined` for a file that is not there */
export async function readOptionalFile(
  file: NamedFile,
  host: Files,
  signal: AbortSignal = host.interrupt,
): Promise<Buffer | undefined> {
  const tooLong = new AbortController();
  const callOff = host.clock.after(maxReadMs, () => tooLong.abort());
  const undo = forwardAbort(signal, tooLong);
  try {
    return await host.readFile(file.path, tooLong.signal);
  } catch (error) {
    if (signal.aborted) throw interruptedError(signal.reason);
    if (tooLong.signal.aborted)
      throw fileError(file, `cannot be read: nobody has written to it for ${maxReadMs / 1000} s.`);
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError(file, `cannot be read: ${reasons[code] ?? code}.`);
  } finally {
    callOff();
    undo();
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a directory',
  EFBIG: 'it is larger than 4 MiB',
  ENAMETOOLONG: 'that is too long for a path',
};
