/** Downloads Node.js for any system from the npm registry. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.js';

/**
 * Downloads a version of Node.js.
 * @param {string} target system and architecture, such as `linux-x64` or `win-x64`
 * @param {string} version exact, or the beginning of one
 * @param {string} folder receives a folder with the npm package
 * @returns the program, the folder of its npm package, and npm's checksum of that
 */
export function downloadNode(target, version, folder) {
  const name = `node-${target}`;
  const place = join(folder, `${name} ${version}`);
  // Forced, because most packages are for other systems than this one.
  const argv = ['install', '--force', '--ignore-scripts', '--prefix', place, `${name}@${version}`];
  runNpm([...argv, '--no-audit', '--no-fund', '--loglevel=error']);
  const lockfile = JSON.parse(readFileSync(join(place, 'node_modules', '.package-lock.json'), 'utf8'));
  const packageFolder = join(place, 'node_modules', name);
  return {
    program: join(packageFolder, 'bin', target.startsWith('win-') ? 'node.exe' : 'node'),
    packageFolder,
    integrity: lockfile.packages[`node_modules/${name}`].integrity,
  };
}
