/**
 * Runs the property tests for half of the time, then whole processes against a simulated cluster that fails
 * at random. Run with `npm run test:soak`, or `npm run test:soak -- 600` for ten minutes. SOAK_SEED
 * repeats the property tests. Prints figures, and exits with 1 after any failure.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** @import { ChildProcess, SpawnOptions } from 'node:child_process' */

/**
 * How a process ended.
 * @typedef {object} ProcessResult
 * @property {number | null} exitCode
 * @property {boolean} isLate whether it was killed because it took too long
 * @property {number} elapsed milliseconds
 * @property {string} stdout
 * @property {string} stderr
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const seconds = Number(process.argv[2] ?? 120);
if (!(seconds >= 10 && seconds <= 86_400)) {
  process.stderr.write(`The time is "${process.argv[2]}", but it takes seconds from 10 to 86400.\n`);
  process.exit(2);
}
const half = Math.floor(seconds / 2);
const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 31);

/** Time for one process. An upgrade takes about four seconds. */
const maxProcessMs = 60_000;
/** Simulated seconds per second. The simulated upgrade takes thirteen minutes. */
const speed = 200;
/**
 * The cluster fails five of ten requests. One client never gets more than two failures in a row, but clients
 * that share the cluster can: with this many retries it is practically certain that none runs out.
 */
const retries = 20;
/** Limit for the growth of the long watch, including garbage that was not collected yet. */
const maxGrowthMegabytes = 100;

/** @type {Set<ChildProcess>} */
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// Without the rest of the environment, which may contain settings for sfcompose.
const variables = /^(?:PATH|SYSTEMROOT|TEMP|TMP|HOME|USERPROFILE)$/i;
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => variables.test(name)));

/**
 * @param {string[]} argv
 * @param {SpawnOptions} options
 */
function startNode(argv, options = {}) {
  const child = spawn(process.execPath, argv, { cwd: root, env: environment, ...options });
  children.add(child);
  child.on('close', () => children.delete(child));
  return child;
}

/** @param {string[]} argv */
const startProgram = (...argv) =>
  startNode(['bin/sfcompose.js', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * Waits until a process ends, and kills a process that takes too long.
 * @param {ChildProcess} child
 * @param {number} maxMs
 * @returns {Promise<ProcessResult>}
 */
async function waitForEnd(child, maxMs) {
  const started = performance.now();
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, maxMs);
  /** @type {number | null} */
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { exitCode, isLate, elapsed: performance.now() - started, stdout, stderr };
}

/** @type {string[]} */
const failures = [];

/**
 * Records a failure and prints it with the end of what the process printed.
 * @param {string} failure
 * @param {{ stdout?: string, stderr?: string }} output
 */
function fail(failure, { stdout = '', stderr = '' } = {}) {
  failures.push(failure);
  const tail = [stdout, stderr].filter(Boolean).map((text) => text.slice(-2000));
  process.stderr.write(`${[`FAILED: ${failure}`, ...tail].join('\n')}\n`);
}

async function runProperties() {
  const maxMs = half * 1000 + 120_000;
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/property/properties.test.ts',
    '--cache=false',
  ];
  const env = { ...environment, SOAK_SECONDS: String(half), SOAK_SEED: String(seed) };
  const { exitCode, isLate } = await waitForEnd(startNode(vitest, { env, stdio: 'inherit' }), maxMs);
  if (isLate) fail(`the properties took more than ${maxMs / 1000} s`);
  else if (exitCode !== 0)
    fail(`the properties ended with ${exitCode} (SOAK_SECONDS=${half} SOAK_SEED=${seed})`);
}

/**
 * Starts a simulated cluster.
 * @param {string[]} argv
 * @returns its URL, which is the first line that it prints
 */
async function startCluster(...argv) {
  const child = startProgram('simulate', ...argv, '--port', '0');
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').once('data', (text) => resolve(text.trim()));
    child.once('close', (code) => reject(new Error(`simulate ended with ${code}: ${stderr}`)));
  });
  let isNeeded = true;
  child.on('close', (code) => isNeeded && fail(`simulate ended with ${code}`, { stderr }));
  return {
    url,
    stop() {
      isNeeded = false;
      child.kill();
    },
  };
}

const upgradeDescription = JSON.stringify({
  DeploymentName: 'web',
  ComposeFileContent: "version: '3'\nservices:\n  web:\n    image: web:2\n",
  UpgradeKind: 'Rolling',
  RollingUpgradeMode: 'Monitored',
});

/**
 * @param {string} url
 * @returns {Promise<number | undefined>} the status; 0 if the connection broke
 */
function postUpgrade(url) {
  return new Promise((resolve) => {
    const request = http.request(
      `${url}/ComposeDeployments/web/$/Upgrade?api-version=6.0-preview`,
      { method: 'POST', agent: false, timeout: 10_000 },
      (response) => {
        response.on('error', () => resolve(0)).on('end', () => resolve(response.statusCode));
        response.resume();
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0)).end(upgradeDescription);
  });
}

/**
 * Starts an upgrade. Repeats failed requests, which is safe because the cluster fails a request before it
 * acts.
 * @param {string} url
 */
async function startUpgrade(url) {
  for (let tries = 0; tries < 50; tries++) {
    const status = await postUpgrade(url);
    if (status === 202) return;
    if (status === undefined || ![0, 503, 504].includes(status))
      throw new Error(`an upgrade could not be started: HTTP ${status}`);
    await sleep(50);
  }
  throw new Error('an upgrade could not be started');
}

/**
 * A way to run the program.
 * @typedef {object} Kind
 * @property {string} name
 * @property {string[]} argv
 * @property {(stdout: string) => string | undefined} findFlaw
 */

const watch = ['--watch', '--interval', '200ms'];
/** @type {Kind[]} */
const kinds = [
  { name: 'watch json', argv: [...watch, '-o', 'json'], findFlaw: (stdout) => findJsonFlaw(stdout, end) },
  { name: 'watch ndjson', argv: [...watch, '-o', 'ndjson'], findFlaw: findRecordFlaw },
  { name: 'watch plain', argv: [...watch, '-o', 'plain'], findFlaw: findTextFlaw },
  { name: 'watch table', argv: [...watch, '-o', 'table'], findFlaw: findTextFlaw },
  { name: 'read json', argv: ['-o', 'json'], findFlaw: (stdout) => findJsonFlaw(stdout, /./) },
];

const end = /^RollingForwardCompleted$/;

/**
 * @param {string} stdout
 * @param {RegExp} state
 */
function findJsonFlaw(stdout, state) {
  return state.test(JSON.parse(stdout).UpgradeState) ? undefined : 'the document is not the last one';
}

/** @param {string} stdout */
function findRecordFlaw(stdout) {
  const records = stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
  const outcomes = records.filter(({ type }) => type === 'outcome');
  if (outcomes.length !== 1) return `there are ${outcomes.length} outcomes`;
  if (records.at(-1).exitCode !== 0) return 'the last record is not the outcome of a completed upgrade';
  const last = records.findLast(({ type }) => type === 'progress');
  return end.test(last?.progress.UpgradeState) ? undefined : 'the last progress record is not of the end';
}

/** @param {string} stdout */
function findTextFlaw(stdout) {
  return stdout.includes('RollingForwardCompleted') ? undefined : 'the end is not shown';
}

const harmful = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\u200b-\u200d\u2060-\u206f\ufeff]/u;

/**
 * Finds the first flaw of a run, if any.
 * @param {ProcessResult} result
 * @param {Kind} kind
 */
function findFlaw({ exitCode, isLate, stdout, stderr }, kind) {
  if (isLate) return `it took more than ${maxProcessMs / 1000} s`;
  if (exitCode !== 0) return `the exit code is ${exitCode}`;
  if (harmful.test(stdout + stderr)) return 'the output contains control characters';
  if (/^ {4}at .*:\d+:\d+\)?$|This is a bug/m.test(stderr)) return 'the output contains a stack trace';
  try {
    return kind.findFlaw(stdout);
  } catch (error) {
    return getMessage(error);
  }
}

/** @param {unknown} error */
function getMessage(error) {
  return error instanceof Error ? error.message : String(error);
}

const tally = { processes: 0, requests: 0, documents: 0, errors: 0, broken: 0, lost: 0 };
/** @type {number[]} */
const durations = [];

/**
 * Runs one process, and adds its requests and errors to the figures.
 * @param {string} url
 * @param {Kind} kind
 */
async function runKind(url, kind) {
  // With -v, stderr shows each request and response.
  const argv = ['upgrade-progress', 'web', '-e', url, '--retries', String(retries), '-v', ...kind.argv];
  const result = await waitForEnd(startProgram(...argv), maxProcessMs);
  tally.processes++;
  durations.push(result.elapsed);
  const { stdout, stderr } = result;
  tally.requests += count(stderr, /^> /gm);
  tally.documents += count(stderr, /^< 200 /gm);
  tally.errors += count(stderr, /^< (?!200 )\d/gm);
  tally.broken += count(stderr, /^< failed/gm);
  tally.lost += count(stdout, /"type":"contact".*"state":"lost"/g) + count(stderr, /Contact lost:/g);
  const flaw = findFlaw(result, kind);
  if (flaw !== undefined) fail(`${kind.name}: ${flaw}`, result);
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function count(text, pattern) {
  return text.match(pattern)?.length ?? 0;
}

/**
 * Measures the resident memory of a process on Linux.
 * @param {ChildProcess} child
 * @returns megabytes
 */
function measureMemory({ pid }) {
  if (process.platform !== 'linux') return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/**
 * Watches an upgrade that makes no progress while its clocks run.
 * @param {string} url
 * @param {number} time seconds
 */
async function watchLong(url, time) {
  const argv = [...watch, '-o', 'ndjson', '--max-wait', `${time}s`];
  const child = startProgram('upgrade-progress', 'web', '-e', url, ...argv);
  let records = 0;
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    records += count(text, /\n/g);
  });
  const result = waitForEnd(child, time * 1000 + maxProcessMs);
  // After it has loaded all its code, and again shortly before its end.
  await sleep(3000);
  const first = measureMemory(child);
  await sleep((time - 4) * 1000);
  const last = child.exitCode === null ? measureMemory(child) : undefined;
  const { exitCode, isLate, stderr } = await result;
  if (isLate || exitCode !== 124) fail(`the long watch ended with ${exitCode}`, { stderr });
  const growth = first === undefined || last === undefined ? 0 : last - first;
  if (growth > maxGrowthMegabytes) fail(`the long watch grew by ${growth.toFixed(0)} MB`);
  return { time, records, first, last };
}

async function runProcesses() {
  const until = performance.now() + half * 1000;
  const concurrency = Math.max(2, availableParallelism());
  const [flaky, stuck] = await Promise.all([
    startCluster('flaky', '--speed', String(speed)),
    startCluster('stuck', '--speed', String(speed)),
  ]);
  const longWatch = watchLong(stuck.url, Math.max(5, half - 2));
  let upgrades = 0;
  let runs = 0;
  try {
    // The cluster starts with an upgrade. The next one starts when all processes have seen the end of the one
    // before: a watch still running would report the new upgrade as superseding.
    while (performance.now() < until) {
      if (upgrades > 0) await startUpgrade(flaky.url);
      upgrades++;
      const batch = Array.from({ length: concurrency }, () => kinds[runs++ % kinds.length]);
      await Promise.all(batch.map((kind) => kind && runKind(flaky.url, kind)));
    }
  } catch (error) {
    fail(getMessage(error));
  }
  const watched = await longWatch;
  for (const { stop } of [flaky, stuck]) stop();
  return { upgrades, concurrency, watched };
}

/**
 * @param {Awaited<ReturnType<typeof runProcesses>>} result
 * @returns {[label: string, value: string | number][]}
 */
function listFigures({ upgrades, concurrency, watched }) {
  const sorted = durations.toSorted((a, b) => a - b);
  const formatSeconds = (milliseconds = 0) => `${(milliseconds / 1000).toFixed(1)} s`;
  const formatSize = (/** @type {number | undefined} */ megabytes) =>
    megabytes === undefined ? 'not measured on this system' : `${megabytes.toFixed(1)} MB`;
  return [
    ['Time', `${half} s of properties, ${half} s of processes`],
    ['Seed', seed],
    ['Upgrades', `${upgrades}, each in about 4 s on a flaky cluster`],
    ['Processes', `${tally.processes}, ${concurrency} at a time`],
    ['Requests', tally.requests],
    ['  answered', tally.documents],
    ['  answered with an error', tally.errors],
    ['  not answered', tally.broken],
    ['Contact lost and regained', tally.lost],
    ['Duration, median', formatSeconds(sorted[Math.floor(sorted.length / 2)])],
    ['Duration, slowest', formatSeconds(sorted.at(-1))],
    ['One long watch', `${watched.time} s, ${watched.records} records`],
    ['  memory after 3 s', formatSize(watched.first)],
    ['  memory at the end', formatSize(watched.last)],
    ['Failures', failures.length],
    [
      'Machine',
      `Node ${process.version}, ${process.platform}, ${cpus().length} × ${cpus()[0]?.model.trim()}`,
    ],
  ];
}

process.stdout.write(`A soak of ${seconds} s, seed ${seed}\n`);
await runProperties();
const rows = listFigures(await runProcesses());
process.stdout.write(`\n${rows.map(([label, value]) => `${label.padEnd(27)}${value}\n`).join('')}`);
for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
