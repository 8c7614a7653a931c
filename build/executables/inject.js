/** Puts the program into a copy of Node.js: https://nodejs.org/docs/latest-v22.x/api/single-executable-applications.html */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { failOnWarnings } from '../warnings.js';
import { removeSignature } from './signature.js';

/**
 * Bundles a file of this folder that starts the program.
 * @param {string} start
 * @param {string} folder
 * @returns the bundle
 */
export async function bundleStart(start, folder) {
  const file = join(folder, start);
  const bundle = await rolldown({
    input: fileURLToPath(new URL(start, import.meta.url)),
    platform: 'node',
    ...failOnWarnings,
  });
  await bundle.write({ file, format: 'cjs' });
  await bundle.close();
  return file;
}

/**
 * Creates the blob for an executable. It fits every system, because it contains no snapshot and no code cache of its own.
 * @param {object} parts
 * @param {string} parts.node Node.js for this machine, in the version of the executable
 * @param {string} parts.main file that starts the program
 * @param {Map<string, Buffer>} parts.codeCache cached data for files of `dist`
 * @param {string} parts.notices licence texts, which the executable contains as plain text
 * @param {string} parts.work
 * @returns the blob's file
 */
export function createBlob({ node, main, codeCache, notices, work }) {
  /** @type {Record<string, string>} */
  const assets = { 'NOTICES.txt': join(work, 'NOTICES.txt') };
  writeFileSync(join(work, 'NOTICES.txt'), notices);
  for (const file of readdirSync('dist')) {
    if (file === 'main' || file.endsWith('.cjs')) assets[file] = join('dist', file);
  }
  for (const [file, data] of codeCache) {
    assets[`${file}.cache`] = join(work, `${file}.cache`);
    writeFileSync(join(work, `${file}.cache`), data);
  }
  const output = join(work, 'program.blob');
  // NODE_OPTIONS may be meant for another Node.js, which then knows options that this one rejects.
  const config = { main, output, assets, disableExperimentalSEAWarning: true, execArgvExtension: 'none' };
  const configFile = join(work, 'blob.json');
  writeFileSync(configFile, JSON.stringify(config));
  execFileSync(node, ['--experimental-sea-config', configFile], { stdio: 'pipe' });
  return output;
}

/** The marker that Node.js looks for, from its documentation. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Copies Node.js with a blob in it.
 * @param {string} node
 * @param {string} blob
 * @param {string} executable the copy
 */
export function injectBlob(node, blob, executable) {
  copyFileSync(node, executable);
  if (executable.endsWith('.exe')) writeFileSync(executable, removeSignature(readFileSync(node)));
  const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));
  // Its warnings are about sections of Node.js that it does not touch.
  execFileSync(process.execPath, [postject, executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse], {
    stdio: 'pipe',
  });
}
