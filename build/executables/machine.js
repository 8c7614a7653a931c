/** Runs programs of any target on this machine: as they are, under QEMU, or under Wine. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createWindows } from '../windows.js';
import { isWindowsTarget } from './targets.js';

/** @import { ChildProcessWithoutNullStreams } from 'node:child_process' */

/**
 * @typedef {{ exitCode: number | null, signal?: NodeJS.Signals | null, stdout: string, stderr: string }} Result
 *
 * @typedef {object} Machine
 * @property {string} home folder of the user
 * @property {string} cacheFolder folder for caches of all programs, which may not exist
 * @property {(path: string) => string} toPath returns the path of a file as programs of the target see it
 * @property {(program: string, argv: readonly string[], env?: Record<string, string>) => Promise<Result>} run
 * @property {() => Promise<void>} close
 */

/**
 * Prepares this machine for programs of a target, which get no other programs on their `PATH`.
 * @param {string} target
 * @param {string} folder an existing folder, which belongs to the machine
 * @returns {Promise<Machine>}
 * @throws with the packages to install if such programs cannot run
 */
export async function createMachine(target, folder) {
  if (isWindowsTarget(target)) {
    const { profile, toWindowsPath, run, close } = await createWindows(folder);
    return {
      home: profile,
      cacheFolder: join(profile, 'AppData', 'Local'),
      toPath: toWindowsPath,
      run: (program, argv, env = {}) => run(program, argv, { env }),
      close,
    };
  }
  // Fails now if such programs cannot run.
  findEmulator(target);
  const home = join(folder, 'home');
  mkdirSync(home);
  return {
    home,
    cacheFolder: join(home, '.cache'),
    toPath: (path) => path,
    run: (program, argv, env = {}) => waitForEnd(startOnLinux(target, program, argv, home, env)),
    async close() {},
  };
}

/**
 * Starts a program of a Linux target.
 * @param {string} target
 * @param {string} program
 * @param {readonly string[]} argv
 * @param {string} home
 * @param {Record<string, string>} [env]
 * @returns {ChildProcessWithoutNullStreams}
 */
export function startOnLinux(target, program, argv, home, env = {}) {
  const [file = '', ...rest] = [...findEmulator(target), program, ...argv];
  return spawn(file, rest, { cwd: home, env: { HOME: home, PATH: '', ...env } });
}

/**
 * Names of the architectures for QEMU and Debian.
 * @type {Record<string, { qemu: string, debian: string }>}
 */
const architectures = {
  x64: { qemu: 'x86_64', debian: 'amd64' },
  arm64: { qemu: 'aarch64', debian: 'arm64' },
};

/**
 * Finds the command that runs programs of a Linux target, which is empty on a machine of the same kind.
 * @param {string} target
 * @returns {string[]}
 */
function findEmulator(target) {
  if (process.platform !== 'linux') throw new Error(`Programs for ${target} run only on Linux.`);
  const architecture = target.slice('linux-'.length);
  if (architecture === process.arch) return [];
  const { qemu = '', debian = '' } = architectures[architecture] ?? {};
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const emulator = folders
    .map((folder) => join(folder, `qemu-${qemu}-static`))
    .find((file) => existsSync(file));
  const libraries = `/usr/${qemu}-linux-gnu`;
  if (emulator === undefined || !existsSync(join(libraries, 'lib', 'libstdc++.so.6'))) {
    throw new Error(
      `Programs for ${target} do not run here. On Debian, install QEMU and libraries with \`apt-get install qemu-user-static libstdc++6-${debian}-cross\`.`,
    );
  }
  return [emulator, '-L', libraries];
}

/**
 * Collects the output of a program and waits for its end.
 * @param {ChildProcessWithoutNullStreams} child
 * @returns {Promise<Result>}
 */
export function waitForEnd(child) {
  let stdout = '';
  let stderr = '';
  child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
}
