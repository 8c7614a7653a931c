/** Replaces and locks files, and finds out who else can change them. */
import { randomUUID } from 'node:crypto';
import {
  access,
  constants,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, parse, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, FileAccess, UnsafePath } from './host.ts';
import { isWindows } from './node-programs.ts';

const ownerOnly = 0o600;

/** Implements {@link Host.replaceFile}. */
export async function replaceFile(path: string, text: string, readers: FileAccess): Promise<void> {
  const target = await followLinks(resolve(path));
  if (readers === 'owner') await createFolder(dirname(target));
  const draft = `${target}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', readers === 'owner' ? ownerOnly : undefined);
    try {
      await file.writeFile(text);
      // Otherwise a crash of the machine could leave an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
    await retryWhileBusy(() => rename(draft, target));
  } catch (error) {
    await removeFile(draft);
    throw error;
  }
}

/** Attempts of {@link retryWhileBusy} after the first one, and the pause before each in milliseconds. */
const maxRetries = 20;
const retryPauseMs = 100;

/**
 * Runs an action on a file, on Windows for up to two seconds again while it fails because another program has the file
 * open: an indexer, a virus scanner, or another sfcompose that reads it. Windows reports missing permissions alike.
 */
export async function retryWhileBusy<T>(
  action: () => Promise<T>,
  retries = isWindows ? maxRetries : 0,
): Promise<T> {
  for (let left = retries; ; left--) {
    try {
      return await action();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (left <= 0 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
    }
    await sleep(retryPauseMs);
  }
}

function removeFile(path: string): Promise<void> {
  return retryWhileBusy(() => rm(path, { force: true }));
}

/**
 * Names of devices on Windows, with any ending. Node would create a file of that name, which most programs cannot open
 * or delete.
 */
const deviceName = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]) *(?:\.|$)/i;

/** Implements {@link Host.checkReplaceable}. */
export async function checkReplaceable(path: string, isOnWindows = isWindows): Promise<void> {
  if (isOnWindows && deviceName.test(basename(path)))
    throw new Error('Windows reserves this name for a device');
  const target = await followLinks(resolve(path));
  await access(dirname(target), constants.W_OK);
  const file = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (file?.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
  // Windows does not replace a file with the attribute "read-only".
  if (file && isOnWindows) await access(target, constants.W_OK);
}

async function createFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** Largest number of symbolic links on the way to a file, as in Linux. */
const maxLinks = 40;

/** Returns the path that symbolic links lead to, also if there is no file yet. */
async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < maxLinks; links++) {
    const next = await readLink(target);
    if (next === undefined) return target;
    target = next;
  }
  throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
}

/** Returns the target of a symbolic link; `undefined` for anything else. */
async function readLink(path: string): Promise<string | undefined> {
  try {
    return resolve(dirname(path), await readlink(path));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Windows reports UNKNOWN for a file.
    if (['EINVAL', 'ENOENT', 'UNKNOWN'].includes(code)) return undefined;
    throw error;
  }
}

/** Time after which a lock counts as left behind, in milliseconds. A lock is held for the time to write a small file. */
const maxLockMs = 5000;

/** Largest pause before the next try, in milliseconds. */
const maxPauseMs = 50;

/** Implements {@link Host.lockFile}: the lock is a second file in the same folder. */
export async function lockFile(
  path: string,
  clock: Clock,
  signal: AbortSignal,
  random = Math.random,
): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  await createFolder(dirname(lock));
  let holder: string | undefined;
  let since = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      // Windows reports EPERM while the file is being deleted.
      await retryWhileBusy(() => writeFile(lock, randomUUID(), { flag: 'wx', mode: ownerOnly }));
      return () => removeFile(lock);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const current = await readFile(lock, 'utf8').catch(() => undefined);
    // By this process's own clock: that of a network drive may differ.
    if (holder === undefined || current !== holder) since = clock.monotonic();
    else if (clock.monotonic() - since > maxLockMs) await removeFile(lock);
    holder = current;
    // At random, so that of several processes only one finds an old lock.
    await clock.sleep(maxPauseMs * (0.2 + 0.8 * random()), signal);
  }
}

const stickyBit = 0o1000;
const writableByOthers = 0o022;

/** Implements {@link Host.findUnsafePath}. */
export async function findUnsafePath(path: string): Promise<UnsafePath | undefined> {
  if (isWindows) return undefined;
  const pending = [resolve(path)];
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const step of listSteps(next)) {
      if (seen.has(step)) continue;
      seen.add(step);
      const facts = await lstat(step).catch(ignoreMissing);
      if (facts === undefined) continue;
      if (facts.uid !== 0 && facts.uid !== process.getuid?.()) return { path: step, isForeign: true };
      if (facts.isSymbolicLink()) {
        pending.push(resolve(dirname(step), await readlink(step)));
        continue;
      }
      // In a folder with the sticky bit, such as /tmp, others cannot replace what is not theirs.
      const isProtected = facts.isDirectory() && (facts.mode & stickyBit) !== 0;
      if (!isProtected && (facts.mode & writableByOthers) !== 0) return { path: step, isForeign: false };
    }
  }
  return undefined;
}

/** Ignores that there is no file yet. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Lists a path and all folders above it, the root first. */
function listSteps(path: string): readonly string[] {
  const { root } = parse(path);
  const names = path.slice(root.length).split(sep).filter(Boolean);
  return [root, ...names.map((_, index) => root + names.slice(0, index + 1).join(sep))];
}
