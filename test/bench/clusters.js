/**
 * Measures one command that watches ten deployments on each of twenty simulated clusters, which run in another process;
 * a twenty-first cluster is down. Prints its figures as JSON.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createHost, createSystemClock, run } from './in-process.js';

const names = Array.from({ length: 10 }, (_, index) => `web${index}`);

const program = process.argv[2] ?? '';
const server = spawn(
  process.execPath,
  [fileURLToPath(new URL('serve-clusters.js', import.meta.url)), program, '20', ...names],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
process.on('exit', () => server.kill());
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
/** @type {string[]} */
const urls = JSON.parse(line);

const clusters = Object.fromEntries(
  [...urls, 'http://127.0.0.1:9'].map((endpoint, index) => [`cluster${index}`, { endpoint }]),
);
const config = Buffer.from(JSON.stringify({ version: 1, clusters }));

let records = 0;
const host = {
  ...createHost(createSystemClock(), () => {
    records++;
  }),
  configFolder: '/config',
  readFile: async () => config,
};
const started = performance.now();
const cpu = process.cpuUsage();
const selected = Object.keys(clusters).flatMap((name) => ['-c', name]);
const exitCode = await run(['watch', ...names, ...selected, '--interval', '1s', '-o', 'ndjson'], host);
const { user, system } = process.cpuUsage(cpu);
const figures = {
  clusters: urls.length,
  watches: urls.length * names.length,
  exitCode,
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  records,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit();
