/** Measures 200 watches in one process against a simulated cluster in another. Prints its figures as JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHost, createSystemClock, run } from './in-process.js';

const watches = 200;
/** Simulated seconds per second: the upgrade ends after 13 s. */
const speed = 60;

const cluster = spawn(
  process.execPath,
  ['bin/sfcompose.js', 'simulate', '--port', '0', '--speed', String(speed)],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
process.on('exit', () => cluster.kill());
const [line] = await once(cluster.stdout.setEncoding('utf8'), 'data');
const url = line.trim();

let records = 0;
const host = createHost(createSystemClock(), () => {
  records++;
});

const started = performance.now();
const cpu = process.cpuUsage();
const argv = ['upgrade-progress', 'web', '--watch', '--interval', '1s', '-o', 'ndjson', '-e', url];
const exitCodes = await Promise.all(Array.from({ length: watches }, () => run(argv, host)));
const { user, system } = process.cpuUsage(cpu);
const figures = {
  watches,
  completed: exitCodes.filter((code) => code === 0).length,
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  records,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit();
