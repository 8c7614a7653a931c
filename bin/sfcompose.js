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

const dist = path.join(__dirname, '..', 'dist');
const cache = cacheFolder();
const loaded = new Map();
const compiled = [];

/** @param {string} file a chunk of the build: in ASCII, and named by a hash of its content */
function load(file) {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const source = `(function (exports, require, module) {${fs.readFileSync(path.join(dist, file), 'latin1')}\n})`;
  // What is kept holds this name, and is the same wherever the package is.
  const filename = `sfcompose/dist/${file}`;
  const cachedData = cache && readIfAny(path.join(cache, file));
  const script = new Script(source, { filename, cachedData });
  if (!cachedData || script.cachedDataRejected) compiled.push({ file, script });
  script.runInThisContext()(module.exports, requireFor, module);
  return module.exports;
}

/** @param {string} id one of Node's modules, or another chunk beside */
function requireFor(id) {
  return id.startsWith('./') ? load(id.slice(2)) : require(id);
}

/** For each Node one folder. What V8 has compiled is run as it is, so nobody else may be able to write there. */
function cacheFolder() {
  const { env, platform, version, arch } = process;
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const inHome = env.HOME && path.join(env.HOME, platform === 'darwin' ? 'Library/Caches' : '.cache');
  const caches = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || inHome;
  if (!caches || !path.isAbsolute(caches)) return undefined;
  const folder = path.join(caches, 'sfcompose', `${version}-${arch}`);
  return isOurs(folder) ? folder : undefined;
}

/** @param {string} folder one that is not there is yet to be made */
function isOurs(folder) {
  try {
    const { uid, mode } = fs.statSync(folder);
    // Windows gives nobody else access to what is in a user's own folder.
    return !process.getuid || (uid === process.getuid() && (mode & 0o022) === 0);
  } catch (error) {
    return error.code === 'ENOENT';
  }
}

/** @param {string} file */
function readIfAny(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Step by step, as Node tries for ever to make what is above a folder in which nothing can be made, such as /proc.
 * @param {string} folder
 */
function makeIfMissing(folder) {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

/** It is no matter if that fails: a home that is not there or cannot be written to only costs time. */
function keep() {
  // Help alone would keep too little: of what commands share, only what was called is compiled.
  const isHelp = loaded.size === loadedAtFirst;
  if (!cache || isHelp || compiled.length === 0) return;
  try {
    for (const folder of [path.dirname(path.dirname(cache)), path.dirname(cache), cache])
      makeIfMissing(folder);
    for (const { file, script } of compiled) {
      // Whole or not at all, whoever else does the same just now.
      const unfinished = path.join(cache, `${file}.${process.pid}`);
      fs.writeFileSync(unfinished, script.createCachedData(), { flush: true });
      fs.renameSync(unfinished, path.join(cache, file));
    }
  } catch {}
}

load(fs.readFileSync(path.join(dist, 'start'), 'utf8'));
const loadedAtFirst = loaded.size;
process.on('exit', keep);
