/** Several deployments at once: whole commands, over real sockets, on a clock that nobody waits for. */
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

const busy = answerError(503, 'E_ABORT');

/** What a deployment says in turn: documents, which name it, and anything else as it is. */
type Course = readonly (Script | Record<string, unknown>)[];

async function several(
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

/** A document of whichever deployment is asked for. */
const of =
  (document: Record<string, unknown>): Script =>
  (response, request) => {
    const [, name = ''] = /^\/ComposeDeployments\/([^/?]+)/.exec(request.url ?? '') ?? [];
    answerWith({ ...document, DeploymentName: name })(response, request);
  };

/** One that is not on the cluster says what the gateway says then. */
const gone = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');

interface VerdictCase {
  readonly outcome: string;
  readonly code: number;
  readonly courses: Readonly<Record<string, Course>>;
  readonly argv?: readonly string[];
}

describe('one read of several', () => {
  const courses = {
    web: [runningUpgrade],
    api: [rollingBackUpgrade],
    gone: [gone],
    mail: [createShortUpgrade()],
    db: [completedUpgrade],
  };

  it('is an overview in the order in which they were named, and the cause of what could not be read', async () => {
    const { exitCode, stdout, stderr } = await several(courses);
    expect(stdout.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:19080').split('\n')).toEqual([
      '┌────────────┬──────────────────────────────┬─────────┬──────────────┬─────────┐',
      '│ Deployment │ State                        │ Version │ Domain       │ Elapsed │',
      '├────────────┼──────────────────────────────┼─────────┼──────────────┼─────────┤',
      '│ web        │ rolling forward              │ v2      │ UD1, 2 nodes │  4m 00s │',
      '│ api        │ rolling back                 │ v1      │              │  4m 00s │',
      '│            │   it is rolled back because its health check failed in upgrade  │',
      '│            │   domain UD1                                                    │',
      '│ gone       │ not found                    │         │              │         │',
      '│            │   There is no compose deployment "gone" on                      │',
      '│            │   http://127.0.0.1:19080.                                       │',
      '│ mail       │ preparing the new version    │ v2      │              │         │',
      '│ db         │ upgraded                     │ v2      │              │  4m 00s │',
      '└────────────┴──────────────────────────────┴─────────┴──────────────┴─────────┘',
      '',
    ]);
    expect(stderr.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:19080').split('\n')).toEqual([
      'sfcompose: 5 deployments: 1 not found, 1 rolling forward, 1 rolling back, 1 preparing the new version, 1 upgraded.',
      '  gone: There is no compose deployment "gone" on http://127.0.0.1:19080.',
      '    List the deployments: sfcompose list -e http://127.0.0.1:19080',
      '',
    ]);
    expect(exitCode).toBe(5);
  });

  it('is a success where all were read', async () => {
    const { exitCode, stderr } = await several({
      web: [runningUpgrade],
      api: [rolledBackUpgrade],
      new: [createNeverUpgraded()],
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('plain is a line for each', async () => {
    const { stdout } = await several(courses, ['-o', 'plain']);
    expect(stdout.split('\n').map((line) => line.slice(21, 50))).toEqual([
      'web to v2: rolling forward, u',
      'api to v1: rolling back (Roll',
      'gone: There is no compose dep',
      'mail to v2: preparing the new',
      'db to v2: upgraded (RollingFo',
      '',
    ]);
  });

  it('json is one array, with an error for one that could not be read', async () => {
    const { stdout, exitCode } = await several(courses, ['-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { DeploymentName: 'web', UpgradeState: 'RollingForwardInProgress' },
      { DeploymentName: 'api' },
      { Error: { Code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND' } },
      { DeploymentName: 'mail' },
      { DeploymentName: 'db' },
    ]);
    expect(exitCode).toBe(5);
    const { stdout: whole } = await several({ web: [runningUpgrade], api: [completedUpgrade] }, [
      '-o',
      'json',
    ]);
    expect(JSON.parse(whole)).toHaveLength(2);
    expect(whole).toMatch(/^\[\n {2}\{\n {4}"DeploymentName": "web",/);
  });

  it('ndjson has a record for each that was read, and one outcome', async () => {
    const { stdout } = await several({ web: [runningUpgrade], gone: [gone] }, [
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
          reason: 'web: rolling forward, upgrade domain UD1',
          targetVersion: 'v2',
        },
        {
          deployment: 'gone',
          outcome: 'not-found',
          exitCode: 5,
          reason: expect.stringMatching(/^gone: There is no compose deployment "gone" on http/),
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
      courses: { web: [rolledBackUpgrade], api: [runningUpgrade], gone: [gone] },
    },
    {
      outcome: 'superseded',
      code: 9,
      courses: { web: [completedUpgrade], api: [runningUpgrade], gone: [gone] },
      argv: ['--expect-version', 'v3'],
    },
    { outcome: 'not-found', code: 5, courses: { web: [completedUpgrade], new: [createNeverUpgraded()] } },
  ])(
    '--exit-status: the verdict is the worst, as $outcome',
    async ({ outcome, code, courses, argv = [] }) => {
      const { exitCode, stdout } = await several(courses, ['-o', 'ndjson', '--exit-status', ...argv]);
      expect(parseRecords(stdout).at(-1)).toMatchObject({ type: 'outcome', outcome, exitCode: code });
      expect(exitCode).toBe(code);
    },
  );

  it.each([[], ['--watch']])(
    'tells what may have been meant, and reads the names once, %j',
    async (...argv) => {
      const items = ['web', 'mail'].map((name) => ({ DeploymentName: name }));
      // Whoever asks for the list names no deployment.
      const gateway = await startSharedGateway({
        web: [answerWith(completedUpgrade)],
        '': [answerWith({ ContinuationToken: '', Items: items })],
      });
      const command = ['upgrade-progress', 'web', 'wbe', 'Mail', '-e', gateway.url, '-q', ...argv];
      const { exitCode, stderr } = await run(command, { time: createSharedTime() });
      expect(stderr.match(/ {4}Did you mean .*/g)).toEqual([
        '    Did you mean "web"?',
        '    Did you mean "mail"?',
      ]);
      expect(gateway.reads.get('')).toBe(1);
      expect(exitCode).toBe(5);
    },
  );

  it('of names that are all the same is one of one', async () => {
    const gateway = await startSharedGateway({ web: [answerWith(runningUpgrade)] });
    const once = await run(['upgrade-progress', 'web', '-e', gateway.url]);
    const { stdout, exitCode } = await run(['upgrade-progress', 'web', 'web', '-e', gateway.url]);
    expect(stdout).toBe(once.stdout);
    expect(exitCode).toBe(0);
    expect(gateway.requests).toHaveLength(2);
  });

  it('of more than 500 is refused', async () => {
    const names = Array.from({ length: 501 }, (_, number) => `web${number}`);
    const { exitCode, stderr } = await run(['upgrade-progress', ...names, '-e', 'http://127.0.0.1:1']);
    expect(stderr).toBe('sfcompose: <deployment> names 501 of them, but it takes at most 500.\n');
    expect(exitCode).toBe(2);
  });

  it('tells what all have met as it tells it of one', async () => {
    const refused = answerError(403, 'E_ACCESSDENIED');
    const { exitCode, stderr, stdout } = await several({ web: [refused], api: [refused] });
    expect(exitCode).toBe(7);
    expect(stdout.match(/unauthorized/g)).toHaveLength(2);
    expect(stderr).toContain('E_ACCESSDENIED');
    expect(stderr).toContain('│ Next');
    expect(stderr.match(/│ Error/g)).toHaveLength(1);
  });

  it('runs the command for a token once', async () => {
    let runs = 0;
    const { exitCode } = await several(
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

describe('a watch of several', () => {
  const one = ['-w', '-o', 'plain'];

  it('follows each to its end, and one that ends badly ends no other', async () => {
    const { exitCode, stdout, stderr } = await several(
      {
        web: [runningUpgrade, runningUpgrade, completedUpgrade],
        api: [rollingBackUpgrade, rolledBackUpgrade],
        gone: [gone],
      },
      one,
    );
    const lines = stdout.split('\n').map((line) => line.slice(11, 48));
    expect(lines.toSorted()).toEqual([
      '',
      '08:00:00Z api to v1: rolling back (Ro',
      '08:00:00Z gone: There is no compose d',
      '08:00:00Z web to v2: rolling forward,',
      '08:00:06Z api to v1: rolled back (Rol',
      '08:00:13Z web to v2: upgraded (Rollin',
    ]);
    expect(stderr.replaceAll(/:\d{5}\b/g, ':19080').split('\n')).toEqual([
      'sfcompose: 3 deployments: 1 rolled back, 1 not found, 1 upgraded.',
      '  api: rolled back to v1; it was rolled back because its health check failed in upgrade domain UD1: System.Hosting reported Error for CodePackageActivation:web:EntryPoint on node _node_1, since 2026-11-24T07:10:01Z: The container exited with code 137.',
      '    sfcompose upgrade-progress api -e http://127.0.0.1:19080',
      '  gone: There is no compose deployment "gone" on http://127.0.0.1:19080.',
      '    List the deployments: sfcompose list -e http://127.0.0.1:19080',
      '',
    ]);
    expect(exitCode).toBe(3);
  });

  it('table has the lines, and the overview below them', async () => {
    const { exitCode, stdout, stderr } = await several(
      { web: [runningUpgrade, completedUpgrade], api: [completedUpgrade] },
      ['-w'],
    );
    expect(stdout.match(/^2026/gm)).toHaveLength(3);
    expect(stdout.slice(stdout.indexOf('┌')).match(/upgraded/g)).toHaveLength(2);
    expect(stderr).toBe(
      'sfcompose: api: the upgrade had ended before this watch began; it may be the previous upgrade. Wait for a certain version with --expect-version.\n',
    );
    expect(exitCode).toBe(0);
  });

  it('json is the array of what was read last', async () => {
    const { stdout, exitCode } = await several(
      { web: [runningUpgrade, completedUpgrade], api: [runningUpgrade] },
      ['-w', '-o', 'json', '--max-wait', '1m'],
    );
    expect(JSON.parse(stdout)).toMatchObject([
      { UpgradeState: 'RollingForwardCompleted' },
      { UpgradeState: 'RollingForwardInProgress' },
    ]);
    expect(exitCode).toBe(124);
  });

  it('ndjson names the deployment in each record, and has one outcome, the last', async () => {
    const { stdout, exitCode } = await several(
      { web: [runningUpgrade, completedUpgrade], api: [runningUpgrade, busy, completedUpgrade] },
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

  it('--fail-fast ends with the first that begins to roll back, and names what goes on', async () => {
    const { exitCode, stderr, gateway } = await several(
      { web: [runningUpgrade], api: [runningUpgrade, rollingBackUpgrade], mail: [runningUpgrade] },
      [...one, '--fail-fast'],
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('3 deployments: 1 rolled back, 2 in progress. What has not ended goes on.');
    expect(stderr).toContain('\n  api: rolling back; it is rolled back because');
    expect(stderr).toMatch(/\n {2}Watch on: sfcompose upgrade-progress web mail --watch -e http\S+\n$/);
    expect(stderr).not.toContain('  web: ');
    expect(gateway.reads.get('mail')).toBe(1);
  });

  it('--max-wait is for all of them', async () => {
    const { exitCode, stderr, time } = await several(
      { web: [runningUpgrade], api: [completedUpgrade], mail: [runningUpgrade] },
      [...one, '--max-wait', '25s', '--expect-version', 'v2'],
    );
    expect(exitCode).toBe(124);
    expect(time.clock.monotonic()).toBe(25_000);
    expect(stderr.split('\n')[0]).toBe(
      'sfcompose: Gave up watching after 25s (--max-wait). 3 deployments: 2 timed out, 1 upgraded. What has not ended goes on.',
    );
    expect(stderr).toContain('  web: rolling forward, upgrade domain UD1\n');
    expect(stderr).toMatch(
      /Watch on: sfcompose upgrade-progress web mail --watch -e \S+ --expect-version v2\n$/,
    );
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('%s ends all of them, whatever became of one before', async (signal, code) => {
    const interrupt = new AbortController();
    const stopping: Script = () => interrupt.abort(signal);
    const { exitCode, stdout, stderr } = await several(
      { web: [runningUpgrade, stopping], api: [rolledBackUpgrade] },
      ['-w', '-o', 'ndjson'],
      { interrupt: interrupt.signal },
    );
    expect(exitCode).toBe(code);
    expect(parseRecords(stdout).at(-1)).toMatchObject({ outcome: 'interrupted', exitCode: code });
    expect(stderr).toContain('1 interrupted, 1 rolled back. What has not ended goes on.');
    expect(stderr).toContain('\n  Watch on: sfcompose upgrade-progress web --watch');
  });

  it('names the deployment in what it notices, and sums up where nothing changes', async () => {
    const odd = createUpgrade({ UpgradeState: 'Levitating' });
    const { stdout, stderr } = await several(
      { web: [runningUpgrade], api: [odd, busy, odd], mail: [runningUpgrade] },
      [...one, '--max-wait', '2m30s', '--stall-after', '1m', '--heartbeat', '60s'],
    );
    expect(stderr).toContain('sfcompose: api: The state "Levitating" is not known');
    expect(stderr).toContain('sfcompose: api: Contact lost: HTTP 503 E_ABORT. Trying again.\n');
    expect(stderr).toContain('sfcompose: api: Contact regained after');
    expect(stderr.match(/sfcompose: (web|api|mail): Nothing has changed for 1m/g)).toHaveLength(3);
    const sums = stdout.split('\n').filter((line) => line.includes('3 deployments: '));
    expect(sums).toEqual([
      '2026-11-24T08:01:00Z 3 deployments: 2 rolling forward, 1 in an unknown state',
      '2026-11-24T08:02:00Z 3 deployments: 2 rolling forward, 1 in an unknown state',
    ]);
    expect(stdout.trim().split('\n')).toHaveLength(5);
  });

  it('tells GitHub once how it ended, with the causes', async () => {
    const env = { GITHUB_OUTPUT: 'outputs', GITHUB_STEP_SUMMARY: 'summary' };
    const { stderr, files } = await several(
      { web: [completedUpgrade], api: [rolledBackUpgrade], gone: [gone] },
      ['-w'],
      {
        ci: 'github',
        env,
      },
    );
    const errors = stderr.split('\n').filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(
      /^::error title=sfcompose%3A 3 deployments rolled-back::3 deployments: 1 rolled back, 1 not found, 1 upgraded\.%0Aapi: rolled back to v1; /,
    );
    expect(files['outputs']).toBe('outcome=rolled-back\nexit-code=3\ntarget-version=\n');
    expect(files['summary']).toContain('### sfcompose&#58; 3 deployments rolled-back');
  });

  it('tells Azure Pipelines how far all of them are together', async () => {
    const { stderr } = await several(
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
  const all = (course: Course) => Object.fromEntries(names.map((name) => [name, course]));
  const quiet = ['--no-domains', '-q'];

  /** When each request came, by the clock of the command. */
  function timed(course: Course) {
    const time = createSharedTime();
    const at: number[] = [];
    const note =
      (script: Script): Script =>
      (response, request: IncomingMessage) => {
        at.push(time.clock.monotonic());
        script(response, request);
      };
    const steps = course.map((step) => note(typeof step === 'function' ? step : of(step)));
    return { time, at, courses: all(steps) };
  }

  it('gets eight requests at a time over connections that are kept', async () => {
    const held: (() => void)[] = [];
    // The first eight are answered once all of them are there.
    const holding: Script = (response, request) => {
      held.push(() => of(runningUpgrade)(response, request));
      if (gateway.requests.length >= 8) for (const go of held.splice(0)) go();
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
    const { time, at, courses } = timed([runningUpgrade, runningUpgrade, completedUpgrade]);
    const { gateway, exitCode } = await several(courses, ['-w', ...quiet], { time });
    expect(exitCode).toBe(0);
    expect(gateway.requests).toHaveLength(600);
    expect(gateway.measurePeak().requests).toBeLessThanOrEqual(8);
    expect(gateway.measurePeak().connections).toBeLessThanOrEqual(16);
    expect(at.slice(0, 200).every((moment) => moment === 0)).toBe(true);
    // One after the other, 50 ms apart, and so again in each interval.
    expect(at.slice(200)).toEqual(names.concat(names).map((_, index) => 50 * (index + 1)));
  });

  it('is no leak for Node to warn of', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const option = { run: async () => 'a-token-of-some-length' };
    for (const argv of [[], ['-w']])
      await several(all([completedUpgrade]), [...argv, ...quiet, '--token-command', 'print-token'], option);
    // They come with the next tick.
    await new Promise(setImmediate);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });

  it('is not asked by all at once when it is down', async () => {
    let last = 1;
    const random = () => {
      last = (last * 16_807) % 2_147_483_647;
      return last / 2_147_483_647;
    };
    const { time, at, courses } = timed([busy]);
    const { exitCode, stderr } = await several(courses, ['-w', ...quiet, '--retries', '3'], {
      time,
      random,
    });
    expect(exitCode).toBe(6);
    expect(at).toHaveLength(800);
    // After the first reads no second has more than the 20 that it has of a watch that goes well, by some chance.
    const later = at.filter((moment) => moment > 0);
    const seconds = Array.from(
      { length: 120 },
      (_, second) => later.filter((moment) => Math.floor(moment / 1000) === second).length,
    );
    expect(Math.max(...seconds)).toBeLessThanOrEqual(40);
    expect(stderr.match(/Contact lost/g)).toBeNull();
    expect(stderr).toContain('(4 tries)');
  });

  it('is not waited for by each in turn when it is silent', async () => {
    const time = createSharedTime();
    let underWay = 0;
    const silent: Script = () => {
      underWay++;
      if (underWay % 8 === 0) time.pass(65_000);
    };
    const { exitCode, stderr, gateway } = await several(all([silent]), [...quiet, '--retries', '0'], {
      time,
    });
    expect(exitCode).toBe(6);
    expect(gateway.requests).toHaveLength(8);
    expect(stderr).toContain('gave no whole answer within 65 s');
  });

  it('is not waited for without end where each of its answers takes long', async () => {
    const time = createSharedTime();
    const held: (() => void)[] = [];
    // Time passes only while all eight requests are here, so that their order does not matter.
    const slow: Script = (response, request) => {
      held.push(() => of(runningUpgrade)(response, request));
      if (held.length < 8) return;
      time.pass(40_000);
      for (const go of held.splice(0)) go();
    };
    const { exitCode, stderr } = await several(all([slow]), quiet, { time });
    expect(time.clock.monotonic()).toBeLessThan(600_000 + 40_000);
    expect(stderr).toMatch(/web\d+: not read, because the other reads took too long\.\n/);
    expect(exitCode).toBe(6);
  });

  it('whose causes are many: ten are told, the worst first, and how many more', async () => {
    const courses = { ...all([gone]), first: [completedUpgrade], last: [rolledBackUpgrade] };
    const { exitCode, stderr } = await several(courses, ['--exit-status', ...quiet]);
    expect(exitCode).toBe(3);
    const [head, worst, ...lines] = stderr.trimEnd().split('\n');
    expect(head).toBe('sfcompose: 202 deployments: 1 rolled back, 200 not found, 1 upgraded.');
    expect(worst).toMatch(/^ {2}last: rolled back to v1/);
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe('  and 191 more: 191 not found');
  });

  it('is down for a while: ten are named', async () => {
    const time = createSharedTime();
    const { exitCode, stderr } = await several(
      all([
        (response, request) => {
          const now = time.clock.monotonic();
          const isDown = now > 5000 && now < 60_000;
          const says = of(now < 60_000 ? runningUpgrade : completedUpgrade);
          (isDown ? busy : says)(response, request);
        },
      ]),
      ['-w', '--no-domains', '-o', 'plain'],
      { time },
    );
    expect(exitCode).toBe(0);
    expect(stderr.match(/Contact lost/g)).toHaveLength(10);
    expect(stderr.match(/Contact regained/g)).toHaveLength(10);
  });

  it('names at most twenty in the command that watches on', async () => {
    const { stderr } = await several(all([runningUpgrade]), ['-w', ...quiet, '--max-wait', '5s']);
    expect(stderr).toMatch(
      /Watch on: sfcompose upgrade-progress (web\d+ ){20}<and 180 more> --watch -e \S+\n$/,
    );
  });
});
