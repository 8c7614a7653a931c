/** Reading and watching many deployments, over real sockets and on a virtual clock. */
import type { IncomingMessage } from 'node:http';
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
import { parseRecords } from '../support/printed-output.ts';
import { type Run, type RunOptions, run, type TestTime } from '../support/run.ts';
import {
  answerError,
  answerWith,
  type Script,
  type SharedGateway,
  startSharedGateway,
} from '../support/scripted-gateway.ts';
import { createSharedTime } from '../support/shared-time.ts';

const answerBusy = answerError(503, 'E_ABORT');

/** Responses for a deployment in turn: documents, which get its name, and scripts. */
type Course = readonly (Script | Record<string, unknown>)[];

async function runMany(
  courses: Readonly<Record<string, Course>>,
  argv: readonly string[] = [],
  options: RunOptions = {},
): Promise<Run & { gateway: SharedGateway; time: TestTime }> {
  const scripts = Object.entries(courses).map(([name, course]) => {
    const own = { DeploymentName: name, ApplicationName: `fabric:/${name}` };
    const says = (step: Course[number]) =>
      typeof step === 'function' ? step : answerWith({ ...step, ...own });
    return [name, course.map(says)] as const;
  });
  const gateway = await startSharedGateway(Object.fromEntries(scripts));
  const time = createSharedTime();
  const names = Object.keys(courses);
  const command = ['upgrade-progress', ...names, '-e', gateway.url, ...argv];
  return { ...(await run(command, { time, ...options })), gateway, time };
}

/** Answers with a document of the requested deployment. */
const answerFor =
  (document: Record<string, unknown>): Script =>
  (response, request) => {
    const [, name = ''] = /^\/ComposeDeployments\/([^/?]+)/.exec(request.url ?? '') ?? [];
    answerWith({ ...document, DeploymentName: name })(response, request);
  };

/** Answers for a deployment that is not on the cluster. */
const answerGone = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');

interface VerdictCase {
  readonly outcome: string;
  readonly code: number;
  readonly courses: Readonly<Record<string, Course>>;
  readonly argv?: readonly string[];
}

describe('a single read of many deployments', () => {
  const courses = {
    web: [runningUpgrade],
    api: [rollingBackUpgrade],
    gone: [answerGone],
    mail: [createShortUpgrade()],
    db: [completedUpgrade],
  };

  it('prints an overview in the order of the command line, and the causes of failures', async () => {
    const { exitCode, stdout, stderr } = await runMany(courses);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^5 deployments +127\.0\.0\.1:\d+$/);
    expect(lines[1]).toBe('  2 upgrading, 1 rolling back, 1 not found, 1 upgraded');
    expect(lines.slice(3, 8)).toEqual([
      '  ● web   v1 → v2  █▓░░░░░░░░░░░░░░░░  UD1  rolling forward               4m 00s',
      expect.stringMatching(/^ {2}✗ api {3}v2 → v1 .* rolling back +4m 00s$/),
      expect.stringMatching(/^ {2}✗ gone +not found$/),
      expect.stringMatching(/^ {2}● mail +v2 .* provisioning v2$/),
      expect.stringMatching(/^ {2}✓ db .* upgraded +4m 00s$/),
    ]);
    expect(stdout).toMatch(/\n {2}api +.*health check/);
    expect(stdout).toMatch(/\n {2}List the deployments\n {4}sfcompose list -e \S+\n {2}See the details\n/);
    expect(stdout).toMatch(/\n {4}sfcompose upgrade-progress api -e \S+\n$/);
    expect(stderr.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:19080').split('\n')).toEqual([
      'sfcompose: 5 deployments: 1 not found, 1 rolling forward, 1 rolling back, 1 provisioning the new version, 1 upgraded.',
      '  gone: There is no compose deployment "gone" on 127.0.0.1:19080.',
      '  List the deployments',
      '    sfcompose list -e http://127.0.0.1:19080',
      '',
    ]);
    expect(exitCode).toBe(5);
  });

  it('succeeds when all deployments were read', async () => {
    const { exitCode, stderr } = await runMany({
      web: [runningUpgrade],
      api: [rolledBackUpgrade],
      new: [createNeverUpgraded()],
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('prints a plain line for each deployment', async () => {
    const { stdout } = await runMany(courses, ['-o', 'plain']);
    expect(stdout.split('\n').map((line) => line.slice(21, 50))).toEqual([
      'web to v2: rolling forward, U',
      'api back to v1: rolling back ',
      'gone: There is no compose dep',
      'mail to v2: provisioning the ',
      'db to v2: upgraded [RollingFo',
      '',
    ]);
  });

  it('prints one JSON array, with an error for each failure', async () => {
    const { stdout, exitCode } = await runMany(courses, ['-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { DeploymentName: 'web', UpgradeState: 'RollingForwardInProgress' },
      { DeploymentName: 'api' },
      { Error: { Code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND' } },
      { DeploymentName: 'mail' },
      { DeploymentName: 'db' },
    ]);
    expect(exitCode).toBe(5);
    const { stdout: whole } = await runMany({ web: [runningUpgrade], api: [completedUpgrade] }, [
      '-o',
      'json',
    ]);
    expect(JSON.parse(whole)).toHaveLength(2);
    expect(whole).toMatch(/^\[\n {2}\{\n {4}"DeploymentName": "web",/);
  });

  it('prints a record for each deployment and one outcome in ndjson', async () => {
    const { stdout } = await runMany({ web: [runningUpgrade], gone: [answerGone] }, [
      '-o',
      'ndjson',
      '--exit-status',
    ]);
    const [progress, outcome, ...more] = parseRecords(stdout);
    expect(more).toEqual([]);
    expect(progress).toMatchObject({ type: 'progress', deployment: 'web' });
    expect(outcome).toEqual({
      type: 'outcome',
      time: '2026-11-24T08:00:00.000Z',
      schema: 1,
      outcome: 'not-found',
      exitCode: 5,
      reason: '2 deployments: 1 not found, 1 in progress.',
      deployment: null,
      targetVersion: null,
      elapsedSeconds: 0,
      deployments: [
        {
          deployment: 'web',
          outcome: 'in-progress',
          exitCode: 8,
          reason: 'web: rolling forward, UD1',
          targetVersion: 'v2',
        },
        {
          deployment: 'gone',
          outcome: 'not-found',
          exitCode: 5,
          reason: expect.stringMatching(/^gone: There is no compose deployment "gone" on 127/),
          targetVersion: null,
        },
      ],
    });
  });

  it.each<VerdictCase>([
    { outcome: 'completed', code: 0, courses: { web: [completedUpgrade], api: [completedUpgrade] } },
    { outcome: 'in-progress', code: 8, courses: { web: [completedUpgrade], api: [runningUpgrade] } },
    {
      outcome: 'rolled-back',
      code: 3,
      courses: { web: [rolledBackUpgrade], api: [runningUpgrade], gone: [answerGone] },
    },
    {
      outcome: 'superseded',
      code: 9,
      courses: { web: [completedUpgrade], api: [runningUpgrade], gone: [answerGone] },
      argv: ['--expect-version', 'v3'],
    },
    { outcome: 'not-found', code: 5, courses: { web: [completedUpgrade], new: [createNeverUpgraded()] } },
  ])(
    'ends with the worst outcome with --exit-status: $outcome',
    async ({ outcome, code, courses, argv = [] }) => {
      const { exitCode, stdout } = await runMany(courses, ['-o', 'ndjson', '--exit-status', ...argv]);
      expect(parseRecords(stdout).at(-1)).toMatchObject({ type: 'outcome', outcome, exitCode: code });
      expect(exitCode).toBe(code);
    },
  );

  it.each([{ argv: [] }, { argv: ['--watch'] }])(
    'suggests similar names after reading the list once, with $argv',
    async ({ argv }) => {
      const items = ['web', 'mail'].map((name) => ({ DeploymentName: name }));
      // The request for the list names no deployment.
      const gateway = await startSharedGateway({
        web: [answerWith(completedUpgrade)],
        '': [answerWith({ ContinuationToken: '', Items: items })],
      });
      const command = ['upgrade-progress', 'web', 'wbe', 'Mail', '-e', gateway.url, '-q', ...argv];
      const { exitCode, stderr } = await run(command, { time: createSharedTime() });
      expect(stderr.match(/ {2}\w+: Did you mean .*/g)).toEqual([
        '  wbe: Did you mean web?',
        '  Mail: Did you mean mail?',
      ]);
      expect(gateway.reads.get('')).toBe(1);
      expect(exitCode).toBe(5);
    },
  );

  it('ignores duplicate names', async () => {
    const gateway = await startSharedGateway({ web: [answerWith(runningUpgrade)] });
    const single = await run(['upgrade-progress', 'web', '-e', gateway.url]);
    const { stdout, exitCode } = await run(['upgrade-progress', 'web', 'web', '-e', gateway.url]);
    expect(stdout).toBe(single.stdout);
    expect(exitCode).toBe(0);
    expect(gateway.reads.get('web')).toBe(2);
  });

  it('refuses more than 500 deployments', async () => {
    const names = Array.from({ length: 501 }, (_, number) => `web${number}`);
    const { exitCode, stderr } = await run(['upgrade-progress', ...names, '-e', 'http://127.0.0.1:1']);
    expect(stderr).toBe(
      'sfcompose: Too many deployments (501): use at most 500. See sfcompose upgrade-progress --help.\n',
    );
    expect(exitCode).toBe(2);
  });

  it('explains an error once if all deployments have it', async () => {
    const answerRefused = answerError(403, 'E_ACCESSDENIED');
    const { exitCode, stderr, stdout } = await runMany({ web: [answerRefused], api: [answerRefused] });
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(
      /^2 deployments {2}2 unauthorized .*\n\n {2}✗ web {2}unauthorized\n {2}✗ api {2}unauthorized\n$/,
    );
    expect(stderr).toContain('E_ACCESSDENIED');
    expect(stderr.match(/^✗/gm)).toHaveLength(1);
  });

  it('runs the command for a token once', async () => {
    let runs = 0;
    const { exitCode } = await runMany(
      { web: [runningUpgrade], api: [runningUpgrade], mail: [runningUpgrade] },
      ['--token-command', 'print-token'],
      {
        async run() {
          runs++;
          return 'a-token-of-some-length';
        },
      },
    );
    expect(exitCode).toBe(0);
    expect(runs).toBe(1);
  });
});

describe('a watch of many deployments', () => {
  const one = ['-w', '-o', 'plain'];

  it('watches each deployment to its end, whatever happens to the others', async () => {
    const { exitCode, stdout, stderr } = await runMany(
      {
        web: [runningUpgrade, runningUpgrade, completedUpgrade],
        api: [rollingBackUpgrade, rolledBackUpgrade],
        gone: [answerGone],
      },
      one,
    );
    const lines = stdout.split('\n').map((line) => line.slice(11, 48));
    expect(lines.toSorted()).toEqual([
      '',
      '08:00:00Z api back to v1: rolling bac',
      '08:00:00Z gone: There is no compose d',
      '08:00:00Z web to v2: rolling forward,',
      '08:00:06Z api back to v1: rolled back',
      '08:00:13Z web to v2: upgraded [Rollin',
    ]);
    expect(stderr.replaceAll(/:\d{5}\b/g, ':19080').split('\n')).toEqual([
      'sfcompose: 3 deployments: 1 rolled back, 1 not found, 1 upgraded.',
      '  api: rolled back to v1. v2 failed its health check in UD1. On _node_1: The container exited with code 137. Exit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.',
      '  gone: There is no compose deployment "gone" on 127.0.0.1:19080.',
      '  Show api',
      '    sfcompose upgrade-progress api -e http://127.0.0.1:19080',
      '  List the deployments',
      '    sfcompose list -e http://127.0.0.1:19080',
      '',
    ]);
    expect(exitCode).toBe(3);
  });

  it('prints lines and then the overview in the format table', async () => {
    const { exitCode, stdout, stderr } = await runMany(
      { web: [runningUpgrade, completedUpgrade], api: [completedUpgrade] },
      ['-w'],
    );
    expect(stdout.match(/^2026/gm)).toHaveLength(3);
    expect(stdout.match(/^ {2}✓ (?:web|api) .* upgraded /gm)).toHaveLength(2);
    expect(stderr).toBe(
      'sfcompose: api: the upgrade had ended before this watch began. This may be the previous upgrade; wait for a specific version with --expect-version.\n',
    );
    expect(exitCode).toBe(0);
  });

  it('prints an array of the last documents in JSON', async () => {
    const { stdout, exitCode } = await runMany(
      { web: [runningUpgrade, completedUpgrade], api: [runningUpgrade] },
      ['-w', '-o', 'json', '--max-wait', '1m'],
    );
    expect(JSON.parse(stdout)).toMatchObject([
      { UpgradeState: 'RollingForwardCompleted' },
      { UpgradeState: 'RollingForwardInProgress' },
    ]);
    expect(exitCode).toBe(124);
  });

  it('prints records with the deployment, and one outcome, in ndjson', async () => {
    const { stdout, exitCode } = await runMany(
      { web: [runningUpgrade, completedUpgrade], api: [runningUpgrade, answerBusy, completedUpgrade] },
      ['-w', '-o', 'ndjson'],
    );
    const records = parseRecords(stdout);
    expect(
      records.map(({ type, deployment, state }) => [type, deployment, state].join(' ')).toSorted(),
    ).toEqual([
      'contact api lost',
      'contact api regained',
      'outcome  ',
      'progress api ',
      'progress api ',
      'progress web ',
      'progress web ',
    ]);
    expect(records.at(-1)).toMatchObject({
      type: 'outcome',
      outcome: 'completed',
      reason: '2 deployments: 2 upgraded',
      deployments: [
        { deployment: 'web', outcome: 'completed', targetVersion: 'v2' },
        { deployment: 'api', outcome: 'completed' },
      ],
    });
    expect(exitCode).toBe(0);
  });

  it('stops at the first rollback with --fail-fast, and names the other deployments', async () => {
    const { exitCode, stderr, gateway } = await runMany(
      { web: [runningUpgrade], api: [runningUpgrade, rollingBackUpgrade], mail: [runningUpgrade] },
      [...one, '--fail-fast'],
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      '3 deployments: 1 rolled back, 2 in progress. Upgrades that have not ended continue on the cluster.',
    );
    expect(stderr).toContain('\n  api: rolling back. v2 failed its health check in UD1.');
    expect(stderr).toMatch(
      /\n {2}Keep watching\n {4}sfcompose upgrade-progress web mail --watch -e http\S+\n {2}Show api\n/,
    );
    expect(stderr).not.toContain('  web: ');
    expect(gateway.reads.get('mail')).toBe(1);
  });

  it('stops for all deployments after --max-wait', async () => {
    const { exitCode, stderr, time } = await runMany(
      { web: [runningUpgrade], api: [completedUpgrade], mail: [runningUpgrade] },
      [...one, '--max-wait', '25s', '--expect-version', 'v2'],
    );
    expect(exitCode).toBe(124);
    expect(time.clock.monotonic()).toBe(25_000);
    expect(stderr.split('\n')[0]).toBe(
      'sfcompose: Stopped watching after 25s (--max-wait). 3 deployments: 2 timed out, 1 upgraded. Upgrades that have not ended continue on the cluster.',
    );
    expect(stderr).toContain('  web, mail: rolling forward, UD1.\n');
    expect(stderr).toMatch(
      /Keep watching\n {4}sfcompose upgrade-progress web mail --watch -e \S+ --expect-version v2\n$/,
    );
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('stops for all deployments on %s, whatever happened before', async (signal, code) => {
    const interrupt = new AbortController();
    const stopping: Script = () => interrupt.abort(signal);
    const { exitCode, stdout, stderr } = await runMany(
      { web: [runningUpgrade, stopping], api: [rolledBackUpgrade] },
      ['-w', '-o', 'ndjson'],
      { interrupt: interrupt.signal },
    );
    expect(exitCode).toBe(code);
    expect(parseRecords(stdout).at(-1)).toMatchObject({ outcome: 'interrupted', exitCode: code });
    expect(stderr).toContain(
      '1 interrupted, 1 rolled back. Upgrades that have not ended continue on the cluster.',
    );
    expect(stderr).toContain('\n  Keep watching\n    sfcompose upgrade-progress web --watch');
  });

  it('names the deployment in each notice, and sums up when nothing changes', async () => {
    const odd = createUpgrade({ UpgradeState: 'Levitating' });
    const { stdout, stderr } = await runMany(
      { web: [runningUpgrade], api: [odd, answerBusy, odd], mail: [runningUpgrade] },
      [...one, '--max-wait', '2m30s', '--stall-after', '1m', '--heartbeat', '60s'],
    );
    expect(stderr).toContain('sfcompose: api: Unknown upgrade state "Levitating"');
    expect(stderr).toContain('sfcompose: api: Contact lost: HTTP 503 E_ABORT. Retrying.\n');
    expect(stderr).toContain('sfcompose: api: Contact regained after');
    expect(stderr.match(/sfcompose: (web|api|mail): Nothing has changed for 1m/g)).toHaveLength(3);
    const sums = stdout.split('\n').filter((line) => line.includes('3 deployments: '));
    expect(sums).toEqual([
      '2026-11-24T08:01:00Z 3 deployments: 2 rolling forward, 1 in an unknown state',
      '2026-11-24T08:02:00Z 3 deployments: 2 rolling forward, 1 in an unknown state',
    ]);
    expect(stdout.trim().split('\n')).toHaveLength(5);
  });

  it('reports to GitHub once, with the causes', async () => {
    const env = { GITHUB_OUTPUT: 'outputs', GITHUB_STEP_SUMMARY: 'summary' };
    const { stderr, files } = await runMany(
      { web: [completedUpgrade], api: [rolledBackUpgrade], gone: [answerGone] },
      ['-w'],
      {
        ci: 'github',
        env,
      },
    );
    const errors = stderr.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(
      /^::error title=sfcompose%3A 3 deployments%3A 1 rolled back%2C 1 not found%2C 1 upgraded\.::api: rolled back to v1; /,
    );
    expect(files['outputs']).toBe('outcome=rolled-back\nexit-code=3\ntarget-version=\n');
    expect(files['summary']).toContain(
      '### \u274c 3 deployments&#58; 1 rolled back, 1 not found, 1 upgraded.\n',
    );
  });

  it('reports the overall progress to Azure Pipelines', async () => {
    const { stderr } = await runMany(
      { web: [runningUpgrade, completedUpgrade], api: [completedUpgrade] },
      ['-w'],
      { ci: 'azure' },
    );
    const values = [...stderr.matchAll(/setprogress value=(\d+);\]([^:]*)/g)].map(([, value]) =>
      Number(value),
    );
    expect(values).toEqual(values.toSorted((first, second) => first - second));
    expect(values.at(-1)).toBe(100);
    expect(values.length).toBeGreaterThan(2);
  });
});

describe('the gateway of 200 deployments', () => {
  const names = Array.from({ length: 200 }, (_, number) => `web${number}`);
  const createCourses = (course: Course) => Object.fromEntries(names.map((name) => [name, course]));
  const quiet = ['--no-domains', '-q'];

  /** Records the time of each request, by the clock of the command. */
  function recordTimes(course: Course) {
    const time = createSharedTime();
    const at: number[] = [];
    const note =
      (script: Script): Script =>
      (response, request: IncomingMessage) => {
        at.push(time.clock.monotonic());
        script(response, request);
      };
    const steps = course.map((step) => note(typeof step === 'function' ? step : answerFor(step)));
    return { time, at, courses: createCourses(steps) };
  }

  it('gets at most eight requests at a time, over reused connections', async () => {
    const heldResponses: (() => void)[] = [];
    // Holds the first eight responses until all eight requests are open.
    const holding: Script = (response, request) => {
      heldResponses.push(() => answerFor(runningUpgrade)(response, request));
      if (gateway.requests.length >= 8) for (const go of heldResponses.splice(0)) go();
    };
    const gateway = await startSharedGateway(Object.fromEntries(names.map((name) => [name, [holding]])));
    const command = ['upgrade-progress', ...names, '-e', gateway.url, '--no-domains', '-o', 'ndjson'];
    const { stdout, exitCode } = await run(command, { time: createSharedTime() });
    expect(gateway.requests).toHaveLength(200);
    expect(gateway.measurePeak().requests).toBe(8);
    expect(gateway.measurePeak().connections).toBeLessThanOrEqual(8);
    expect(parseRecords(stdout)).toHaveLength(201);
    expect(exitCode).toBe(0);
  });

  it('gets the reads of a watch spread over the interval', async () => {
    const { time, at, courses } = recordTimes([runningUpgrade, runningUpgrade, completedUpgrade]);
    const { gateway, exitCode } = await runMany(courses, ['-w', ...quiet], { time });
    expect(exitCode).toBe(0);
    expect(gateway.requests).toHaveLength(600);
    expect(gateway.measurePeak().requests).toBeLessThanOrEqual(8);
    expect(gateway.measurePeak().connections).toBeLessThanOrEqual(16);
    expect(at.slice(0, 200).every((moment) => moment === 0)).toBe(true);
    // 50 ms between two reads, in the same order in each interval.
    expect(at.slice(200)).toEqual(names.concat(names).map((_, index) => 50 * (index + 1)));
  });

  it('causes no warning of Node about leaks', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const option = { run: async () => 'a-token-of-some-length' };
    for (const argv of [[], ['-w']])
      await runMany(
        createCourses([completedUpgrade]),
        [...argv, ...quiet, '--token-command', 'print-token'],
        option,
      );
    // Node emits warnings in the next tick.
    await new Promise(setImmediate);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });

  it('is not asked by all deployments at once when it is down', async () => {
    let last = 1;
    const random = () => {
      last = (last * 16_807) % 2_147_483_647;
      return last / 2_147_483_647;
    };
    const { time, at, courses } = recordTimes([answerBusy]);
    const { exitCode, stderr } = await runMany(courses, ['-w', ...quiet, '--retries', '3'], {
      time,
      random,
    });
    expect(exitCode).toBe(6);
    expect(at).toHaveLength(800);
    // A healthy watch has 20 reads a second; random pauses may double that at times.
    const later = at.filter((moment) => moment > 0);
    const seconds = Array.from(
      { length: 120 },
      (_, second) => later.filter((moment) => Math.floor(moment / 1000) === second).length,
    );
    expect(Math.max(...seconds)).toBeLessThanOrEqual(40);
    expect(stderr.match(/Contact lost/g)).toBeNull();
    expect(stderr).toContain('(4 attempts)');
  });

  it('is not waited for by each deployment in turn when it is silent', async () => {
    const time = createSharedTime();
    let underWay = 0;
    const silent: Script = () => {
      underWay++;
      if (underWay % 8 === 0) time.pass(65_000);
    };
    const { exitCode, stderr, gateway } = await runMany(
      createCourses([silent]),
      [...quiet, '--retries', '0'],
      {
        time,
      },
    );
    expect(exitCode).toBe(6);
    expect(gateway.requests).toHaveLength(8);
    expect(stderr).toContain('No complete response within 1m');
  });

  it('is waited for no longer than ten minutes when its responses are slow', async () => {
    const time = createSharedTime();
    const heldResponses: (() => void)[] = [];
    // Time passes only while eight requests are open, so that their order does not matter.
    const slow: Script = (response, request) => {
      heldResponses.push(() => answerFor(runningUpgrade)(response, request));
      if (heldResponses.length < 8) return;
      time.pass(40_000);
      for (const go of heldResponses.splice(0)) go();
    };
    const { exitCode, stderr } = await runMany(createCourses([slow]), quiet, { time });
    expect(time.clock.monotonic()).toBeLessThan(600_000 + 40_000);
    expect(stderr).toMatch(/web\d+ and \d+ more: not read, because the other reads took too long\.\n/);
    expect(exitCode).toBe(6);
  });

  it('has the ten worst causes printed, and the others counted', async () => {
    const courses = { ...createCourses([answerGone]), first: [completedUpgrade], last: [rolledBackUpgrade] };
    const { exitCode, stderr } = await runMany(courses, ['--exit-status', ...quiet]);
    expect(exitCode).toBe(3);
    const [head, worst, ...lines] = stderr.trimEnd().split('\n');
    expect(head).toBe('sfcompose: 202 deployments: 1 rolled back, 200 not found, 1 upgraded.');
    expect(worst).toMatch(/^ {2}last: rolled back to v1/);
    expect(lines).toHaveLength(1 + 9 + 4);
    expect(lines.slice(-5)).toEqual([
      '  And 191 more: 191 not found.',
      '  Show last',
      expect.stringMatching(/^ {4}sfcompose upgrade-progress last -e /),
      '  List the deployments',
      expect.stringMatching(/^ {4}sfcompose list -e /),
    ]);
  });

  it('has ten lost contacts printed when it is down for a while', async () => {
    const time = createSharedTime();
    const { exitCode, stderr } = await runMany(
      createCourses([
        (response, request) => {
          const now = time.clock.monotonic();
          const isDown = now > 5000 && now < 60_000;
          const says = answerFor(now < 60_000 ? runningUpgrade : completedUpgrade);
          (isDown ? answerBusy : says)(response, request);
        },
      ]),
      ['-w', '--no-domains', '-o', 'plain'],
      { time },
    );
    expect(exitCode).toBe(0);
    expect(stderr.match(/Contact lost/g)).toHaveLength(10);
    expect(stderr.match(/Contact regained/g)).toHaveLength(10);
  });

  it('has at most twenty names in the command that continues the watch', async () => {
    const { stderr } = await runMany(createCourses([runningUpgrade]), ['-w', ...quiet, '--max-wait', '5s']);
    expect(stderr).toMatch(
      /Keep watching\n {4}sfcompose upgrade-progress (web\d+ ){20}<and 180 more> --watch -e \S+\n$/,
    );
  });
});
