/** `sfcompose list` about several clusters, over real sockets and on a virtual clock. */
import { describe, expect, it } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { parseRecords } from '../support/printed-output.ts';
import { type RunOptions, run } from '../support/run.ts';
import { answerError, answerWith, type Script, startSharedGateway } from '../support/scripted-gateway.ts';
import { createSharedTime } from '../support/shared-time.ts';
import { startSimulatedCluster, startTime } from '../support/simulated-cluster.ts';

/** An endpoint on which nothing listens. */
const down = 'http://127.0.0.1:1';

const items = [
  { DeploymentName: 'api', ApplicationName: 'fabric:/api', ComposeDeploymentStatus: 'Ready' },
  { DeploymentName: 'web', ApplicationName: 'fabric:/web', ComposeDeploymentStatus: 'Upgrading' },
];

const answerList = answerWith({ ContinuationToken: '', Items: items });

/** Answers late, but before any time-out. */
const answerSlowly =
  (script: Script): Script =>
  (response, request) => {
    setTimeout(() => script(response, request), 30);
  };

/** Runs `list` on clusters, by name. */
async function runOn(
  endpoints: Readonly<Record<string, string>>,
  argv: readonly string[],
  options: RunOptions = {},
) {
  const clusters = Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => [name, { endpoint }]),
  );
  const configFolder = createFolder({
    'sfcompose/config.json': JSON.stringify({ version: 1, clusters }),
  });
  const selected = Object.keys(endpoints).flatMap((name) => ['-c', name]);
  return run(['list', ...argv, ...selected], { configFolder, time: createSharedTime(), ...options });
}

async function startEuAndUs() {
  const eu = await startSharedGateway({ '': [answerList], web: [answerWith(runningUpgrade)] });
  const us = await startSharedGateway({
    '': [answerSlowly(answerList)],
    web: [answerSlowly(answerWith(runningUpgrade))],
  });
  return { eu: eu.url, us: us.url };
}

describe('a list of several clusters', () => {
  it('is grouped by cluster, and shows the others if one is down', async () => {
    const { stdout, stderr, exitCode } = await runOn({ ...(await startEuAndUs()), asia: down }, []);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^4 deployments {2}2 ready, 2 upgrading +eu, us$/);
    expect(lines.slice(2, 6).map((line) => line.slice(0, 13).trimEnd())).toEqual([
      '  eu  ✓ api',
      '      ● web',
      '  us  ✓ api',
      '      ● web',
    ]);
    expect(stderr).toContain('asia: Connection refused: http://127.0.0.1:1');
    expect(exitCode).toBe(6);
  });

  it('names the cluster in each line, record and item', async () => {
    const denied = await startSharedGateway({ '': [answerError(403, 'E_ACCESSDENIED')] });
    const { eu } = await startEuAndUs();
    const both = { eu, us: denied.url };
    const plain = await runOn(both, ['-o', 'plain']);
    expect(plain.stdout).toMatch(/^\S+ api on eu \(fabric:\/api\): ready\n\S+ web on eu \(/);
    expect(plain.exitCode).toBe(7);
    const ndjson = await runOn(both, ['-o', 'ndjson']);
    expect(parseRecords(ndjson.stdout)).toMatchObject([
      { type: 'deployment', cluster: 'eu', deployment: items[0] },
      { type: 'deployment', cluster: 'eu', deployment: items[1], progress: { DeploymentName: 'web' } },
      { type: 'outcome', exitCode: 7 },
    ]);
    const json = await runOn(both, ['--json']);
    expect(JSON.parse(json.stdout)).toEqual({
      Items: [
        { ...items[0], cluster: 'eu' },
        { ...items[1], UpgradeProgress: runningUpgrade, cluster: 'eu' },
      ],
      Errors: [{ Error: { Code: 'E_ACCESSDENIED', Message: expect.any(String) }, cluster: 'us' }],
    });
  });

  it('is one error if none can be read', async () => {
    const { stdout, stderr, exitCode } = await runOn({ eu: down, us: 'http://127.0.0.1:2' }, ['--json']);
    expect(JSON.parse(stdout)).toEqual({
      Error: { Code: 'SFCOMPOSE_E_UNREACHABLE', Message: '2 of 2 clusters could not be read.' },
    });
    expect(stderr).toContain('  eu: Connection refused: http://127.0.0.1:1');
    expect(exitCode).toBe(6);
  });
});

describe('a dashboard of several clusters', () => {
  it('follows the upgrades on each, and is not held up by one that is down', async () => {
    const time = createSharedTime();
    const clock = { ...time.clock, now: () => startTime };
    const eu = await startSimulatedCluster('happy', { clock });
    const us = await startSimulatedCluster('rollback', { clock, names: ['web', 'api'] });
    const endpoints = { eu: eu.url, us: us.url, asia: down };
    const { stdout, stderr, exitCode } = await runOn(endpoints, ['-w', '--max-wait', '17m', '-o', 'ndjson'], {
      time,
    });
    const records = parseRecords(stdout);
    expect(
      records
        .filter(({ type }) => type === 'ended')
        .map(({ deployment, cluster, outcome }) => `${deployment} on ${cluster}: ${outcome}`),
    ).toEqual(['web on eu: completed', 'web on us: rolled-back', 'api on us: rolled-back']);
    expect(records[0]).toMatchObject({ type: 'contact', deployment: null, cluster: 'asia', state: 'lost' });
    expect(stderr).toContain('sfcompose: asia: Connection refused: http://127.0.0.1:1');
    expect(records.at(-1)).toMatchObject({ outcome: 'unreachable', exitCode: 6 });
    expect(exitCode).toBe(6);
  });

  it('groups its rows by cluster', async () => {
    const { stdout, exitCode } = await runOn(await startEuAndUs(), ['-w', '--max-wait', '25s', '-q']);
    const lines = stdout.split('\n').filter((line) => !line.startsWith('2026'));
    expect(lines[0]).toMatch(/^2 upgrading {2}4 deployments +eu, us$/);
    expect(lines.slice(2, 4).map((line) => line.slice(0, 13).trimEnd())).toEqual([
      '  eu  ● web',
      '  us  ● web',
    ]);
    expect(exitCode).toBe(124);
  });

  it('ends once no cluster can be read any more', async () => {
    const denied = await startSharedGateway({ '': [answerError(403, 'E_ACCESSDENIED')] });
    const { stderr, exitCode } = await runOn({ eu: denied.url, us: down }, ['-w', '-o', 'plain']);
    expect(stderr).toContain('2 of 2 clusters could not be read.');
    expect(exitCode).toBe(7);
  });
});
