/**
 * Measures what sfcompose costs: whole processes against floors, a long watch, and many watches. Prints
 * tables and writes all figures to `bench.json`, without a judgement. Run with `npm run bench`, or with
 * another Node.js as `<node> test/bench/bench.js`; the argument `quick` takes fewer rounds.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRun } from './build-run.js';
import { measurePairs, measurePeak, measureTime } from './processes.js';

/** @import { Command } from './processes.js' */
/** @typedef {Awaited<ReturnType<typeof measurePairs>>} PairFigures */

// Node has its own compile cache from version 22.1 on.
const canCompileCache = 'enableCompileCache' in module;
const isQuick = process.argv[2] === 'quick';
const rounds = isQuick ? 7 : 31;
const roundsLarge = isQuick ? 3 : 9;

const home = mkdtempSync(join(tmpdir(), 'sfcompose-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
// Without the environment of this machine: NODE_EXTRA_CA_CERTS alone slows every start, and so improves the
// ratios.
const env = { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: home, LOCALAPPDATA: home };

const server = spawn(process.execPath, ['test/bench/serve.js'], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => server.kill());
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
/** @type {string} */
const url = line.trim();

/** @param {string} name */
const upgradeUrl = (name) =>
  `${url}/ComposeDeployments/${name}/$/GetUpgradeProgress?api-version=6.0-preview&timeout=60`;

const node = process.execPath;
/** @type {(...argv: string[]) => Command} */
const sfcompose = (...argv) => [node, 'bin/sfcompose.js', ...argv];
/** @type {(name: string, ...argv: string[]) => Command} */
const read = (name, ...argv) => sfcompose('upgrade-progress', name, '-e', url, '--no-domains', ...argv);
/** @type {Command} */
const startFloor = [node, '-e', '0'];
/** @type {Command} */
const readFloor = [node, 'test/bench/floors/read.cjs', upgradeUrl('web')];
/** @type {Command} */
const listFloor = [node, 'test/bench/floors/list.cjs', `${url}/ComposeDeployments?api-version=6.0-preview`];
/** @type {Command} */
const indentFloor = [node, 'test/bench/floors/indent.cjs', upgradeUrl('large')];

/** @type {Command[]} */
const others = [
  ['curl', '-s', upgradeUrl('web')],
  ['sfctl', 'compose', 'upgrade-status', '--deployment-name', 'web'],
];
const installed = others.filter(([program]) => spawnSync(program, ['--version'], { env }).status === 0);
if (installed.some(([program]) => program === 'sfctl'))
  execFileSync('sfctl', ['cluster', 'select', '--endpoint', url], { env });

/**
 * @typedef {object} Measurement
 * @property {string} name
 * @property {Command} floor
 * @property {Command} subject
 * @property {number} [count] rounds
 * @property {NodeJS.ProcessEnv} [variables] the environment
 */

/** @type {Measurement[]} */
const times = [
  { name: 'one read, -o json', floor: readFloor, subject: read('web', '-o', 'json') },
  { name: 'one read, table', floor: readFloor, subject: read('web') },
  {
    name: 'one read, -o json, as on the first run',
    floor: readFloor,
    subject: read('web', '-o', 'json'),
    variables: { ...env, NODE_DISABLE_COMPILE_CACHE: '1' },
  },
  ...(canCompileCache
    ? [
        {
          name: "-o json, Node's compile cache or our own",
          floor: read('web', '-o', 'json'),
          /** @type {Command} */
          subject: [node, 'test/bench/without-launcher.cjs', ...read('web', '-o', 'json').slice(2)],
          // The launcher does not use it.
          variables: { ...env, NODE_COMPILE_CACHE: join(home, 'node') },
        },
      ]
    : []),
  // After a read, because these two alone do not fill the launcher's cache.
  { name: '--version', floor: startFloor, subject: sfcompose('--version') },
  { name: '--help', floor: startFloor, subject: sfcompose('--help') },
  ...installed.map((subject) => ({ name: `one read by ${subject[0]}`, floor: readFloor, subject })),
  { name: '50 MB, -o json', floor: indentFloor, subject: read('large', '-o', 'json'), count: roundsLarge },
  { name: '50 MB, table', floor: indentFloor, subject: read('large'), count: roundsLarge },
  {
    name: 'a list of 20,000 deployments, table',
    floor: listFloor,
    subject: sfcompose('list', '-e', url),
    count: roundsLarge,
  },
];
/** @type {Measurement[]} */
const peaks = [
  { name: 'one read, -o json', floor: readFloor, subject: read('web', '-o', 'json') },
  { name: '50 MB, -o json', floor: indentFloor, subject: read('large', '-o', 'json') },
  { name: '50 MB, table', floor: indentFloor, subject: read('large') },
];

const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${process.platform}`;
print(`Node.js ${process.version}, ${machine}\n`);

print(formatRow('time of a whole process', 'floor', 'takes', 'ratio'));
/** @type {Record<string, PairFigures>} */
const timeFigures = {};
for (const { name, floor, subject, count = rounds, variables = env } of times) {
  const figures = await measurePairs(measureTime, floor, subject, count, variables);
  timeFigures[name] = figures;
  print(formatFigures(name, figures, 'ms', 1));
}

print(`\n${formatRow('peak memory', 'floor', 'takes', 'ratio')}`);
/** @type {Record<string, PairFigures>} */
const peakFigures = {};
for (const { name, floor, subject } of peaks) {
  const figures = await measurePairs(measurePeak, floor, subject, 3, env);
  peakFigures[name] = figures;
  print(formatFigures(name, figures, 'MB', 0));
}

const runFile = await buildRun(join(home, 'run'));
const watch = measureInProcess('watch.js', '--expose-gc');
print(
  `\na watch of ${watch.polls} reads: ${watch.seconds.toFixed(1)} s, ${watch.connections} connections, exit code ${watch.exitCode}`,
);
print(formatRow('after', 'heap', 'in memory', 'timers'));
for (const { reads, heap, rss, timers } of watch.samples)
  print(formatRow(`${reads} reads`, `${heap.toFixed(1)} MB`, `${rss.toFixed(1)} MB`, String(timers)));

const fleet = measureInProcess('fleet.js');
print(`\n${fleet.watches} watches at once, each reading every second: ${fleet.completed} completed`);
print(
  `${fleet.seconds.toFixed(1)} s, ${fleet.cpuSeconds.toFixed(1)} s of one core, ${fleet.megabytes.toFixed(0)} MB, ${fleet.records} records`,
);

const clusters = measureInProcess('clusters.js');
print(`\none command on ${clusters.clusters} clusters and one that is down: ${clusters.watches} watches`);
print(
  `${clusters.seconds.toFixed(1)} s, ${clusters.cpuSeconds.toFixed(1)} s of one core, ${clusters.megabytes.toFixed(0)} MB, ${clusters.records} records, exit code ${clusters.exitCode}`,
);

const results = {
  node: process.version,
  machine,
  times: timeFigures,
  sizes: peakFigures,
  watch,
  fleet,
  clusters,
};
writeFileSync('bench.json', `${JSON.stringify(results, undefined, 2)}\n`);
process.exit();

/**
 * Runs a script of this folder that runs the program within its own process.
 * @param {string} script
 * @param {string[]} nodeOptions
 * @returns the figures that it prints
 */
function measureInProcess(script, ...nodeOptions) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(execFileSync(node, [...nodeOptions, file, runFile], { encoding: 'utf8' }));
}

/**
 * @param {string} name
 * @param {PairFigures} figures
 * @param {string} unit
 * @param {number} digits
 */
function formatFigures(name, { floor, subject, ratio }, unit, digits) {
  const format = (/** @type {number} */ value) => `${value.toFixed(digits)} ${unit}`;
  return formatRow(name, format(floor), format(subject), ratio.toFixed(2));
}

/**
 * @param {string} name
 * @param {string[]} cells
 */
function formatRow(name, ...cells) {
  return `  ${name.padEnd(42)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}
