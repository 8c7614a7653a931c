/**
 * Memory and time of a long watch: 10,000 reads over real sockets, on a clock that nobody waits for. It needs
 * `--expose-gc` and the file that exports `main`, and prints its figures as JSON.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';

const { main } = createRequire(import.meta.url)(process.argv[2]);

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
    const megabytes = (bytes) => bytes / 2 ** 20;
    samples.push({ reads: poll, heap: megabytes(heapUsed), rss: megabytes(rss), timers: due.size });
  }
  const isFailure = poll % 500 === 0 && poll < polls;
  response.writeHead(isFailure ? 503 : 200, { 'Content-Type': 'application/json; charset=utf-8' });
  response.end(isFailure ? '{"Error":{"Code":"E_ABORT","Message":"Null"}}' : documentOf(poll));
}).on('connection', () => connections++);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

let now = 0;
const due = new Set();
const output = {
  isTTY: false,
  columns: undefined,
  rows: undefined,
  stream: new Writable(),
  gone: new AbortController().signal,
  async drained() {},
  async flushed() {},
  write() {},
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
const started = performance.now();
const exitCode = await main(['upgrade-progress', 'web', '--watch', '-o', 'plain', '-e', url], host);
server.close();

const figures = { polls, exitCode, connections, seconds: (performance.now() - started) / 1000, samples };
process.stdout.write(`${JSON.stringify(figures)}\n`);
