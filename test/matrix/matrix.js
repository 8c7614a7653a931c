/**
 * The package and the tests on every version of Node.js that is promised. Each is fetched from the npm registry; the package
 * is packed once, installed without a network in all the ways there are, and run. Run with `npm run test:matrix`.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const versions = ['20.19', '20', '22', '24'];

const isWindows = process.platform === 'win32';
const folder = mkdtempSync(join(tmpdir(), 'sfcompose matrix ü '));
// A test runs the program as another user.
chmodSync(folder, 0o755);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const npmScript = process.env.npm_execpath;
if (npmScript === undefined) throw new Error('Run it with `npm run test:matrix`.');

/** Runs a script with one of the versions, and gives back what it prints. */
function run(node, argv, cwd = process.cwd()) {
  return execFileSync(node, argv, {
    cwd,
    env: envFor(node),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Where what is started in turn finds that version as well. */
function envFor(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
}

const npm = (node, ...argv) => run(node, [npmScript, ...argv, '--no-audit', '--no-fund'], folder);

const packed = run(process.execPath, [npmScript, 'pack', '--json', '--pack-destination', folder]);
const tarball = join(folder, JSON.parse(packed.slice(packed.indexOf('[')))[0].filename);

for (const version of versions) {
  const node = fetched(version);
  say(`Node.js ${run(node, ['-p', 'process.versions.node']).trim()}`);
  for (const [way, file] of installations(node, version)) {
    await check(node, file);
    say(`  installed ${way}: runs`);
  }
  const { status, stdout } = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot'], {
    encoding: 'utf8',
    env: envFor(node),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  say(status === 0 ? '  passes the tests' : stdout);
  process.exitCode ||= status ?? 1;
}

/** @returns the program of that version */
function fetched(version) {
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const place = join(folder, `node ${version}`);
  npm(process.execPath, 'install', '--prefix', place, `${name}@${version}`);
  return join(place, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node');
}

/** @returns of each way to install the tarball its name, and the launcher that it has put there */
function installations(node, version) {
  const offline = ['install', '--offline', '--ignore-scripts'];
  const global = join(folder, `global ${version}`);
  npm(node, ...offline, '--global', '--prefix', global, tarball);
  const local = join(folder, `local ${version}`);
  mkdirSync(local);
  writeFileSync(join(local, 'package.json'), '{"private":true}');
  npm(node, ...offline, '--prefix', local, tarball);
  const launcher = ['node_modules', 'sfcompose', 'bin', 'sfcompose.js'];
  return [
    ['globally', join(global, ...(isWindows ? [] : ['lib']), ...launcher)],
    ['locally', join(local, ...launcher)],
  ];
}

/** Reads the upgrade of a simulated cluster, both sides of it from that file, twice: once more with what was kept. */
async function check(node, file) {
  const cluster = spawn(node, [file, 'simulate', '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [url] = await once(cluster.stdout.setEncoding('utf8'), 'data');
    for (let time = 0; time < 2; time++) {
      const json = run(node, [file, 'upgrade-progress', 'web', '-e', url.trim(), '-o', 'json'], folder);
      if (JSON.parse(json).DeploymentName !== 'web') throw new Error(`That is no upgrade of web: ${json}`);
    }
  } finally {
    cluster.kill();
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
