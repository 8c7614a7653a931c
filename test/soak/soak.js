/**
 * A soak: the properties for half of the time, then real processes against a simulated cluster that falters.
 * Run with `npm run test:soak`, or `npm run test:soak -- 600` for ten minutes. SOAK_SEED repeats the first half. Nothing
 * is written but the figures; the exit code is 1 when anything was wrong.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const seconds = Number(process.argv[2] ?? 120);
if (!(seconds >= 10 && seconds <= 86_400)) {
  process.stderr.write(`The time is "${process.argv[2]}", but it takes seconds from 10 to 86400.\n`);
  process.exit(2);
}
const half = Math.floor(seconds / 2);
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31);

/** Milliseconds that a process may take; an upgrade takes about four seconds. */
const limit = 60_000;
/** Simulated seconds in one: thirteen minutes are over in four seconds. */
const speed = 200;
/**
 * Of ten requests the cluster lets five down. One client never meets more than two of them in a row, but several do
 * that share it: with so many retries it is as good as certain that none runs out of them.
 */
const retries = 20;
/** Megabytes by which a watch may grow; a heap that nobody has cleaned up for a while takes some of them. */
const mostGrowth = 100;

const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** What else is set on this machine and for this user is not meant for a test. */
const needed = /^(?:PATH|SYSTEMROOT|TEMP|TMP|HOME|USERPROFILE)$/i;
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));

function start(argv, options = {}) {
  const child = spawn(process.execPath, argv, { cwd: root, env: environment, ...options });
  children.add(child);
  child.on('close', () => children.delete(child));
  return child;
}

const startProgram = (...argv) => start(['bin/sfcompose.js', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });

/** Waits for its end, and kills it if that does not come. */
async function ended(child, longest) {
  const began = performance.now();
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name]?.setEncoding('utf8').on('data', (text) => {
      said[name] += text;
    });
  }
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, longest);
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  return { exitCode, isLate, took: performance.now() - began, ...said };
}

const failures = [];
function fail(what, said = {}) {
  failures.push(what);
  const tail = [said.stdout, said.stderr].filter(Boolean).map((text) => text.slice(-2000));
  process.stderr.write(`${[`FAILED: ${what}`, ...tail].join('\n')}\n`);
}

async function soakProperties() {
  const longest = half * 1000 + 120_000;
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/property/properties.test.ts',
    '--cache=false',
  ];
  const env = { ...environment, SOAK_SECONDS: String(half), SOAK_SEED: String(seed) };
  const { exitCode, isLate } = await ended(start(vitest, { env, stdio: 'inherit' }), longest);
  if (isLate) fail(`the properties were not through after ${longest / 1000} s`);
  else if (exitCode !== 0)
    fail(`the properties ended with ${exitCode} (SOAK_SECONDS=${half} SOAK_SEED=${seed})`);
}

/** @returns its URL, the first line that it prints */
async function simulator(...argv) {
  const child = startProgram('simulate', ...argv, '--port', '0');
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text) => resolve(text.trim()));
    child.once('close', (code) => reject(new Error(`simulate ended with ${code}: ${said}`)));
  });
  let isWanted = true;
  child.on('close', (code) => isWanted && fail(`simulate ended with ${code}`, { stderr: said }));
  return {
    url,
    stop() {
      isWanted = false;
      child.kill();
    },
  };
}

const order = JSON.stringify({
  DeploymentName: 'web',
  ComposeFileContent: 'services:',
  UpgradeKind: 'Rolling',
  RollingUpgradeMode: 'Monitored',
});

/** @returns the status, 0 for a connection that was broken off */
function post(url) {
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
    request.on('error', () => resolve(0)).end(order);
  });
}

/** What falters has not reached the cluster, so it may be asked again. */
async function startUpgrade(url) {
  for (let tries = 0; tries < 50; tries++) {
    const status = await post(url);
    if (status === 202) return;
    if (![0, 503, 504].includes(status)) throw new Error(`an upgrade could not be started: HTTP ${status}`);
    await sleep(50);
  }
  throw new Error('an upgrade could not be started');
}

const watch = ['--watch', '--interval', '200ms'];
const kinds = [
  { name: 'watch json', argv: [...watch, '-o', 'json'], flaw: flawInJson },
  { name: 'watch ndjson', argv: [...watch, '-o', 'ndjson'], flaw: flawInRecords },
  { name: 'watch plain', argv: [...watch, '-o', 'plain'], flaw: flawInText },
  { name: 'watch table', argv: [...watch, '-o', 'table'], flaw: flawInText },
  { name: 'read json', argv: ['-o', 'json'], flaw: (stdout) => flawInJson(stdout, /./) },
];

const end = /^RollingForwardCompleted$/;

/** @returns what is wrong with it, if anything is */
function flawInJson(stdout, state = end) {
  return state.test(JSON.parse(stdout).UpgradeState) ? undefined : 'the document is not of the end';
}

function flawInRecords(stdout) {
  const records = stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
  const ends = records.filter(({ type }) => type === 'outcome');
  if (ends.length !== 1) return `there are ${ends.length} outcomes`;
  if (records.at(-1).exitCode !== 0) return 'the last record is not the outcome, or another one';
  const last = records.findLast(({ type }) => type === 'progress');
  return end.test(last?.progress.UpgradeState) ? undefined : 'the last record of progress is not of the end';
}

function flawInText(stdout) {
  return stdout.includes('RollingForwardCompleted') ? undefined : 'the end is not shown';
}

const harmful = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\u200b-\u200d\u2060-\u206f\ufeff]/u;

function flawIn({ exitCode, isLate, stdout, stderr }, { flaw }) {
  if (isLate) return `it was not through after ${limit / 1000} s`;
  if (exitCode !== 0) return `the exit code is ${exitCode}`;
  if (harmful.test(stdout + stderr)) return 'there are control characters in what it prints';
  if (/^ {4}at .*:\d+:\d+\)?$|This is a bug/m.test(stderr)) return 'there is a stack in what it prints';
  try {
    return flaw(stdout);
  } catch (error) {
    return error.message;
  }
}

const tally = { processes: 0, requests: 0, documents: 0, refusals: 0, broken: 0, lost: 0 };
const durations = [];

async function runOne(url, kind) {
  // Verbose, for the figures: what is asked and answered is on stderr then.
  const argv = ['upgrade-progress', 'web', '-e', url, '--retries', String(retries), '-v', ...kind.argv];
  const result = await ended(startProgram(...argv), limit);
  tally.processes++;
  durations.push(result.took);
  const count = (text, pattern) => text.match(pattern)?.length ?? 0;
  tally.requests += count(result.stderr, /^> /gm);
  tally.documents += count(result.stderr, /^< 200 /gm);
  tally.refusals += count(result.stderr, /^< (?!200 )\d/gm);
  tally.broken += count(result.stderr, /^< no answer/gm);
  tally.lost +=
    count(result.stdout, /"type":"contact".*"state":"lost"/g) + count(result.stderr, /Contact lost:/g);
  const flaw = flawIn(result, kind);
  if (flaw !== undefined) fail(`${kind.name}: ${flaw}`, result);
}

/** Megabytes; `undefined` where the system does not tell so easily. */
function residentMemory({ pid }) {
  if (process.platform !== 'linux') return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return kilobytes && Number(kilobytes) / 1024;
}

/** One watch all the time, of an upgrade that stands still while its clocks run. */
async function watchLong(url, time) {
  const argv = [...watch, '-o', 'ndjson', '--max-wait', `${time}s`];
  const child = startProgram('upgrade-progress', 'web', '-e', url, ...argv);
  let records = 0;
  let last = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (last + text).split('\n');
    last = lines.pop();
    records += lines.length;
  });
  const closed = ended(child, time * 1000 + limit);
  // Not before it has loaded everything and is at work; and once more just before its end.
  await sleep(3000);
  const first = residentMemory(child);
  await sleep((time - 4) * 1000);
  const final = child.exitCode === null ? residentMemory(child) : undefined;
  const { exitCode, isLate, stderr } = await closed;
  if (isLate || exitCode !== 124) fail(`the long watch ended with ${exitCode}`, { stderr });
  if (final - first > mostGrowth) fail(`the long watch grew by ${(final - first).toFixed(0)} MB`);
  return { time, records, first, final };
}

async function soakProcesses() {
  const until = performance.now() + half * 1000;
  const atOnce = Math.max(2, availableParallelism());
  const [flaky, stuck] = await Promise.all([
    simulator('flaky', '--speed', String(speed)),
    simulator('stuck', '--speed', String(speed)),
  ]);
  const long = watchLong(stuck.url, Math.max(5, half - 2));
  let upgrades = 1;
  let next = 0;
  try {
    // One upgrade is under way from the start. The next begins when everybody has seen the end of the one before: whoever
    // still follows that would call the new one superseding.
    for (; performance.now() < until; upgrades++) {
      if (upgrades > 1) await startUpgrade(flaky.url);
      const some = Array.from({ length: atOnce }, () => kinds[next++ % kinds.length]);
      await Promise.all(some.map((kind) => runOne(flaky.url, kind)));
    }
  } catch (error) {
    fail(error.message);
  }
  const watched = await long;
  for (const { stop } of [flaky, stuck]) stop();
  return { upgrades: upgrades - 1, atOnce, watched };
}

function figures({ upgrades, atOnce, watched }) {
  const sorted = durations.toSorted((a, b) => a - b);
  const spoken = (milliseconds) => `${((milliseconds ?? 0) / 1000).toFixed(1)} s`;
  const megabytes = (size) => (size === undefined ? 'not measured here' : `${size.toFixed(1)} MB`);
  return [
    ['Time', `${half} s of properties, ${half} s of processes`],
    ['Seed', seed],
    ['Upgrades', `${upgrades}, each in about 4 s behind a cluster that falters`],
    ['Processes', `${tally.processes}, ${atOnce} at a time`],
    ['Requests', tally.requests],
    ['  answered', tally.documents],
    ['  answered with an error', tally.refusals],
    ['  not answered', tally.broken],
    ['Contact lost and regained', tally.lost],
    ['Duration, median', spoken(sorted[Math.floor(sorted.length / 2)])],
    ['Duration, slowest', spoken(sorted.at(-1))],
    ['One long watch', `${watched.time} s, ${watched.records} records`],
    ['  memory after 3 s', megabytes(watched.first)],
    ['  memory at the end', megabytes(watched.final)],
    ['Failures', failures.length],
    [
      'Machine',
      `Node ${process.version}, ${process.platform}, ${cpus().length} × ${cpus()[0]?.model.trim()}`,
    ],
  ];
}

process.stdout.write(`A soak of ${seconds} s, seed ${seed}\n`);
await soakProperties();
const rows = figures(await soakProcesses());
process.stdout.write(`\n${rows.map(([name, value]) => `${name.padEnd(27)}${value}\n`).join('')}`);
for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
