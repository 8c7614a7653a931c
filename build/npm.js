/** Runs npm to pack sfcompose, and to install packages. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs npm to its end.
 * @param {readonly string[]} argv
 * @param {string} [cwd]
 * @returns its stdout
 * @throws if it fails, with its stderr
 */
export function runNpm(argv, cwd) {
  // On Windows npm is a script, whose path is in this variable when npm runs this script.
  const npmScript = process.env['npm_execpath'];
  const options = /** @type {const} */ ({ cwd, encoding: 'utf8', stdio: 'pipe' });
  return npmScript
    ? execFileSync(process.execPath, [npmScript, ...argv], options)
    : execFileSync('npm', argv, { ...options, shell: process.platform === 'win32' });
}

/**
 * Packs sfcompose as it is built.
 * @param {string} folder receives the tarball
 * @returns the path of the tarball
 */
export function packTarball(folder) {
  const packed = runNpm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  return join(folder, JSON.parse(packed)[0].filename);
}
