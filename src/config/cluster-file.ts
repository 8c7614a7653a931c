/** Reads and changes the configuration file, which holds the stored clusters. */
import { join } from 'node:path';
import { interruptedError, usageError } from '../platform/errors.ts';
import { formatPathArgument } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import {
  type ClusterDocument,
  ClusterDocumentError,
  emptyDocument,
  formatClusterDocument,
  parseClusterDocument,
} from './cluster-document.ts';
import { decodeText } from './decode-text.ts';
import { describeFileError, fileError, type NamedFile, readOptionalFile } from './input-file.ts';

/** The stored clusters, and their file. */
export interface ClusterFile extends ClusterDocument {
  /** `undefined` if this user has no folder for configuration. */
  readonly path: string | undefined;
}

/** Reads the stored clusters; none if there is no file. @throws a usage error for a broken file */
export async function readClusterFile(host: Host): Promise<ClusterFile> {
  const path = findPath(host);
  if (path === undefined) return { ...emptyDocument, path };
  const file = nameFile(path);
  const bytes = await readOptionalFile(file, host);
  if (bytes === undefined) return { ...emptyDocument, path };
  try {
    return { ...parseClusterDocument(decodeText(bytes)), path };
  } catch (error) {
    if (!(error instanceof ClusterDocumentError)) throw error;
    throw fileError(file, error.message, [{ what: 'Fix the file, or move it away.' }]);
  }
}

/**
 * Changes the stored clusters. Other processes that do so at the same time wait.
 * @returns the new document
 * @throws a usage error if the file is broken, cannot be written, or others could have written a command into it
 */
export async function changeClusterFile(
  change: (document: ClusterDocument) => ClusterDocument,
  host: Host,
): Promise<ClusterDocument> {
  const path = findPath(host);
  if (path === undefined)
    throw usageError('There is no folder for the configuration, because this user has no home folder.');
  const release = await explainErrors(path, 'written', host, () => host.lockFile(path, host.interrupt));
  try {
    const current = await readClusterFile(host);
    const changed = change(current);
    // Written anew, the file would belong to this user alone, and a command of others would be run from then on.
    if (hasCommand(current) || hasCommand(changed)) await rejectUnsafeFile(path, host);
    await explainErrors(path, 'written', host, () =>
      host.replaceFile(path, formatClusterDocument(changed), 'owner'),
    );
    return changed;
  } finally {
    await release();
  }
}

/**
 * Makes sure that only this user can have written the commands in the file.
 * @throws a usage error if others can change the file
 */
export async function rejectUnsafeFile(path: string, host: Host): Promise<void> {
  const unsafe = await explainErrors(path, 'checked', host, () => host.findUnsafePath(path));
  if (unsafe === undefined) return;
  const place = formatPathArgument(unsafe.path, host.shells);
  const problem = unsafe.isForeign
    ? `${unsafe.path} belongs to another user`
    : `other users can write to ${unsafe.path}`;
  throw usageError(
    `The tokenCommand in ${path} is not run, because ${problem}.`,
    unsafe.isForeign
      ? [{ what: 'Make it yours, after a look at the file', command: `sudo chown "$USER" ${place}` }]
      : [{ what: 'After a look at the file, forbid that', command: `chmod go-w ${place}` }],
  );
}

function hasCommand({ clusters }: ClusterDocument): boolean {
  return [...clusters.values()].some(({ tokenCommand }) => tokenCommand !== undefined);
}

function findPath({ configFolder }: Host): string | undefined {
  return configFolder && join(configFolder, 'sfcompose', 'config.json');
}

function nameFile(path: string): NamedFile {
  return { path, from: 'The configuration' };
}

/** Explains the errors of an action. @param done completes the sentence "… cannot be" */
async function explainErrors<T>(
  path: string,
  done: 'written' | 'checked',
  { interrupt }: Host,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (interrupt.aborted) throw interruptedError(interrupt.reason);
    throw fileError(nameFile(path), `cannot be ${done}: ${describeFileError(error)}.`);
  }
}
