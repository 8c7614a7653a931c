/**
 * What sfcompose costs: whole processes against the least that there could be, then long and many watches. It prints
 * tables, writes all figures to `bench.json`, and judges nothing. Run with `npm run bench`, or with another Node.js as
 * `<node> test/bench/bench.js`; `quick` behind it takes fewer rounds.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildMain } from './built.js';
import { sizePairs, timePairs } from './processes.js';

const isQuick = process.argv[2] === 'quick';
const rounds = isQuick ? 7 : 31;
const roundsLarge = isQuick ? 3 : 9;

const home = mkdtempSync(join(tmpdir(), 'sfcompose-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
// Nothing that is set here by chance: NODE_EXTRA_CA_CERTS alone slows every start, and so flatters ratios.
const env = { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: home, LOCALAPPDATA: home };

const server = spawn(process.execPath, ['test/bench/serve.js'], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => server.kill());
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
const url = line.trim();
const path = (name) =>
  `${url}/ComposeDeployments/${name}/$/GetUpgradeProgress?api-version=6.0-preview&timeout=60`;

const node = process.execPath;
const ours = (...argv) => [node, 'bin/sfcompose.js', ...argv];
const read = (name, ...argv) => ours('upgrade-progress', name, '-e', url, '--no-domains', ...argv);
const nothing = [node, '-e', '0'];
const readFloor = [node, 'test/bench/floors/read.cjs', path('web')];
const indentFloor = [node, 'test/bench/floors/indent.cjs', path('large')];

const isInstalled = (program) => spawnSync(program, ['--version'], { env }).status === 0;
const others = [
  ['curl', ['curl', '-s', path('web')]],
  ['sfctl', ['sfctl', 'compose', 'upgrade-status', '--deployment-name', 'web']],
].filter(([program]) => isInstalled(program));
if (others.some(([program]) => program === 'sfctl'))
  execFileSync('sfctl', ['cluster', 'select', '--endpoint', url], { env });

const withoutCache = { ...env, NODE_DISABLE_COMPILE_CACHE: '1' };
const timed = [
  ['one read, -o json', readFloor, read('web', '-o', 'json'), rounds, env],
  ['one read, table', readFloor, read('web'), rounds, env],
  ['one read, -o json, as on the first run', readFloor, read('web', '-o', 'json'), rounds, withoutCache],
  // After a command: help alone keeps nothing of what V8 compiles.
  ['--version', nothing, ours('--version'), rounds, env],
  ['--help', nothing, ours('--help'), rounds, env],
  ...others.map(([program, argv]) => [`one read by ${program}`, readFloor, argv, rounds, env]),
  ['50 MB, -o json', indentFloor, read('large', '-o', 'json'), roundsLarge, env],
  ['50 MB, table', indentFloor, read('large'), roundsLarge, env],
];
const sized = [
  ['one read, -o json', readFloor, read('web', '-o', 'json')],
  ['50 MB, -o json', indentFloor, read('large', '-o', 'json')],
  ['50 MB, table', indentFloor, read('large')],
];

const results = {
  node: process.version,
  machine: `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${process.platform}`,
  times: {},
  sizes: {},
};
say(`Node.js ${results.node}, ${results.machine}\n`);
say(columns('time of a whole process', 'floor', 'takes', 'ratio'));
for (const [name, floor, subject, count, its] of timed) {
  const figures = await timePairs(floor, subject, count, its);
  results.times[name] = figures;
  say(
    columns(
      name,
      `${figures.floor.toFixed(1)} ms`,
      `${figures.time.toFixed(1)} ms`,
      figures.ratio.toFixed(2),
    ),
  );
}
say(`\n${columns('largest size in memory', 'floor', 'takes', 'ratio')}`);
for (const [name, floor, subject] of sized) {
  const figures = await sizePairs(floor, subject, 3, env);
  results.sizes[name] = figures;
  say(
    columns(
      name,
      `${figures.floor.toFixed(0)} MB`,
      `${figures.size.toFixed(0)} MB`,
      figures.ratio.toFixed(2),
    ),
  );
}

const main = await buildMain(join(home, 'main'));
const { polls, exitCode, connections, seconds, samples } = figuresOf('--expose-gc', 'watch.js');
results.watch = { polls, exitCode, connections, seconds, samples };
say(
  `\na watch of ${polls} reads: ${seconds.toFixed(1)} s, ${connections} connections, exit code ${exitCode}`,
);
say(columns('after', 'heap', 'in memory', 'timers'));
for (const { reads, heap, rss, timers } of samples)
  say(columns(`${reads} reads`, `${heap.toFixed(1)} MB`, `${rss.toFixed(1)} MB`, String(timers)));

const fleet = figuresOf('fleet.js');
results.fleet = fleet;
say(`\n${fleet.watches} watches at once, each reading every second: ${fleet.completed} completed`);
say(
  `${fleet.seconds.toFixed(1)} s, ${fleet.cpuSeconds.toFixed(1)} s of one core, ${fleet.megabytes.toFixed(0)} MB, ${fleet.records} records`,
);

writeFileSync('bench.json', `${JSON.stringify(results, undefined, 2)}\n`);
process.exit();

/** What a script beside this one prints of the program's own code. */
function figuresOf(...argv) {
  const file = join(dirname(process.argv[1]), argv.pop());
  return JSON.parse(execFileSync(node, [...argv, file, main], { encoding: 'utf8' }));
}

function columns(name, ...cells) {
  return `  ${name.padEnd(42)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
