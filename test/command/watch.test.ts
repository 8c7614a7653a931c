/** `upgrade-progress --watch`, over real sockets and on a virtual clock. */
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  rolledBackUpgrade,
  rollingBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
} from '../support/scripted-gateway.ts';

async function watch(scripts: readonly Script[], argv: readonly string[] = [], options: RunOptions = {}) {
  const gateway = await startGateway(...scripts);
  const result = await run(['upgrade-progress', 'web', '-w', '-e', gateway.url, ...argv], options);
  return { ...result, gateway };
}

const provisioningUpgrade = createShortUpgrade({ UpgradeState: 'ProvisioningTarget' });
const answerRunning = answerWith(runningUpgrade);
const failedUpgrade = createShortUpgrade({ UpgradeState: 'Failed' });
const answerEmptyList = answer('{"Items":[]}');
const answerRemoved = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
const answerUnrecorded = answerError(404, 'NotFound', 'Null');
const answerBusy = answerError(503, 'E_ABORT');
const answerTo = (version: string, document: Record<string, unknown>): Script =>
  answerWith({ ...document, TargetApplicationTypeVersion: version });
const answerStatus = (word: string, details?: string): Script =>
  answerWith({
    DeploymentName: 'web',
    ApplicationName: 'fabric:/web',
    ComposeDeploymentStatus: word,
    StatusDetails: details,
  });
const answerGone = answer('', 204, 'No Content');

interface VerdictCase {
  readonly name: string;
  readonly code: number;
  readonly outcome: string;
  /** Text on stderr. */
  readonly text: string;
  readonly scripts: readonly Script[];
  readonly argv?: readonly string[];
}

describe('the outcome of a watch', () => {
  it.each<VerdictCase>([
    {
      name: 'completes',
      code: 0,
      outcome: 'completed',
      text: '',
      scripts: [answerWith(provisioningUpgrade), answerRunning, answerWith(completedUpgrade)],
    },
    {
      name: 'completed before the watch',
      code: 0,
      outcome: 'completed',
      text: '',
      scripts: [answerWith(completedUpgrade)],
    },
    {
      name: 'is rolled back',
      code: 3,
      outcome: 'rolled-back',
      text: 'web: rolled back to v1',
      scripts: [answerRunning, answerWith(rollingBackUpgrade), answerWith(rolledBackUpgrade)],
    },
    {
      name: 'fails',
      code: 4,
      outcome: 'failed',
      text: 'The deployment reports: no such image.',
      scripts: [
        answerWith(provisioningUpgrade),
        answerWith(failedUpgrade),
        answerStatus('Ready', 'no such image'),
      ],
    },
    {
      name: 'never existed',
      code: 5,
      outcome: 'not-found',
      text: 'web: never upgraded',
      scripts: [answerWith(createNeverUpgraded()), answerStatus('Ready')],
    },
    {
      name: 'never existed because the creation failed',
      code: 4,
      outcome: 'failed',
      text: 'The deployment reports: no such image.',
      scripts: [answerWith(createNeverUpgraded()), answerStatus('Failed', 'no such image')],
    },
    {
      name: 'is just beginning',
      code: 0,
      outcome: 'completed',
      text: '',
      scripts: [
        answerWith(createNeverUpgraded()),
        answerStatus('Upgrading'),
        answerWith(provisioningUpgrade),
        answerWith(completedUpgrade),
      ],
    },
    {
      name: 'has no deployment',
      code: 5,
      outcome: 'not-found',
      text: 'There is no compose deployment "web"',
      scripts: [answerRemoved, answerEmptyList],
    },
    {
      name: 'loses its deployment',
      code: 5,
      outcome: 'not-found',
      text: 'was removed while it was being watched',
      scripts: [answerRunning, answerRemoved],
    },
    {
      name: 'is rolled back while provisioning',
      code: 3,
      outcome: 'rolled-back',
      text: 'first upgrade rolled back while the new version was being provisioned',
      scripts: [
        answerWith(provisioningUpgrade),
        answerUnrecorded,
        answerStatus('Upgrading'),
        answerUnrecorded,
        answerStatus('Upgrading'),
        answerUnrecorded,
        answerStatus('Ready'),
      ],
    },
    {
      name: 'has no record, and whose deployment is removed',
      code: 5,
      outcome: 'not-found',
      text: 'removed while its upgrade was being rolled back',
      scripts: [answerUnrecorded, answerStatus('Deleting'), answerUnrecorded, answerGone],
    },
    {
      name: 'has no record, and whose deployment failed',
      code: 4,
      outcome: 'failed',
      text: 'the deployment is Failed',
      scripts: [answerUnrecorded, answerStatus('Failed')],
    },
    {
      name: 'is replaced',
      code: 9,
      outcome: 'superseded',
      text: 'a different upgrade (to v3) replaced the one being watched: provisioning the new version',
      scripts: [answerRunning, answerTo('v3', provisioningUpgrade)],
    },
    {
      name: 'is replaced after its rollback',
      code: 9,
      outcome: 'superseded',
      text: 'replaced the one being watched',
      scripts: [answerWith(rollingBackUpgrade), answerTo('v3', runningUpgrade)],
    },
    {
      name: 'is replaced by one that rolls back to the same version',
      code: 9,
      outcome: 'superseded',
      text: 'replaced the one being watched',
      scripts: [answerRunning, answerTo('v2', rollingBackUpgrade)],
    },
    {
      name: 'has an unknown state',
      code: 0,
      outcome: 'completed',
      text: 'Unknown upgrade state "Levitating"',
      scripts: [answerWith(createUpgrade({ UpgradeState: 'Levitating' })), answerWith(completedUpgrade)],
    },
    {
      name: 'cannot be reached any more',
      code: 6,
      outcome: 'unreachable',
      text: 'E_ABORT',
      scripts: [answerRunning, answerBusy, answerBusy, answerBusy],
      argv: ['--retries', '2'],
    },
    {
      name: 'may no longer be read',
      code: 7,
      outcome: 'unauthorized',
      text: 'E_ACCESSDENIED',
      scripts: [answerRunning, answerError(403, 'E_ACCESSDENIED')],
    },
    {
      name: 'answers twice with 500',
      code: 6,
      outcome: 'unreachable',
      text: 'E_FAIL',
      scripts: [answerRunning, answerError(500, 'E_FAIL'), answerError(500, 'E_FAIL')],
    },
    {
      name: 'begins to roll back with --fail-fast',
      code: 3,
      outcome: 'rolled-back',
      text: 'web: rolling back',
      scripts: [answerRunning, answerWith(rollingBackUpgrade)],
      argv: ['--fail-fast'],
    },
    {
      name: 'is the expected one',
      code: 0,
      outcome: 'completed',
      text: '',
      scripts: [answerRunning, answerWith(completedUpgrade)],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'completed, and is not the expected one',
      code: 9,
      outcome: 'superseded',
      text: 'expected an upgrade to v3, but found one to v2: upgraded',
      scripts: [answerWith(completedUpgrade)],
      argv: ['--expect-version', 'v3'],
    },
    {
      name: 'comes before the expected one',
      code: 0,
      outcome: 'completed',
      text: '',
      scripts: [answerRunning, answerTo('v3', runningUpgrade), answerTo('v3', completedUpgrade)],
      argv: ['--expect-version', 'v3'],
    },
    {
      name: 'is the expected one, and rolls back',
      code: 3,
      outcome: 'rolled-back',
      text: 'rolled back',
      scripts: [answerRunning, answerWith(rollingBackUpgrade), answerWith(rolledBackUpgrade)],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'is not the expected one, and rolls back',
      code: 9,
      outcome: 'superseded',
      text: 'expected an upgrade to v3, but found a rollback to v1: rolled back',
      scripts: [answerRunning, answerWith(rollingBackUpgrade), answerWith(rolledBackUpgrade)],
      argv: ['--expect-version', 'v3'],
    },
    {
      name: 'rolled back to the expected version',
      code: 9,
      outcome: 'superseded',
      text: 'expected an upgrade to v1, but found a rollback to v1: rolled back',
      scripts: [answerWith(rolledBackUpgrade)],
      argv: ['--expect-version', 'v1'],
    },
    {
      name: 'fails while rolling back',
      code: 4,
      outcome: 'failed',
      text: 'failed',
      scripts: [
        answerRunning,
        answerWith(rollingBackUpgrade),
        answerTo('v1', failedUpgrade),
        answerStatus('Ready'),
      ],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'takes longer than --max-wait',
      code: 124,
      outcome: 'timed-out',
      text: 'The upgrade continues on the cluster',
      scripts: repeat(answerRunning),
      argv: ['--max-wait', '95s'],
    },
  ])('of an upgrade that $name is $outcome', async ({ code, outcome, text, scripts, argv = [] }) => {
    const { exitCode, stdout, stderr, gateway } = await watch(scripts, ['-o', 'ndjson', ...argv]);
    expect(stderr).toContain(text);
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const outcomes = records.filter(({ type }) => type === 'outcome');
    expect(outcomes).toHaveLength(1);
    expect(records.at(-1)).toMatchObject({
      type: 'outcome',
      outcome: outcome,
      exitCode: code,
      deployment: 'web',
    });
    expect(exitCode).toBe(code);
    if (code !== 124) expect(gateway.requests).toHaveLength(scripts.length);
  });
});

describe('the reads of a watch', () => {
  it('start at once, and repeat every ten seconds', async () => {
    const { sleeps, gateway } = await watch([
      answerRunning,
      answerRunning,
      answerRunning,
      answerWith(completedUpgrade),
    ]);
    expect(sleeps).toEqual([10_000, 10_000, 10_000]);
    expect(gateway.requests).toHaveLength(4);
  });

  it('repeat after --interval', async () => {
    const { sleeps } = await watch(
      [answerRunning, answerWith(completedUpgrade)],
      ['--interval', '1m30s', '--heartbeat', '5m'],
    );
    expect(sleeps).toEqual([90_000]);
  });

  it('back off with each consecutive failure, and count only those', async () => {
    const { exitCode, sleeps, stderr } = await watch(
      [
        answerRunning,
        answerBusy,
        answerBusy,
        answerRunning,
        answerBusy,
        answerBusy,
        answerWith(completedUpgrade),
      ],
      ['--retries', '2'],
    );
    expect(exitCode).toBe(0);
    expect(sleeps).toEqual([10_000, 250, 500, 10_000, 250, 500]);
    expect(stderr.match(/Contact lost: HTTP 503 E_ABORT/g)).toHaveLength(2);
    expect(stderr.match(/Contact regained after/g)).toHaveLength(2);
  });

  it('back off to 30 seconds, wait for Retry-After, and end after ten failures', async () => {
    const slow = answer('', 503, 'Busy', { 'Retry-After': '50' });
    const { exitCode, sleeps, stderr } = await watch(
      [...repeat(answerBusy).slice(0, 9), slow, answerBusy],
      ['--heartbeat', '1h'],
      { random: 1 },
    );
    expect(sleeps).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 50_000]);
    expect(stderr).toContain('(11 attempts)');
    expect(exitCode).toBe(6);
  });

  it('pause while stdout is blocked, for no longer than --max-wait', async () => {
    const time = createTestTime();
    let waits = 0;
    const drained = async (signal: AbortSignal) => {
      // The reader takes the first line, and nothing after it.
      if (waits++ === 0) return;
      const over = new Promise((resolve) => signal.addEventListener('abort', resolve));
      time.pass(120_000);
      await over;
    };
    const { exitCode, stderr, gateway } = await watch([answerRunning], ['--max-wait', '1m', '-o', 'ndjson'], {
      time,
      drained,
    });
    expect(gateway.requests).toHaveLength(1);
    expect(stderr).toContain('Stopped watching after 1m');
    expect(exitCode).toBe(124);
  });

  it('are cancelled when the time is up', async () => {
    const time = createTestTime();
    const silent: Script = () => time.pass(30_000);
    const { exitCode, stdout, stderr } = await watch(
      [answerRunning, silent],
      ['--max-wait', '35s', '--json'],
      {
        time,
      },
    );
    expect(exitCode).toBe(124);
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
    expect(stderr).toMatch(/Stopped watching after 35s.*continues on the cluster/);
    expect(stderr).toMatch(
      /Keep watching\n {4}sfcompose upgrade-progress web --watch -e http:\/\/127\.0\.0\.1:\d+\n$/,
    );
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('are cancelled by %s', async (signal, code) => {
    const interrupt = new AbortController();
    const { exitCode, stdout, stderr } = await watch(
      [answerRunning, () => interrupt.abort(signal)],
      ['-o', 'ndjson'],
      {
        interrupt: interrupt.signal,
      },
    );
    expect(exitCode).toBe(code);
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({
      type: 'outcome',
      outcome: 'interrupted',
      exitCode: code,
      targetVersion: 'v2',
    });
    expect(stderr).toContain('The upgrade continues on the cluster.');
    expect(stderr).toContain('Keep watching\n    sfcompose upgrade-progress web --watch');
  });

  it('cause one warning when nothing changes, with the usual cause', async () => {
    const { stderr } = await watch(
      [...repeat(answerRunning).slice(0, 15), answerWith(completedUpgrade)],
      ['--stall-after', '1m'],
    );
    expect(stderr.match(/Nothing has changed/g)).toHaveLength(1);
    expect(stderr).toContain(
      'Nothing has changed for 1m, since 2026-11-24T08:00:00Z. Usual causes: a safety check',
    );
  });

  it('count the time without a change between two reads, on a screen', async () => {
    const { stdout } = await watch(
      [...repeat(answerRunning).slice(0, 15), answerWith(completedUpgrade)],
      ['--stall-after', '1m'],
      { columns: 80 },
    );
    const texts = new Set(stdout.match(/Nothing has changed for [\dms ]+/g));
    expect(texts).toContain('Nothing has changed for 1m 30s');
    expect(texts.size).toBeGreaterThan(60);
  });

  it('do not count ticking clocks as changes', async () => {
    const later = answerWith({
      ...runningUpgrade,
      UpgradeDuration: 'PT0H5M0S',
      CurrentUpgradeDomainDuration: 'PT0H2M0S',
    });
    const { stdout, stderr } = await watch(
      [answerRunning, later, later, answerWith(completedUpgrade)],
      ['-o', 'plain', '--stall-after', '25s'],
    );
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toContain('Nothing has changed');
  });
});

describe('the bell', () => {
  const bell = '\u0007';
  const scripts = [answerRunning, answerWith(completedUpgrade)];

  it('rings once, at the end of a watch on a terminal', async () => {
    const { stdout } = await watch(scripts, ['--bell'], { columns: 80 });
    expect(stdout.split(bell)).toHaveLength(2);
    expect(stdout.endsWith(bell)).toBe(true);
  });

  it('is silent unless it is requested, without a terminal, and after an interrupt', async () => {
    expect((await watch(scripts, [], { columns: 80 })).stdout).not.toContain(bell);
    const { stdout, stderr } = await watch(scripts, ['--bell']);
    expect(stdout + stderr).not.toContain(bell);
    const interrupt = new AbortController();
    const stopped = await watch([answerRunning, () => interrupt.abort('SIGINT')], ['--bell'], {
      columns: 80,
      interrupt: interrupt.signal,
    });
    expect(stopped.stdout).not.toContain(bell);
  });
});

interface DocumentCase {
  readonly name: string;
  readonly scripts: readonly Script[];
  readonly argv: readonly string[];
  /** The document, or the code of an error. */
  readonly expected: unknown;
}

describe('the output of a watch', () => {
  it('is a line for each change and each heartbeat in the plain format', async () => {
    const { stdout, stderr, exitCode } = await watch(
      [...repeat(answerRunning).slice(0, 14), answerWith(completedUpgrade)],
      ['-o', 'plain', '--heartbeat', '60s'],
    );
    expect(stdout.split('\n').map((line) => line.slice(11, 60))).toEqual([
      '08:00:00Z web to v2: rolling forward, UD1 [Rollin',
      '08:01:00Z web to v2: rolling forward, UD1 [Rollin',
      '08:02:00Z web to v2: rolling forward, UD1 [Rollin',
      '08:02:20Z web to v2: upgraded [RollingForwardComp',
      '',
    ]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('mentions lost contact in repeated lines', async () => {
    const { stdout, stderr } = await watch(
      [answerRunning, ...repeat(answerBusy).slice(0, 9), answerWith(completedUpgrade)],
      ['-o', 'plain', '--stall-after', '30s'],
    );
    const [first, again, ...rest] = stdout.trim().split('\n');
    expect(again?.slice(20)).toBe(`${first?.slice(20)}; contact lost since`);
    expect(rest).toHaveLength(1);
    expect(stderr).not.toContain('Nothing has changed');
  });

  it('is the same lines and a final screen in the format table', async () => {
    const { stdout } = await watch([answerRunning, answerWith(completedUpgrade)]);
    const lines = stdout.trim().split('\n');
    expect(lines.slice(0, 2).every((line) => line.startsWith('2026-11-24T08:00:'))).toBe(true);
    expect(lines[2]).toMatch(/^✓ web upgraded to v2 in 4m 00s +127\.0\.0\.1:\d+$/);
    expect(stdout.match(/web upgraded/g)).toHaveLength(1);
  });

  it('is a record for each change, also of contact, but no heartbeat in ndjson', async () => {
    const { stdout } = await watch(
      [answerRunning, answerBusy, ...repeat(answerRunning).slice(0, 10), answerWith(completedUpgrade)],
      ['-o', 'ndjson'],
    );
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ type, state }) => state ?? type)).toEqual([
      'progress',
      'lost',
      'regained',
      'progress',
      'outcome',
    ]);
    expect(records[1]).toEqual({
      type: 'contact',
      time: '2026-11-24T08:00:10.000Z',
      schema: 1,
      deployment: 'web',
      state: 'lost',
      error: 'HTTP 503 E_ABORT',
    });
    expect(records[4]).toEqual({
      type: 'outcome',
      time: '2026-11-24T08:01:50.250Z',
      schema: 1,
      outcome: 'completed',
      exitCode: 0,
      reason: 'web: upgraded',
      deployment: 'web',
      targetVersion: 'v2',
      elapsedSeconds: 110,
    });
  });

  it.each<DocumentCase>([
    {
      name: 'success',
      scripts: [answerRunning, answerWith(completedUpgrade)],
      argv: [],
      expected: completedUpgrade,
    },
    {
      name: 'a rollback',
      scripts: [answerRunning, answerWith(rolledBackUpgrade)],
      argv: [],
      expected: rolledBackUpgrade,
    },
    {
      name: '--max-wait',
      scripts: repeat(answerRunning),
      argv: ['--max-wait', '5s'],
      expected: runningUpgrade,
    },
    {
      name: '--max-wait before anything was read',
      scripts: repeat(answerBusy),
      argv: ['--max-wait', '1s'],
      expected: 'E_ABORT',
    },
    {
      name: 'a deletion',
      scripts: [answerRunning, answerRemoved],
      argv: [],
      expected: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      name: 'lost contact',
      scripts: [answerRunning, answerBusy],
      argv: ['--retries', '0'],
      expected: 'E_ABORT',
    },
  ])('is one document in JSON after $name', async ({ scripts, argv, expected }) => {
    const { stdout } = await watch(scripts, ['-o', 'json', ...argv]);
    const document = JSON.parse(stdout);
    expect(typeof expected === 'string' ? document.Error.Code : document).toEqual(expected);
  });

  it('is only the cause on stderr with --quiet', async () => {
    const { stderr } = await watch(
      [answerRunning, answerBusy, answerWith(rolledBackUpgrade)],
      ['-o', 'plain', '-q', '--stall-after', '1s'],
    );
    expect(stderr.split('\n')[0]).toBe('sfcompose: web: rolled back to v1');
    expect(stderr).not.toContain('Contact');
    expect(stderr).not.toContain('Nothing has changed');
  });

  it('ends with the cause and the next steps', async () => {
    const { stderr, gateway } = await watch([answerRunning, answerWith(rolledBackUpgrade)], ['-o', 'plain']);
    expect(stderr.split('\n')).toEqual([
      'sfcompose: web: rolled back to v1',
      '  v2 failed its health check in UD1.',
      '  On _node_1: The container exited with code 137.',
      '  Exit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.',
      '  Reported by System.Hosting for CodePackageActivation:web:EntryPoint, since 2026-11-24 07:10:01 UTC.',
      '  UD1: 2 of 2 nodes unhealthy, 1 tolerated (20%).',
      '  Select this cluster in sfctl',
      `    sfctl cluster select --endpoint ${gateway.url}`,
      '  Show what happened',
      '    sfctl events application-list --application-id web --start-time-utc 2026-11-24T07:00:01Z --end-time-utc 2026-11-24T07:20:01Z',
      '  After fixing the cause, upgrade again',
      `    sfcompose upgrade web -f <compose file> --upgrade-timeout 2h --replica-set-check 15m -e ${gateway.url}`,
      '  If the new version needs more time, raise --health-check-retry (now 10m).',
      '',
    ]);
  });
});

describe('bad options of a watch', () => {
  it.each([
    [['-w', '--interval', '100ms'], 'Invalid --interval "100ms": use a duration of at least 200ms'],
    [['-w', '--interval', '1.5s'], 'Invalid --interval "1.5s"'],
    [['-w', '--max-wait', '1m1h'], 'Invalid --max-wait "1m1h"'],
    [['-w', '--max-wait', ''], 'Invalid --max-wait ""'],
    [['-w', '--heartbeat', '0'], 'Invalid --heartbeat "0"'],
    [['-w', '--stall-after', 'soon'], 'Invalid --stall-after "soon"'],
    [['-w', '--expect-version', ' '], 'Invalid --expect-version " "'],
    [['-w', '--retries', '-1'], 'Invalid --retries "-1"'],
    [['--ci', 'gitlab'], 'Invalid --ci "gitlab": use auto, none, github or azure'],
    [['--max-wait', '5m'], '--max-wait needs --watch'],
    [['--stall-after', '5m'], '--stall-after needs --watch'],
    [['--fail-fast'], '--fail-fast needs --watch'],
    [['--bell'], '--bell needs --watch'],
    [['--expect-version', 'v2'], '--expect-version needs --watch or --exit-status'],
  ])('are refused in one line before any request: %j', async (argv, said) => {
    const gateway = await startGateway();
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv]);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    expect(gateway.requests).toHaveLength(0);
  });

  it('do not include --expect-version with --exit-status', async () => {
    const gateway = await startGateway(answerWith(completedUpgrade), answerRunning);
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '--exit-status', '--expect-version', 'v3'];
    expect((await run(argv)).exitCode).toBe(9);
    expect((await run(argv)).exitCode).toBe(8);
  });
});

describe('sfcompose watch', () => {
  it('is the same as upgrade-progress --watch', async () => {
    const watch = async (...argv: string[]) => {
      const { url } = await startGateway(answerRunning, answerWith(completedUpgrade));
      return run([...argv, 'web', '-e', url, '--no-domains', '-o', 'plain']);
    };
    const expected = await watch('upgrade-progress', '--watch');
    expect(expected.exitCode).toBe(0);
    expect(await watch('watch')).toEqual(expected);
    expect(await watch('watch', '--watch', '--exit-status')).toEqual(expected);
  });
});
