/**
 * Checks the package and runs the tests on every supported version of Node.js. Downloads each version from
 * the npm registry; packs once, then installs the tarball offline, globally and locally, and runs it. Run
 * with `npm run test:matrix`, or with `npm run test:matrix -- 22 26` for some versions.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { downloadNode } from '../../build/download-node.js';
import { packTarball } from '../../build/npm.js';

const chosen = process.argv.slice(2);
const versions = chosen.length > 0 ? chosen : ['20.19', '20', '22', '24', '26'];

const isWindows = process.platform === 'win32';
const target = `${isWindows ? 'win' : process.platform}-${process.arch}`;
const folder = mkdtempSync(join(tmpdir(), 'sfcompose matrix ü '));
// One test runs the program as another user.
chmodSync(folder, 0o755);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const npmScript = process.env['npm_execpath'];
if (npmScript === undefined) throw new Error('Run it with `npm run test:matrix`.');

/**
 * Runs a script with one of the versions.
 * @param {string} node
 * @param {string[]} argv
 * @param {string} cwd
 * @returns its stdout
 */
function run(node, argv, cwd = process.cwd()) {
  return execFileSync(node, argv, {
    cwd,
    env: createEnv(node),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/**
 * Creates an environment in which child processes find the same version.
 * @param {string} node
 */
function createEnv(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH']}` };
}

/** @type {(node: string, ...argv: string[]) => string} */
const npm = (node, ...argv) => run(node, [npmScript, ...argv, '--no-audit', '--no-fund'], folder);

const tarball = packTarball(folder);

for (const version of versions) {
  const { program: node } = downloadNode(target, version, folder);
  print(`Node.js ${run(node, ['-p', 'process.versions.node']).trim()}`);
  for (const { name, launcher } of installTarball(node, version)) {
    await checkLauncher(node, launcher);
    print(`  installed ${name}: runs`);
  }
  const { status, stdout } = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot'], {
    encoding: 'utf8',
    env: createEnv(node),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  print(status === 0 ? '  passes the tests' : stdout);
  process.exitCode ||= status ?? 1;
}

/**
 * Installs the tarball globally and locally.
 * @param {string} node
 * @param {string} version
 * @returns the launcher of each installation
 */
function installTarball(node, version) {
  const offline = ['install', '--offline', '--ignore-scripts'];
  const globalFolder = join(folder, `global ${version}`);
  npm(node, ...offline, '--global', '--prefix', globalFolder, tarball);
  const localFolder = join(folder, `local ${version}`);
  mkdirSync(localFolder);
  writeFileSync(join(localFolder, 'package.json'), '{"private":true}');
  npm(node, ...offline, '--prefix', localFolder, tarball);
  const launcher = ['node_modules', 'sfcompose', 'bin', 'sfcompose.js'];
  return [
    { name: 'globally', launcher: join(globalFolder, ...(isWindows ? [] : ['lib']), ...launcher) },
    { name: 'locally', launcher: join(localFolder, ...launcher) },
  ];
}

/**
 * Reads an upgrade from a simulated cluster twice, the second time with a filled cache. Client and cluster
 * are the same launcher.
 * @param {string} node
 * @param {string} launcher
 */
async function checkLauncher(node, launcher) {
  const cluster = spawn(node, [launcher, 'simulate', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [url] = await once(cluster.stdout.setEncoding('utf8'), 'data');
    for (let round = 0; round < 2; round++) {
      const json = run(node, [launcher, 'upgrade-progress', 'web', '-e', url.trim(), '-o', 'json'], folder);
      if (JSON.parse(json).DeploymentName !== 'web') throw new Error(`That is no upgrade of web: ${json}`);
    }
  } finally {
    cluster.kill();
  }
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}
