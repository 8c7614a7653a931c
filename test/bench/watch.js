/**
 * Measures the memory and time of a long watch: 10,000 reads over real sockets, with a clock that skips all
 * pauses. Needs `--expose-gc`. Prints its figures as JSON.
 */
import { createServer } from 'node:http';
import { createHost, run } from './in-process.js';

const { gc } = globalThis;
if (gc === undefined) throw new Error('Run it with --expose-gc.');

const polls = 10_000;
const samplePoints = [100, 1000, 2500, 5000, 7500, polls];

/**
 * Writes the upgrade as of a poll. No two are the same.
 * @param {number} poll
 */
function writeUpgrade(poll) {
  const state = poll < polls ? 'RollingForwardInProgress' : 'RollingForwardCompleted';
  return JSON.stringify({
    DeploymentName: 'web',
    ApplicationName: 'fabric:/web',
    UpgradeState: state,
    UpgradeStatusDetails: `step ${poll}`,
    UpgradeKind: 'Rolling',
    RollingUpgradeMode: 'Monitored',
    TargetApplicationTypeVersion: 'v2',
    UpgradeDuration: `PT${Math.floor(poll / 60)}H${poll % 60}M0S`,
    CurrentUpgradeDomainDuration: 'PT0H1M0S',
    ApplicationUnhealthyEvaluations: [],
    CurrentUpgradeDomainProgress: {
      DomainName: `UD${poll % 5}`,
      NodeUpgradeProgressList: Array.from({ length: 10 }, (_, node) => ({
        NodeName: `_node_${node}`,
        UpgradePhase: 'Upgrading',
        PendingSafetyChecks: [],
      })),
    },
  });
}

/**
 * Writes the application's own upgrade, which is a related read of every poll.
 * @param {number} poll
 */
function writeApplicationUpgrade(poll) {
  return JSON.stringify({
    TargetApplicationTypeVersion: 'v2',
    UpgradeState: 'RollingForwardInProgress',
    UpgradeDomains: Array.from({ length: 5 }, (_, domain) => ({
      Name: `UD${domain}`,
      State: domain < poll % 5 ? 'Completed' : domain === poll % 5 ? 'InProgress' : 'Pending',
    })),
    StartTimestampUtc: '2026-11-24T07:00:00.000Z',
  });
}

/** Measures the heap and the process, in MiB, after a garbage collection. */
function measureMemory() {
  gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20 };
}

let poll = 0;
let connections = 0;
/** @type {{ reads: number, heap: number, rss: number, timers: number }[]} */
const samples = [];
const server = createServer(({ url = '' }, response) => {
  if (url.startsWith('/Applications/')) {
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(writeApplicationUpgrade(poll));
    return;
  }
  poll++;
  if (samplePoints.includes(poll)) samples.push({ reads: poll, ...measureMemory(), timers: timers.size });
  const isFailure = poll % 500 === 0 && poll < polls;
  response.writeHead(isFailure ? 503 : 200, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(isFailure ? '{"Error":{"Code":"E_ABORT","Message":"Null"}}' : writeUpgrade(poll));
}).on('connection', () => connections++);
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));

let now = 0;
const timers = new Set();
const host = createHost({
  now: () => now,
  monotonic: () => now,
  async sleep(milliseconds) {
    now += milliseconds;
  },
  after(_, action) {
    timers.add(action);
    return () => timers.delete(action);
  },
});
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const argv = ['upgrade-progress', 'web', '--watch', '-o', 'plain', '-e', `http://127.0.0.1:${port}`];
const started = performance.now();
const exitCode = await run(argv, host);
server.close();

const figures = { polls, exitCode, connections, seconds: (performance.now() - started) / 1000, samples };
process.stdout.write(`${JSON.stringify(figures)}\n`);
