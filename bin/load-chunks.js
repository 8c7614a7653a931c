'use strict';
/** Loads the chunks of the build with code that V8 compiled before. The launcher and the executables share this file. */
const { Script } = require('node:vm');

/**
 * A place with the chunks: a folder, or the assets of an executable.
 * @typedef {object} ChunkStore
 * @property {(file: string) => string} readSource
 * @property {(file: string) => Buffer | undefined} readCachedData
 */

/**
 * Creates a function that loads a chunk, once. Chunks have ASCII names that contain a hash of their content.
 * @param {ChunkStore} store
 */
exports.createLoader = ({ readSource, readCachedData }) => {
  /** @type {Map<string, { exports: unknown }>} */
  const modules = new Map();
  /**
   * Scripts that V8 compiled without cached data.
   * @type {{ file: string, script: Script }[]}
   */
  const newScripts = [];
  return { load, modules, newScripts };

  /** @param {string} file */
  function load(file) {
    const known = modules.get(file);
    if (known) return known.exports;
    const source = `(function (exports, require, module) {${readSource(file)}\n})`;
    // Cached data contains this name, so it must not depend on where the package is installed.
    const filename = `sfcompose/dist/${file}`;
    const cachedData = readCachedData(file);
    const script = new Script(source, { filename, cachedData });
    if (!cachedData || script.cachedDataRejected) newScripts.push({ file, script });
    const module = { exports: {} };
    // Only after reading: a file that could not be read must fail the next time as well.
    modules.set(file, module);
    script.runInThisContext()(module.exports, requireFromChunk, module);
    return module.exports;
  }

  /** @param {string} id a built-in module, or another chunk as `./name.cjs` */
  function requireFromChunk(id) {
    return id.startsWith('./') ? load(id.slice(2)) : require(id);
  }
};
