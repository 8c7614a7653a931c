/**
 * A fleet of watches in one process, against one simulated cluster in another: what it takes of both.
 * It is given the file that exports `main`, and prints its figures as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const { main } = createRequire(import.meta.url)(process.argv[2]);

const watches = 200;
/** Thirteen minutes of an upgrade pass in as many seconds. */
const speed = 60;

const cluster = spawn(
  process.execPath,
  ['bin/sfcompose.js', 'simulate', '--port', '0', '--speed', String(speed)],
  {
    stdio: ['ignore', 'pipe', 'ignore'],
  },
);
process.on('exit', () => cluster.kill());
const [line] = await once(cluster.stdout.setEncoding('utf8'), 'data');
const url = line.trim();

let events = 0;
const output = {
  isTTY: false,
  columns: undefined,
  rows: undefined,
  gone: new AbortController().signal,
  async drained() {},
  async flushed() {},
  write() {
    events++;
  },
};
const host = {
  stdout: output,
  stderr: { ...output, write() {} },
  env: {},
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
    after(milliseconds, action) {
      const timer = setTimeout(action, Math.min(milliseconds, 2 ** 31 - 1));
      return () => clearTimeout(timer);
    },
  },
  interrupt: new AbortController().signal,
  ci: async () => undefined,
  random: Math.random,
};

const started = performance.now();
const cpu = process.cpuUsage();
const argv = ['upgrade-progress', 'web', '--watch', '--interval', '1s', '-o', 'ndjson', '-e', url];
const exitCodes = await Promise.all(Array.from({ length: watches }, () => main(argv, host)));
const { user, system } = process.cpuUsage(cpu);
const figures = {
  watches,
  completed: exitCodes.filter((code) => code === 0).length,
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  records: events,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit();
