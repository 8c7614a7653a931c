/**
 * Memory and time of a long watch: 10,000 reads over real sockets, on a clock that nobody waits for.
 * Run with `npm run bench`.
 */
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { Writable } from 'node:stream';
import { main } from '../../dist/main.js';

const polls = 10_000;
const measuredAt = [100, 1000, 2500, 5000, 7500, polls];

/** Every read brings news; every 500th fails. */
function documentOf(poll) {
  const state = poll < polls ? 'RollingForwardInProgress' : 'RollingForwardCompleted';
  return JSON.stringify({
    DeploymentName: 'web',
    ApplicationName: 'fabric:/web',
    UpgradeState: state,
    UpgradeStatusDetails: `step ${poll}`,
    UpgradeKind: 'Rolling',
    RollingUpgradeMode: 'Monitored',
    TargetApplicationTypeVersion: 'v2',
    UpgradeDuration: `PT0H${poll % 60}M0S`,
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

/** The record of the application, which is read beside every document. */
function applicationOf(poll) {
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

let poll = 0;
let connections = 0;
const samples = [];
const server = createServer(({ url }, response) => {
  if (url.startsWith('/Applications/')) {
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
    response.end(applicationOf(poll));
    return;
  }
  poll++;
  if (measuredAt.includes(poll)) {
    globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    samples.push({ poll, heap: heapUsed, rss, seconds: performance.now() / 1000, timers: due.size });
  }
  const isFailure = poll % 500 === 0 && poll < polls;
  response.writeHead(isFailure ? 503 : 200, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(isFailure ? '{"Error":{"Code":"E_ABORT","Message":"Null"}}' : documentOf(poll));
}).on('connection', () => connections++);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

let now = 0;
let written = 0;
const due = new Set();
const output = {
  isTTY: false,
  columns: undefined,
  rows: undefined,
  stream: new Writable(),
  gone: new AbortController().signal,
  async drained() {},
  write(text) {
    written += text.length;
  },
};
const host = {
  stdout: output,
  stderr: output,
  env: {},
  clock: {
    now: () => now,
    monotonic: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
    },
    after(_, action) {
      due.add(action);
      return () => due.delete(action);
    },
  },
  interrupt: new AbortController().signal,
  ci: async () => undefined,
  append: async () => {},
  random: () => 0.5,
};
const url = `http://127.0.0.1:${server.address().port}`;
const exitCode = await main(['upgrade-progress', 'web', '--watch', '-o', 'plain', '-e', url], host);
server.close();

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const lines = [
  `A watch of ${polls} reads: exit code ${exitCode}, ${connections} connections, ${megabytes(written)} written`,
  `${process.version}, ${cpus()[0]?.model.trim()}`,
  '',
  '   reads      heap       rss    time  timers',
  ...samples.map(({ poll: reads, heap, rss, seconds, timers }) =>
    [
      String(reads).padStart(8),
      megabytes(heap).padStart(9),
      megabytes(rss).padStart(9),
      `${seconds.toFixed(1)} s`.padStart(7),
      String(timers).padStart(7),
    ].join(' '),
  ),
];
process.stdout.write(`${lines.join('\n')}\n`);
