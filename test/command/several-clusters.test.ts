/** One command about several clusters, over real sockets and on a virtual clock. */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { completedUpgrade, rolledBackUpgrade, runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { parseRecords } from '../support/printed-output.ts';
import { type Run, type RunOptions, run } from '../support/run.ts';
import {
  answerError,
  answerWith,
  type Script,
  type SharedGateway,
  startSharedGateway,
} from '../support/scripted-gateway.ts';
import { createSharedTime } from '../support/shared-time.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

/** An endpoint on which nothing listens. */
const down = 'http://127.0.0.1:1';

/** Answers for any deployment with a document, which gets its name. */
const answerFor =
  (document: Record<string, unknown>): Script =>
  (response, request) => {
    const [, name = ''] = /^\/ComposeDeployments\/([^/?]+)/.exec(request.url ?? '') ?? [];
    answerWith({ ...document, DeploymentName: name, ApplicationName: `fabric:/${name}` })(response, request);
  };

/** Answers late, but before any time-out. */
const answerSlowly =
  (script: Script): Script =>
  (response, request) => {
    setTimeout(() => script(response, request), 30);
  };

/** Responses of a cluster to the reads of `web` and `api` in turn; `down` for a cluster that is. */
type Course = 'down' | readonly Script[];

async function runOn(
  courses: Readonly<Record<string, Course>>,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Run & { readonly gateways: ReadonlyMap<string, SharedGateway> }> {
  const gateways = new Map<string, SharedGateway>();
  const clusters: Record<string, { endpoint: string }> = {};
  for (const [name, course] of Object.entries(courses)) {
    if (course === 'down') {
      clusters[name] = { endpoint: down };
      continue;
    }
    const gateway = await startSharedGateway({ web: course, api: course });
    gateways.set(name, gateway);
    clusters[name] = { endpoint: gateway.url };
  }
  const configFolder = createFolder({
    'sfcompose/config.json': JSON.stringify({ version: 1, clusters }),
  });
  const selected = Object.keys(courses).flatMap((name) => ['-c', name]);
  const [command = '', ...others] = argv;
  const result = await run([command, ...others, ...selected], {
    configFolder,
    time: createSharedTime(),
    ...options,
  });
  return { ...result, gateways };
}

const healthy = [answerFor(runningUpgrade), answerFor(completedUpgrade)];
const slow = healthy.map(answerSlowly);

describe('a read of several clusters', () => {
  it('shows a row for each deployment on each cluster, grouped by cluster', async () => {
    const { stdout, exitCode } = await runOn({ eu: [answerFor(runningUpgrade)], us: slow, asia: 'down' }, [
      'status',
      'web',
      'api',
    ]);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^6 deployments {2}4 upgrading, 2 unreachable +eu, us, asia$/);
    expect(lines.slice(2, 8).map((line) => line.slice(0, 13))).toEqual([
      '  eu    ● web',
      '        ● api',
      '  us    ● web',
      '        ● api',
      '  asia  ✗ web',
      '        ✗ api',
    ]);
    expect(stdout).toMatch(/\n {2}asia +Connection refused: http:\/\/127\.0\.0\.1:1/);
    expect(exitCode).toBe(6);
  });

  it('names the cluster in each plain line, document and record', async () => {
    const courses = { eu: [answerFor(completedUpgrade)], us: [answerError(403, 'E_ACCESSDENIED')] };
    const { stdout: plain } = await runOn(courses, ['status', 'web', '-o', 'plain']);
    expect(plain).toMatch(/^\S+ web on eu to v2: upgraded .*\n\S+ web on us: /);
    const { stdout: json, exitCode } = await runOn(courses, ['status', 'web', '-o', 'json']);
    expect(JSON.parse(json)).toMatchObject([
      { DeploymentName: 'web', cluster: 'eu' },
      { Error: { Code: 'E_ACCESSDENIED' }, cluster: 'us' },
    ]);
    expect(exitCode).toBe(7);
    const { stdout: ndjson } = await runOn(courses, ['status', 'web', '-o', 'ndjson']);
    expect(parseRecords(ndjson)).toMatchObject([
      { type: 'progress', deployment: 'web', cluster: 'eu' },
      {
        type: 'outcome',
        outcome: 'unauthorized',
        deployments: [
          { deployment: 'web', cluster: 'eu', outcome: 'completed' },
          { deployment: 'web', cluster: 'us', outcome: 'unauthorized' },
        ],
      },
    ]);
  });

  it('prints the commands for one deployment with its cluster', async () => {
    const { stdout } = await runOn(
      { eu: [answerFor(rolledBackUpgrade)], us: [answerFor(completedUpgrade)] },
      ['status', 'web'],
    );
    expect(stdout).toMatch(/\n {2}See the details\n {4}sfcompose upgrade-progress web -c eu\n/);
    expect(stdout).toMatch(/\n {2}web on eu {2}v2 failed its health check/);
  });

  it('suggests names from the cluster that lacks one', async () => {
    const list = (name: string) => [answerWith({ ContinuationToken: '', Items: [{ DeploymentName: name }] })];
    const folder = createFolder();
    const eu = await startSharedGateway({ wbe: [answerFor(completedUpgrade)], '': list('never-read') });
    const us = await startSharedGateway({ '': list('web') });
    const clusters = { eu: { endpoint: eu.url }, us: { endpoint: us.url } };
    const configFolder = createFolder({
      'sfcompose/config.json': JSON.stringify({ version: 1, clusters }),
    });
    const options = { configFolder, home: folder, time: createSharedTime() };
    const { stderr, exitCode } = await run(['status', 'wbe', '-c', 'eu', '-c', 'us', '-q'], options);
    expect(stderr).toContain('wbe on us: Did you mean web?');
    expect(eu.reads.get('')).toBeUndefined();
    expect(exitCode).toBe(5);
  });
});

describe('a watch of several clusters', () => {
  it('follows each to its end, whatever happens to the others', async () => {
    const { stdout, stderr, exitCode, gateways } = await runOn({ eu: healthy, us: slow, asia: 'down' }, [
      'watch',
      'web',
      'api',
      '-o',
      'plain',
    ]);
    const lines = stdout.split('\n').map((line) => line.slice(21));
    expect(lines.filter((line) => /^\w+ on (eu|us) to v2: upgraded/.test(line)).toSorted()).toEqual([
      expect.stringContaining('api on eu'),
      expect.stringContaining('api on us'),
      expect.stringContaining('web on eu'),
      expect.stringContaining('web on us'),
    ]);
    expect(stderr).toContain('sfcompose: 6 deployments: 2 unreachable, 4 upgraded.\n');
    expect(stderr).toMatch(/\n {2}web on asia, api on asia: Connection refused/);
    // One notice is enough to see that a cluster is down.
    expect(stderr.match(/No usable response from http:\/\/127\.0\.0\.1:1:/g)).toHaveLength(1);
    expect([...gateways.values()].map(({ reads }) => reads.get('web'))).toEqual([2, 2]);
    expect(exitCode).toBe(6);
  });

  it('gives one verdict, the worst', async () => {
    const { stdout, exitCode } = await runOn(
      { eu: [answerFor(completedUpgrade)], us: [answerFor(rolledBackUpgrade)] },
      ['watch', 'web', '-o', 'ndjson'],
    );
    expect(parseRecords(stdout).at(-1)).toMatchObject({
      outcome: 'rolled-back',
      exitCode: 3,
      deployments: [
        { deployment: 'web', cluster: 'eu', outcome: 'completed' },
        { deployment: 'web', cluster: 'us', outcome: 'rolled-back' },
      ],
    });
    expect(exitCode).toBe(3);
  });

  it('tolerates the failures of each cluster by itself', async () => {
    const busy = answerError(503, 'E_ABORT');
    const { stdout, exitCode } = await runOn({ eu: [busy, busy, answerFor(completedUpgrade)], us: healthy }, [
      'watch',
      'web',
      '-o',
      'ndjson',
      '--retries',
      '2',
    ]);
    const contact = parseRecords(stdout).filter(({ type }) => type === 'contact');
    expect(contact).toMatchObject([
      { deployment: 'web', cluster: 'eu', state: 'lost' },
      { deployment: 'web', cluster: 'eu', state: 'regained' },
    ]);
    expect(exitCode).toBe(0);
  });

  it('prints the command that keeps watching what has not ended', async () => {
    const { stderr, exitCode } = await runOn(
      {
        eu: [answerFor(completedUpgrade)],
        us: [answerFor(runningUpgrade)],
        asia: [answerFor(runningUpgrade)],
      },
      ['watch', 'web', 'api', '-o', 'plain', '--max-wait', '25s'],
    );
    expect(stderr).toMatch(/Keep watching\n {4}sfcompose upgrade-progress web api --watch -c us -c asia\n/);
    expect(exitCode).toBe(124);
  });

  it('tells a build agent the cluster of each deployment', async () => {
    const { files, stderr } = await runOn(
      { eu: [answerFor(completedUpgrade)], us: [answerFor(rolledBackUpgrade)] },
      ['watch', 'web'],
      { ci: 'github', env: { GITHUB_OUTPUT: '/outputs', GITHUB_STEP_SUMMARY: '/summary' } },
    );
    expect(files['/outputs']).toBe('outcome=rolled-back\nexit-code=3\ntarget-version=\n');
    expect(files['/summary']).toContain('| web on eu | upgraded');
    expect(files['/summary']).toContain('| web on us | rolled back to v1');
    expect(stderr).toMatch(
      /::error title=sfcompose%3A 2 deployments%3A 1 rolled back%2C 1 upgraded\.::web on us: /,
    );
  });
});

/** Serves a cluster slowly: each response is late by some milliseconds. @returns its address */
async function slowDown(target: string): Promise<string> {
  const server = createServer((request, response) => {
    const forwarded = get(`${target}${request.url}`, { agent: false }, (answer) => {
      setTimeout(() => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      }, 20);
    });
    forwarded.on('error', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a report of several clusters', () => {
  it('has a section for each deployment on each cluster', async () => {
    const { files } = await runOn({ eu: [answerFor(completedUpgrade)], us: [answerFor(rolledBackUpgrade)] }, [
      'watch',
      'web',
      '--report',
      'rollout.html',
    ]);
    const report = files['rollout.html'] ?? '';
    expect(report).toContain('<h1>Upgrades of 1 deployment on 2 clusters</h1>');
    expect(report.match(/<h2>.*<\/h2>/g)).toEqual([
      '<h2>web on eu</h2>',
      '<h2>web on us</h2>',
      '<h2>Connection to eu</h2>',
      '<h2>Connection to us</h2>',
      '<h2>Settings of the watch</h2>',
    ]);
  });
});

describe('three simulated clusters, one slow and one down', () => {
  it('are followed side by side to their ends', async () => {
    const time = createSharedTime();
    const clock = { now: time.clock.now, monotonic: time.clock.monotonic, sleep: time.clock.sleep };
    const names = ['web', 'api'];
    const eu = await startSimulatedCluster('happy', { names, clock });
    const us = await startSimulatedCluster('rollback', { names, clock });
    const clusters = {
      eu: { endpoint: eu.url },
      us: { endpoint: await slowDown(us.url) },
      asia: { endpoint: down },
    };
    const configFolder = createFolder({
      'sfcompose/config.json': JSON.stringify({ version: 1, clusters }),
    });
    const argv = [
      'watch',
      ...names,
      '-c',
      'eu',
      '-c',
      'us',
      '-c',
      'asia',
      '-o',
      'ndjson',
      '--interval',
      '1m',
    ];
    const { stdout, exitCode } = await run(argv, { configFolder, time });
    const records = parseRecords(stdout);
    expect(records.at(-1)).toMatchObject({
      outcome: 'rolled-back',
      deployments: [
        { cluster: 'eu', deployment: 'web', outcome: 'completed' },
        { cluster: 'eu', deployment: 'api', outcome: 'completed' },
        { cluster: 'us', deployment: 'web', outcome: 'rolled-back' },
        { cluster: 'us', deployment: 'api', outcome: 'rolled-back' },
        { cluster: 'asia', deployment: 'web', outcome: 'unreachable' },
        { cluster: 'asia', deployment: 'api', outcome: 'unreachable' },
      ],
    });
    const count = (cluster: string) =>
      records.filter((record) => record['type'] === 'progress' && record['cluster'] === cluster).length;
    expect(count('eu')).toBeGreaterThan(10);
    expect(count('us')).toBeGreaterThan(10);
    expect(exitCode).toBe(3);
  });
});

describe('one cluster by name', () => {
  it('is named on the screen, and in printed commands', async () => {
    const { stdout, exitCode } = await runOn({ prod: [answerFor(rolledBackUpgrade)] }, ['status', 'web']);
    expect(stdout).toMatch(/^✗ web was rolled back to v1 .* prod\n/);
    expect(stdout).toContain('sfcompose upgrade-progress web --full -c prod');
    expect(exitCode).toBe(0);
  });

  it('has documents and records as they are for any cluster', async () => {
    const { stdout } = await runOn({ prod: [answerFor(completedUpgrade)] }, ['status', 'web', '-o', 'json']);
    expect(JSON.parse(stdout)).not.toHaveProperty('cluster');
  });
});

describe('a command about one cluster', () => {
  it.each([['rollback web'], ['upgrade web -f compose.yml'], ['resume web'], ['connection']])(
    'refuses several: %s',
    async (command) => {
      const { stderr, exitCode, gateways } = await runOn({ eu: healthy, us: healthy }, command.split(' '));
      expect(stderr).toMatch(/--cluster/);
      expect(exitCode).toBe(2);
      for (const { requests } of gateways.values()) expect(requests).toEqual([]);
    },
  );
});
