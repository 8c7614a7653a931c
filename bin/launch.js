'use strict';
/**
 * Loads the built program with V8's code cache: compiling it again takes longer than the rest of a read. With the
 * compile cache that Node has from version 22.1 on, a read takes longer (`npm run bench` measures it), and that
 * cache keeps the files of old versions forever.
 *
 * This file is CommonJS (see package.json next to it): the first ES module of a process costs about 5 ms.
 */
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { createLoader } = require('./load-chunks.js');

const dist = path.join(__dirname, '..', 'dist');
// Undefined on Windows, where only the user has access to the user's own folders.
const userId = process.geteuid?.();
const cacheFolder = findCacheFolder();
const { load, modules, newScripts } = createLoader({
  readSource: (file) => fs.readFileSync(path.join(dist, file), 'latin1'),
  readCachedData: (file) => (cacheFolder === undefined ? undefined : readEntry(path.join(cacheFolder, file))),
});

/** Finds the cache folder for this version of Node, if others cannot write to it: V8 trusts cached code. */
function findCacheFolder() {
  const { env, platform, version, arch } = process;
  // Node 21, 22.0 and 22.1 have no crc32.
  if (env['NODE_DISABLE_COMPILE_CACHE'] || !zlib.crc32) return undefined;
  const home = env['HOME'];
  const inHome = home && path.join(home, platform === 'darwin' ? 'Library/Caches' : '.cache');
  const caches = platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_CACHE_HOME'] || inHome;
  if (!caches || !path.isAbsolute(caches)) return undefined;
  try {
    const folder = path.join(resolveLinks(caches), 'sfcompose', `${version}-${arch}`);
    return isTrusted(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Resolves the links on the way to a folder, which may not exist yet. Links are common there, such as
 * `/home`. They are resolved only once, because a link in a shared folder can change between two look-ups.
 * @param {string} folder
 */
function resolveLinks(folder) {
  if (userId === undefined) return folder;
  if (fs.existsSync(folder)) return fs.realpathSync.native(folder);
  return path.join(fs.realpathSync.native(path.dirname(folder)), path.basename(folder));
}

/**
 * Tells whether a folder belongs to this user, and only this user and root can change the folders on its
 * path. A folder that does not exist yet must lie in a folder of this user: under `sudo` with HOME preserved,
 * root must not write there.
 * @param {string} folder
 */
function isTrusted(folder) {
  if (userId === undefined) return true;
  let owner;
  // From the root down: until a folder is known to be safe, its content can be replaced.
  for (const part of listFromRoot(folder)) {
    const stat = fs.lstatSync(part, { throwIfNoEntry: false });
    if (!stat) break;
    if (!isSafeFolder(stat)) return false;
    owner = stat.uid;
  }
  return owner === userId;
}

/** @param {fs.Stats} stat from lstat, so that a link does not count as a folder */
function isSafeFolder(stat) {
  // In a sticky folder that root owns, such as /tmp, others cannot replace what belongs to this user or root.
  const isStickyOfRoot = stat.uid === 0 && (stat.mode & 0o1000) !== 0;
  return (
    stat.isDirectory() && [0, userId].includes(stat.uid) && (isStickyOfRoot || !isWritableByOthers(stat))
  );
}

/** @param {fs.Stats} stat */
function isWritableByOthers({ mode }) {
  return (mode & 0o022) !== 0;
}

/**
 * Lists a folder and its parents, the root first.
 * @param {string} folder
 * @returns {string[]}
 */
function listFromRoot(folder) {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [...listFromRoot(parent), folder];
}

/** Length of the checksum at the end of a cache entry. */
const checksumBytes = 4;

/**
 * Reads the cached data of a chunk, if it is intact. V8 does not check the data itself, and one wrong bit
 * makes it crash.
 * @param {string} file
 */
function readEntry(file) {
  try {
    const entry = readOwnFile(file);
    const data = entry.subarray(0, -checksumBytes);
    return entry.readUInt32LE(data.length) === zlib.crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a file that belongs to this user and that only this user can write to. Follows no link.
 * @param {string} file
 */
function readOwnFile(file) {
  // O_NONBLOCK, because a named pipe would wait for a writer.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    // On the descriptor, because the path may lead to another file by now.
    const stat = fs.fstatSync(descriptor);
    const isOwn = userId === undefined || (stat.uid === userId && !isWritableByOthers(stat));
    if (!stat.isFile() || !isOwn) throw new Error(`${file} cannot be trusted.`);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Caches what V8 compiled in this process. Ignores failures, which only make the next start slower. */
function saveCache() {
  // V8 caches only functions that were called: help and wrong command lines call few.
  const isHelp = modules.size === initialModules || [...modules.keys()].some((file) => /^help-/.test(file));
  const isUsageError = process.exitCode === 2;
  if (cacheFolder === undefined || isHelp || isUsageError || newScripts.length === 0) return;
  try {
    if (!makeCacheFolder(cacheFolder)) return;
    removeOldEntries(cacheFolder);
    for (const { file, script } of newScripts)
      writeEntry(path.join(cacheFolder, file), script.createCachedData());
  } catch {}
}

/**
 * Makes the cache folder. Others may have changed its path since this process started.
 * @param {string} folder
 * @returns whether the folder can be trusted
 */
function makeCacheFolder(folder) {
  // One by one: mkdir with `recursive` never returns where nothing can be made, as in /proc.
  for (const step of ['../..', '..', '.']) {
    if (!isTrusted(folder)) return false;
    makeFolder(path.join(folder, step));
  }
  return isTrusted(folder);
}

/** @param {string} folder may exist already, or another process may make it at the same time */
function makeFolder(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (getCode(error) !== 'EEXIST') throw error;
  }
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Removes entries of killed processes, other builds and other versions of Node. Ignores failures.
 * @param {string} folder
 */
function removeOldEntries(folder) {
  try {
    const present = new Set(fs.readdirSync(dist));
    for (const name of fs.readdirSync(folder)) {
      const [, chunk, pid] = /^(.+\.cjs)(?:\.(\d+))?$/.exec(name) ?? [];
      if (!chunk || present.has(name)) continue;
      const file = path.join(folder, name);
      // Only after a day: two builds in turn would otherwise remove each other's entries at every start.
      if ((pid && hasEnded(Number(pid))) || isOlder(file, dayMs)) remove(file);
    }
    const parent = path.dirname(folder);
    for (const name of fs.readdirSync(parent)) {
      const isOfOtherNode = /^v\d+\.\d+\.\d+.*-\w+$/.test(name) && name !== path.basename(folder);
      const other = path.join(parent, name);
      if (isOfOtherNode && isOlder(other, 30 * dayMs)) remove(other);
    }
  } catch {}
}

/** @param {number} pid */
function hasEnded(pid) {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return getCode(error) === 'ESRCH';
  }
}

/** @param {unknown} error */
function getCode(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}

/**
 * @param {string} file
 * @param {number} ageMs
 */
function isOlder(file, ageMs) {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ageMs;
}

/** @param {string} file a file, a folder, or a link, whose target stays */
function remove(file) {
  try {
    fs.rmSync(file, { recursive: true, force: true });
  } catch {}
}

/**
 * Writes a cache entry completely or not at all, also when other processes write it at the same time.
 * @param {string} file
 * @param {Buffer} data
 */
function writeEntry(file, data) {
  const unfinished = `${file}.${process.pid}`;
  const checksum = Buffer.alloc(checksumBytes);
  checksum.writeUInt32LE(zlib.crc32(data));
  // A killed process may have had the same id: in containers it is often the same.
  fs.rmSync(unfinished, { force: true });
  try {
    fs.writeFileSync(unfinished, Buffer.concat([data, checksum]), { flag: 'wx', mode: 0o600, flush: true });
    fs.renameSync(unfinished, file);
  } catch (error) {
    // On a full disk every start would leave a file behind.
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}

load(fs.readFileSync(path.join(dist, 'main'), 'utf8'));
const initialModules = modules.size;
process.on('exit', saveCache);
