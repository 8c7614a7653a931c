'use strict';
/**
 * Starts the program in an executable, whose assets are the files of `dist` and, as `<file>.cache`, what V8 compiled.
 * The build bundles this file: an executable can require only modules of Node.
 */
const { getAsset, getRawAsset } = require('node:sea');
const { createLoader } = require('../../bin/load-chunks.js');

/** @param {string} key */
const readAsset = (key) => Buffer.from(/** @type {ArrayBuffer} */ (getRawAsset(key)));

const { load, newScripts } = createLoader({
  readSource: (file) => readAsset(file).toString('latin1'),
  readCachedData(file) {
    try {
      return readAsset(`${file}.cache`);
    } catch {
      // Few users need this chunk, so the build did not compile it.
      return undefined;
    }
  },
});

load(getAsset('main', 'utf8'));
exports.newScripts = newScripts;
