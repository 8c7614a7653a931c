#!/usr/bin/env node
'use strict';
/**
 * Loads the program that the build has made, with what V8 has compiled of it before: compiling it anew takes longer than
 * all else that a read does. Node itself can do so from version 22 on, but in a folder that other users can write to.
 *
 * This file is CommonJS (see package.json beside it), as Node takes some 5 ms for the first module of the other kind.
 */
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');
const zlib = require('node:zlib');

const dist = path.join(__dirname, '..', 'dist');
// Undefined on Windows, where nobody else has access to a user's own folder.
const user = process.geteuid?.();
const cache = cacheFolder();
const loaded = new Map();
const compiled = [];

/** @param {string} file a chunk of the build: in ASCII, and named by a hash of its content */
function load(file) {
  const known = loaded.get(file);
  if (known) return known.exports;
  const source = `(function (exports, require, module) {${fs.readFileSync(path.join(dist, file), 'latin1')}\n})`;
  // What is kept holds this name, and is the same wherever the package is.
  const filename = `sfcompose/dist/${file}`;
  const cachedData = cache && readKept(path.join(cache, file));
  const script = new Script(source, { filename, cachedData });
  if (!cachedData || script.cachedDataRejected) compiled.push({ file, script });
  const module = { exports: {} };
  // Not before it is read: one that could not be read must fail the next time as well.
  loaded.set(file, module);
  script.runInThisContext()(module.exports, requireFor, module);
  return module.exports;
}

/** @param {string} id one of Node's modules, or another chunk beside */
function requireFor(id) {
  return id.startsWith('./') ? load(id.slice(2)) : require(id);
}

/** Finds the folder for this version of Node, if it can be trusted: what V8 has compiled is run as it is. */
function cacheFolder() {
  const { env, platform, version, arch } = process;
  // Node 21, 22.0 and 22.1 have no crc32.
  if (env.NODE_DISABLE_COMPILE_CACHE || !zlib.crc32) return undefined;
  const inHome = env.HOME && path.join(env.HOME, platform === 'darwin' ? 'Library/Caches' : '.cache');
  const caches = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || inHome;
  if (!caches || !path.isAbsolute(caches)) return undefined;
  try {
    const folder = path.join(resolveLinks(caches), 'sfcompose', `${version}-${arch}`);
    return isTrusted(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Resolves the links to a folder, which may be yet to be made. That is done once: a link in a folder that is shared can lead
 * elsewhere at the next look. The system's own are common, such as `/home`.
 * @param {string} folder
 */
function resolveLinks(folder) {
  if (user === undefined) return folder;
  if (fs.existsSync(folder)) return fs.realpathSync.native(folder);
  return path.join(fs.realpathSync.native(path.dirname(folder)), path.basename(folder));
}

/**
 * Tells whether the folder belongs to this user, and only this user and root can change what its path leads to. A folder
 * that does not exist yet must lie in one of this user's: root, when `sudo` has kept HOME, must write nothing to it.
 * @param {string} folder
 */
function isTrusted(folder) {
  if (user === undefined) return true;
  let owner;
  // From the root down, because what is in a folder can be swapped until that is known to be safe.
  for (const part of fromRoot(folder)) {
    const stat = fs.lstatSync(part, { throwIfNoEntry: false });
    if (!stat) break;
    if (!isSafeFolder(stat)) return false;
    owner = stat.uid;
  }
  return owner === user;
}

/** @param {fs.Stats} stat by lstat, for which a link is no folder */
function isSafeFolder(stat) {
  // In a sticky folder of root's, such as /tmp, others cannot replace what is ours or root's.
  const isStickyOfRoot = stat.uid === 0 && (stat.mode & 0o1000) !== 0;
  return stat.isDirectory() && [0, user].includes(stat.uid) && (isStickyOfRoot || !isWritableByOthers(stat));
}

/** @param {fs.Stats} stat */
function isWritableByOthers({ mode }) {
  return (mode & 0o022) !== 0;
}

/**
 * Lists the folders on the way to a folder, from the root to itself.
 * @param {string} folder
 * @returns {string[]}
 */
function fromRoot(folder) {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [...fromRoot(above), folder];
}

/** Length of the sum at the end of a file. */
const sumBytes = 4;

/**
 * Reads what was kept of a chunk. V8 trusts its data and crashes on a single wrong bit, so the sum covers all of it.
 * @param {string} file
 */
function readKept(file) {
  try {
    const kept = readOwn(file);
    const data = kept.subarray(0, -sumBytes);
    return kept.readUInt32LE(data.length) === zlib.crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a file that belongs to this user and that only this user can write to. Follows no link.
 * @param {string} file
 */
function readOwn(file) {
  // O_NONBLOCK, as a pipe would make it wait for a writer.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
  const descriptor = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    // By the descriptor, as the path may lead to another file by now.
    const stat = fs.fstatSync(descriptor);
    const isOwn = user === undefined || (stat.uid === user && !isWritableByOthers(stat));
    if (!stat.isFile() || !isOwn) throw new Error(`${file} cannot be trusted.`);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** It is no matter if that fails: a home that is not there or cannot be written to only costs time. */
function keep() {
  // Help alone would keep too little: of what commands share, only what was called is compiled.
  const isHelp = loaded.size === loadedAtFirst;
  if (!cache || isHelp || compiled.length === 0) return;
  try {
    if (!makeCacheFolder()) return;
    clean();
    for (const { file, script } of compiled) keepOne(path.join(cache, file), script.createCachedData());
  } catch {}
}

/** @returns whether it is there and can be trusted: since this process started, others may have put something there */
function makeCacheFolder() {
  // Step by step, as Node tries for ever to make what is above a folder in which nothing can be made, such as /proc.
  for (const step of ['../..', '..', '.']) {
    if (!isTrusted(cache)) return false;
    makeFolder(path.join(cache, step));
  }
  return isTrusted(cache);
}

/** @param {string} folder that another process may make just now */
function makeFolder(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

const dayMs = 24 * 60 * 60 * 1000;

/** Removes leftovers of killed starts, other builds and other versions of Node. A failure does no harm. */
function clean() {
  try {
    const present = new Set(fs.readdirSync(dist));
    for (const name of fs.readdirSync(cache)) {
      const [, chunk, pid] = /^(.+\.cjs)(?:\.(\d+))?$/.exec(name) ?? [];
      if (!chunk || present.has(name)) continue;
      const file = path.join(cache, name);
      // Not at once, as two builds that are used in turn would undo each other's work at every start.
      if ((pid && hasEnded(Number(pid))) || isOlder(file, dayMs)) remove(file);
    }
    const all = path.dirname(cache);
    for (const name of fs.readdirSync(all)) {
      const isOfOtherNode = /^v\d+\.\d+\.\d+.*-\w+$/.test(name) && name !== path.basename(cache);
      const folder = path.join(all, name);
      if (isOfOtherNode && isOlder(folder, 30 * dayMs)) remove(folder);
    }
  } catch {}
}

/** @param {number} pid */
function hasEnded(pid) {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * @param {string} file
 * @param {number} ageMs
 */
function isOlder(file, ageMs) {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ageMs;
}

/** @param {string} file or a folder, or a link, of which nothing but the link is removed */
function remove(file) {
  try {
    fs.rmSync(file, { recursive: true, force: true });
  } catch {}
}

/**
 * Writes a file as a whole or not at all, whatever other processes write at the same time.
 * @param {string} file
 * @param {Buffer} data
 */
function keepOne(file, data) {
  const unfinished = `${file}.${process.pid}`;
  const sum = Buffer.alloc(sumBytes);
  sum.writeUInt32LE(zlib.crc32(data));
  // A process that was killed may have had the same id: in a container it is always the same.
  fs.rmSync(unfinished, { force: true });
  try {
    fs.writeFileSync(unfinished, Buffer.concat([data, sum]), { flag: 'wx', mode: 0o600, flush: true });
    fs.renameSync(unfinished, file);
  } catch (error) {
    // On a disk that is full nothing may be left of each start.
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}

load(fs.readFileSync(path.join(dist, 'main'), 'utf8'));
const loadedAtFirst = loaded.size;
process.on('exit', keep);
