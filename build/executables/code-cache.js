/** Creates and verifies the cached data of an executable: what V8 compiles from the build, with the target's own Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** @import { Machine } from './machine.js' */

/**
 * Commands whose code is worth caching. V8 caches the functions that the first command with a chunk called, so those that
 * users run most often come first.
 * @param {string} url of a simulated cluster
 */
const listCommands = (url) => [
  ['upgrade-progress', 'web', '-e', url, '-o', 'json'],
  ['upgrade-progress', 'web', '-e', url],
  ['watch', 'web', '-e', url, '--interval', '1s'],
  ['watch', 'web', '-e', url, '--interval', '1s', '-o', 'ndjson'],
  ['upgrade', 'web', '-e', url, '--dry-run', '-f', resolve('test/support/compose-web.yml')],
  ['list', '-e', url],
  ['history', 'web', '-e', url],
  ['connection', '-e', url],
  ['cluster', 'list'],
  ['completion', 'bash'],
  ['demo', 'history'],
];

/**
 * Runs the commands against a simulated cluster.
 * @param {Machine} machine
 * @param {string} program
 * @param {readonly string[]} prefix arguments before the command
 * @returns the results
 * @throws if a command fails
 */
async function runCommands(machine, program, prefix = []) {
  // Fast, because two of the commands watch an upgrade to its end.
  const cluster = spawn(process.execPath, ['bin/sfcompose.js', 'simulate', '--port', '0', '--speed', '200'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = await once(cluster.stdout.setEncoding('utf8'), 'data');
    const results = [];
    for (const argv of listCommands(line.trim())) {
      const paths = argv.map((word) => (existsSync(word) ? machine.toPath(word) : word));
      const result = await machine.run(program, [...prefix, ...paths]);
      if (result.exitCode !== 0)
        throw new Error(`${argv.join(' ')} ended with ${result.exitCode}: ${result.stderr}`);
      results.push({ argv, ...result });
    }
    return results;
  } finally {
    cluster.kill();
  }
}

/** Length of the checksum at the end of a file in the launcher's cache. */
const checksumBytes = 4;

/**
 * Creates cached data by running the launcher, which caches what V8 compiles.
 * @param {Machine} machine
 * @param {string} node the Node.js of the executable
 * @returns {Promise<Map<string, Buffer>>} cached data for each file of `dist` that the commands loaded
 */
export async function createCodeCache(machine, node) {
  await runCommands(machine, node, [machine.toPath(resolve('bin/sfcompose.js'))]);
  const parent = join(machine.cacheFolder, 'sfcompose');
  const [version = '', ...others] = readdirSync(parent);
  if (others.length > 0) throw new Error(`The cache of one Node.js has several folders: ${parent}`);
  const folder = join(parent, version);
  return new Map(
    readdirSync(folder).map((file) => [file, readFileSync(join(folder, file)).subarray(0, -checksumBytes)]),
  );
}

/**
 * Checks that V8 accepts the cached data in an executable.
 * @param {Machine} machine
 * @param {string} executable built from `start-verified.cjs`
 * @throws if it does not
 */
export async function verifyCodeCache(machine, executable) {
  for (const { argv, stderr } of await runCommands(machine, executable)) {
    const uncached = stderr.slice(stderr.lastIndexOf('\n') + 1);
    if (uncached !== '[]') throw new Error(`${argv.join(' ')} had to compile ${uncached}.`);
  }
}
