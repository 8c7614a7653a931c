/** `sfcompose list --watch`: a dashboard of everything that is upgrading. */
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { completedUpgrade, runningUpgrade } from '../support/documents.ts';
import { parseRecords } from '../support/printed-output.ts';
import { type RunOptions, run } from '../support/run.ts';
import { answerError, answerWith, type Script, startSharedGateway } from '../support/scripted-gateway.ts';
import { createSharedTime } from '../support/shared-time.ts';
import { post, startSimulatedCluster, startTime, upgradeBody } from '../support/simulated-cluster.ts';

const three = ['web', 'api', 'shop'];

/** Starts a simulated cluster on the clock of the command. */
async function startCluster(scenario: ScenarioName, names: readonly string[] = three) {
  const time = createSharedTime();
  const { clock } = time;
  const cluster = await startSimulatedCluster(scenario, { names, clock: { ...clock, now: () => startTime } });
  const watch = (argv: readonly string[], options: RunOptions = {}) =>
    run(['list', '--watch', '-e', cluster.url, ...argv], { time, ...options });
  return { cluster, time, watch };
}

/** A response that begins after some minutes. */
type Phase = readonly [fromMinute: number, script: Script];

const running = answerWith(runningUpgrade);
const completed = answerWith(completedUpgrade);
const busy = answerError(503, 'E_ABORT');
const removed = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');

/** Answers with a list of deployments and their statuses. */
const answerList = (statuses: Readonly<Record<string, string>>): Script =>
  answerWith({
    ContinuationToken: '',
    Items: Object.entries(statuses).map(([name, status]) => ({
      DeploymentName: name,
      ApplicationName: `fabric:/${name}`,
      ComposeDeploymentStatus: status,
    })),
  });

/** Watches the list of a gateway whose responses about the list, and about `web`, change with the time. */
async function watchPhases(
  phases: { readonly list: readonly Phase[]; readonly web: readonly Phase[] },
  argv: readonly string[],
  options: RunOptions = {},
) {
  const time = createSharedTime();
  const play =
    (own: readonly Phase[]): Script =>
    (response, request) => {
      const minute = time.clock.monotonic() / 60_000;
      own.findLast(([from]) => from <= minute)?.[1](response, request);
    };
  const gateway = await startSharedGateway({ '': [play(phases.list)], web: [play(phases.web)] });
  return run(['list', '--watch', '-e', gateway.url, ...argv], { time, ...options });
}

/** Returns the lines about changes, without their dates. */
function listChanges(stdout: string): readonly string[] {
  return stdout
    .split('\n')
    .filter((line) => /^2026/.test(line))
    .map((line) => line.replace(/^\S+T/, ''));
}

const upgrading = answerList({ web: 'Upgrading' });
const ready = answerList({ web: 'Ready' });

describe('a dashboard in a log', () => {
  it('follows each upgrade to its end, and sums up while nothing is upgrading', async () => {
    const { watch } = await startCluster('rollback');
    const { stdout, stderr, exitCode } = await watch([
      '-o',
      'plain',
      '--max-wait',
      '20m',
      '--heartbeat',
      '3m',
    ]);
    const lines = listChanges(stdout);
    expect(lines.slice(0, 3)).toEqual(
      ['api', 'shop', 'web'].map(
        (name) => `08:00:00Z ${name} to v2: provisioning the new version [ProvisioningTarget]`,
      ),
    );
    for (const name of three)
      expect(lines.filter((line) => line.includes(` ${name} back to v1: rolled back [`))).toHaveLength(1);
    expect(lines.slice(-1)).toEqual(['08:17:20Z Nothing is upgrading: 3 deployments']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('begins with what is upgrading later, and follows the next upgrade of the same deployment', async () => {
    const { cluster, watch } = await startCluster('happy', ['web']);
    let isSent = false;
    const { stdout } = await watch(['-o', 'plain', '--max-wait', '60m'], {
      onOutput(text) {
        if (isSent || !text.includes('Nothing is upgrading')) return;
        isSent = true;
        void post(cluster, 'Upgrade', { ...upgradeBody });
      },
    });
    const ends = listChanges(stdout).filter((line) => line.includes('upgraded ['));
    expect(ends.map((line) => line.slice(10))).toEqual([
      'web to v2: upgraded [RollingForwardCompleted]',
      'web to v3: upgraded [RollingForwardCompleted]',
    ]);
  });

  it('tells that a deployment was removed', async () => {
    const { stdout, exitCode } = await watchPhases(
      {
        list: [
          [0, upgrading],
          [2, answerList({})],
        ],
        web: [
          [0, running],
          [2, removed],
        ],
      },
      ['-o', 'plain', '--max-wait', '20m', '--heartbeat', '1h'],
    );
    expect(listChanges(stdout).at(-1)).toMatch(/^08:02:\d\dZ web: .*removed/);
    expect(exitCode).toBe(0);
  });

  it('does not take an old list for another upgrade', async () => {
    const { stdout } = await watchPhases(
      {
        list: [[0, upgrading]],
        web: [
          [0, running],
          [1, completed],
        ],
      },
      ['-o', 'plain', '--max-wait', '30m', '--heartbeat', '1h'],
    );
    expect(listChanges(stdout)).toHaveLength(2);
  });
});

describe('a dashboard that loses contact', () => {
  it('goes on when the cluster answers again, also about an upgrade that it had given up', async () => {
    const { stdout, stderr, exitCode } = await watchPhases(
      {
        list: [
          [0, upgrading],
          [5, busy],
          [45, ready],
        ],
        web: [
          [0, running],
          [5, busy],
          [45, completed],
        ],
      },
      ['-o', 'ndjson', '--max-wait', '50m', '--retries', '3'],
    );
    const records = parseRecords(stdout).map(({ type, outcome, state, deployment }) =>
      [type, deployment, state ?? outcome].filter((one) => one !== undefined).join(' '),
    );
    expect(records).toEqual([
      'progress web',
      'contact  lost',
      'contact web lost',
      'ended web unreachable',
      'contact  regained',
      'progress web',
      'ended web completed',
      'outcome  completed',
    ]);
    expect(stderr).toContain('sfcompose: Contact lost: HTTP 503 E_ABORT. Retrying.\n');
    expect(stderr).toContain('sfcompose: Contact regained after 4');
    expect(exitCode).toBe(0);
  });

  it.each([
    [403, 'E_ACCESSDENIED', 7],
    [400, 'E_INVALIDARG', 6],
  ])('ends when the list is refused with %i', async (status, word, code) => {
    const { exitCode, stdout } = await watchPhases(
      {
        list: [
          [0, upgrading],
          [5, answerError(status, word)],
        ],
        web: [[0, running]],
      },
      ['-o', 'ndjson'],
    );
    expect(exitCode).toBe(code);
    expect(parseRecords(stdout).at(-1)).toMatchObject({ type: 'outcome', exitCode: code });
  });

  it('is given up soon if nothing has ever answered', async () => {
    const { exitCode, stdout, stderr } = await run(['list', '-w', '-e', 'http://127.0.0.1:1'], {
      time: createSharedTime(),
    });
    expect(stdout).toBe('');
    expect(stderr).toContain('Connection refused: http://127.0.0.1:1');
    expect(exitCode).toBe(6);
  });
});

describe('the end of a dashboard', () => {
  it('is a success at the deadline if no upgrade is under way, with a table of what was seen lately', async () => {
    const { watch } = await startCluster('happy');
    const { stdout, stderr, exitCode } = await watch(['--max-wait', '16m', '-q']);
    const screen = stdout.split('\n').filter((line) => !line.startsWith('2026'));
    expect(screen[0]).toMatch(/^Nothing is upgrading {2}3 upgraded · 3 deployments {5,}127\.0\.0\.1:\d+$/);
    expect(screen.slice(2, 5).map((line) => line.slice(0, 9))).toEqual([
      '  ✓ api  ',
      '  ✓ shop ',
      '  ✓ web  ',
    ]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('no longer shows what has ended long ago, but counts it', async () => {
    const { watch } = await startCluster('happy');
    const table = await watch(['--max-wait', '30m', '-q']);
    expect(table.stdout).toMatch(/Nothing is upgrading {2}3 deployments {5,}127\.0\.0\.1:\d+\n$/);
    const { watch: watchAgain } = await startCluster('rollback');
    const { stdout } = await watchAgain(['--max-wait', '30m', '-o', 'ndjson']);
    expect(parseRecords(stdout).at(-1)).toMatchObject({
      type: 'outcome',
      outcome: 'completed',
      reason: '3 upgrades: 3 rolled back.',
      deployments: [],
    });
  });

  it('is 124 at the deadline while an upgrade is under way', async () => {
    const { watch } = await startCluster('happy');
    const { stderr, exitCode } = await watch(['--max-wait', '5m', '-o', 'plain']);
    expect(stderr).toBe(
      [
        'sfcompose: Stopped watching after 5m (--max-wait). Upgrades that have not ended continue on the cluster.',
        '  api: checking health of UD0 (1 of 3)',
        '  shop: checking health of UD0 (1 of 3)',
        '  web: rolling forward, UD1 (2 of 3)',
        '',
      ].join('\n'),
    );
    expect(exitCode).toBe(124);
  });

  it('is 6 at the deadline if nothing was ever read', async () => {
    const { exitCode, stderr } = await watchPhases({ list: [[0, busy]], web: [] }, ['--max-wait', '5s']);
    expect(stderr.replace(/\s+/g, ' ')).toContain('Gave up after 5s (--max-wait).');
    expect(exitCode).toBe(6);
  });

  it('is the signal when it is interrupted', async () => {
    const { watch } = await startCluster('happy');
    const interrupt = new AbortController();
    const { stdout, stderr, exitCode } = await watch([], {
      interrupt: interrupt.signal,
      onOutput: (text) => text.includes('UD1') && interrupt.abort('q'),
    });
    expect(stderr).toContain('Stopped by q. Upgrades that have not ended continue on the cluster.');
    expect(stdout).toContain('3 upgrading  3 deployments');
    expect(exitCode).toBe(130);
  });
});

describe('the options of a dashboard', () => {
  it.each([
    [['--interval', '5s'], '--interval needs --watch.'],
    [['--heartbeat', '5s'], '--heartbeat needs --watch.'],
    [['--stall-after', '5s'], '--stall-after needs --watch.'],
    [['--ci', 'github'], '--ci needs --watch.'],
    [['--watch', '-o', 'json'], '--watch cannot print one JSON document'],
    [['--watch', '-o', 'tsv', '--query', 'a'], '--watch cannot print one JSON document'],
    [['--watch', '--interval', '1ms'], 'at least 200ms'],
  ])('are refused if they have no effect: %j', async (argv, text) => {
    const { exitCode, stderr, sleeps } = await run(['list', ...argv]);
    expect(stderr).toContain(text);
    expect(sleeps).toEqual([]);
    expect(exitCode).toBe(2);
  });

  it('warn a build agent of bad ends', async () => {
    const { watch } = await startCluster('rollback');
    const { stderr } = await watch(['--max-wait', '16m', '-o', 'plain', '--ci', 'azure']);
    const warnings = stderr.split('\n').filter((line) => line.startsWith('##vso[task.logissue type=warning'));
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toContain('web: rolled back');
  });
});
