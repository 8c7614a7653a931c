/** Which upgrade a document is of: what is taken for another deployment's, for another upgrade, or for a success that is none. */
import { describe, expect, it } from 'vitest';
import {
  createApplication,
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  type Members,
  rollingBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { parseRecords, unfoldTable } from '../support/printed-output.ts';
import { createTestTime, run } from '../support/run.ts';
import {
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
  startGatewayWith,
} from '../support/scripted-gateway.ts';

const completed = (members: Members = {}) =>
  answerWith(createUpgrade({ UpgradeState: 'RollingForwardCompleted', ...members }));
const forward = (members: Members = {}) => answerWith({ ...runningUpgrade, ...members });
const back = (members: Members = {}) => answerWith({ ...rollingBackUpgrade, ...members });
const unrecorded = answerError(404, 'NotFound', 'Null');
const upgrading = answerWith({ DeploymentName: 'web', ComposeDeploymentStatus: 'Upgrading' });
const ofApi = { DeploymentName: 'api', ApplicationName: 'fabric:/api' };

/** Plays answers of the deployment, and of its application, and its last again and again. */
async function watch(
  scripts: readonly Script[],
  applications: readonly Members[] = [],
  argv: readonly string[] = [],
) {
  let reads = 0;
  const application: Script = (response, request) => {
    const members = applications[Math.min(reads++, applications.length - 1)];
    const script = members
      ? answerWith(createApplication(members))
      : answerError(404, 'FABRIC_E_APPLICATION_NOT_FOUND');
    script(response, request);
  };
  const gateway = await startGatewayWith({ application }, ...scripts);
  return run(['upgrade-progress', 'web', '-e', gateway.url, '-w', '-o', 'ndjson', ...argv]);
}

interface Course {
  readonly name: string;
  readonly scripts: readonly Script[];
  readonly applications?: readonly Members[];
  readonly argv?: readonly string[];
}

const startedAt = (time: string) => ({ StartTimestampUtc: `2026-11-24T${time}.000Z` });
const anHour = { UpgradeDuration: 'PT1H0M0S' };
const seconds = { UpgradeDuration: 'PT0H0M5S' };

describe('an upgrade is another one', () => {
  const courses: readonly Course[] = [
    {
      name: 'of the same version, where the application says that it began at another time',
      scripts: [forward(), completed()],
      applications: [startedAt('07:00:00'), startedAt('07:45:00')],
    },
    {
      name: 'of the same version, where compose says that it began at another time',
      scripts: [forward(startedAt('07:00:00')), completed(startedAt('07:45:00'))],
    },
    { name: 'of the same version, where its clock falls', scripts: [forward(anHour), completed(seconds)] },
    {
      name: 'of the same version, where it is prepared once more',
      scripts: [forward(anHour), answerWith(createShortUpgrade()), completed()],
    },
    {
      name: 'of the same version, although that is expected',
      scripts: [forward(anHour), completed(seconds)],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'to the expected version, after a rollback to that',
      scripts: [
        forward({ TargetApplicationTypeVersion: 'v3' }),
        back({ TargetApplicationTypeVersion: 'v2' }),
        completed(),
      ],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'where the deployment was created anew, and is upgraded',
      scripts: [forward(), answerWith(createNeverUpgraded()), upgrading, completed()],
    },
    {
      name: 'where its record is gone, and another was expected',
      scripts: [forward({ TargetApplicationTypeVersion: 'v1' }), unrecorded, answerWith({ Status: 'Ready' })],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'to a version that is a number',
      scripts: [forward(), completed({ TargetApplicationTypeVersion: 3 })],
    },
    {
      name: 'to a version that is far too long',
      scripts: [forward(), completed({ TargetApplicationTypeVersion: 'v'.repeat(6000) })],
    },
    {
      name: 'to a version that is none',
      scripts: [forward(), completed({ TargetApplicationTypeVersion: ['v2'] })],
    },
    { name: 'after one whose record is gone', scripts: [unrecorded, upgrading, completed()] },
    {
      name: 'to another version, after one whose record is gone',
      scripts: [
        answerWith(createShortUpgrade()),
        unrecorded,
        upgrading,
        completed({ TargetApplicationTypeVersion: 'v3' }),
      ],
    },
    {
      name: 'without a version, after one whose record is gone',
      scripts: [
        answerWith(createShortUpgrade()),
        unrecorded,
        upgrading,
        completed({ TargetApplicationTypeVersion: '' }),
      ],
    },
    {
      name: 'without a version, after a rollback',
      scripts: [forward(), back(), completed({ TargetApplicationTypeVersion: undefined })],
    },
  ];
  it.each(courses)('$name', async ({ scripts, applications, argv }) => {
    const { exitCode, stdout, stderr } = await watch(scripts, applications, argv);
    expect(exitCode).toBe(9);
    expect(parseRecords(stdout).at(-1)).toMatchObject({
      type: 'outcome',
      outcome: 'superseded',
      exitCode: 9,
    });
    expect(stderr).toContain('took its place');
  });
});

describe('an upgrade is still the same', () => {
  const courses: readonly Course[] = [
    {
      name: 'where its clock falls by a minute, as when the cluster manager fails over',
      scripts: [forward(anHour), completed({ UpgradeDuration: 'PT0H59M0S' })],
    },
    {
      name: 'where its clocks are those of the last upgrade until it is rolled out',
      scripts: [
        answerWith(createShortUpgrade({ ...anHour, ...startedAt('06:00:00') })),
        forward({ ...seconds, ...startedAt('07:00:00') }),
        completed(startedAt('07:00:00')),
      ],
    },
    {
      name: 'where the application tells of its beginning only now and then',
      scripts: [forward(), forward(), completed()],
      applications: [startedAt('07:00:00'), { StartTimestampUtc: undefined }, startedAt('07:00:00')],
    },
    {
      name: 'where it has a clock from some time on',
      scripts: [answerWith(createShortUpgrade()), forward(anHour), completed(anHour)],
    },
    {
      name: 'where it is the expected one, and another came before',
      scripts: [forward({ ...anHour, TargetApplicationTypeVersion: 'v1' }), forward(seconds), completed()],
      applications: [startedAt('07:00:00'), startedAt('07:45:00')],
      argv: ['--expect-version', 'v2'],
    },
  ];
  it.each(courses)('$name', async ({ scripts, applications, argv }) => {
    const { exitCode, stderr } = await watch(scripts, applications, argv);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

describe('a success that the application contradicts', () => {
  const rolledBack = {
    UpgradeState: 'RollingBackCompleted',
    TargetApplicationTypeVersion: 'v1',
    FailureReason: 'HealthCheck',
  };
  const said =
    'The deployment reports that it was upgraded to v2, but its application says that it was rolled back to v1';

  it('is none for a watch', async () => {
    const { exitCode, stdout, stderr } = await watch([forward(), completed()], [{}, rolledBack]);
    expect(stderr).toContain(said);
    expect(parseRecords(stdout).at(-1)).toMatchObject({ outcome: 'rolled-back', exitCode: 3 });
    expect(exitCode).toBe(3);
  });

  it('is none where the application failed', async () => {
    const { exitCode, stderr } = await watch([forward(), completed()], [{}, { UpgradeState: 'Failed' }]);
    expect(stderr).toContain('but its application says that its upgrade failed');
    expect(exitCode).toBe(4);
  });

  it('is none where the application has another version', async () => {
    const other = { UpgradeState: 'RollingForwardCompleted', TargetApplicationTypeVersion: 'v9' };
    const { exitCode, stderr } = await watch([forward(), completed()], [{}, other]);
    expect(stderr).toContain('but its application says that it was upgraded to v9');
    expect(exitCode).toBe(9);
  });

  it('is told of by a read, and judged where that is asked for', async () => {
    const beside = { application: answerWith(createApplication(rolledBack)) };
    const gateway = await startGatewayWith(beside, ...repeat(completed()));
    const read = (...argv: string[]) => run(['upgrade-progress', 'web', '-e', gateway.url, ...argv]);
    const table = await read();
    expect(unfoldTable(table.stdout)).toContain(said);
    expect(table.exitCode).toBe(0);
    expect((await read('--exit-status')).exitCode).toBe(3);
    expect((await read('-o', 'plain')).stdout).toContain('upgraded, but the application was rolled back');
  });

  it('is one where both went back to the same version', async () => {
    const old = completed({ TargetApplicationTypeVersion: 'v1' });
    expect(
      (await watch([forward({ TargetApplicationTypeVersion: 'v1' }), old], [{}, rolledBack])).exitCode,
    ).toBe(0);
  });
});

describe('a document of another deployment is no answer', () => {
  it('to a read, which asks again and then names both', async () => {
    const gateway = await startGateway(...repeat(forward(ofApi)));
    const { exitCode, stdout, stderr } = await run([
      'upgrade-progress',
      'web',
      '-e',
      gateway.url,
      '-o',
      'json',
    ]);
    expect(gateway.requests).toHaveLength(3);
    expect(stderr).toContain('The answer for "web" was about another deployment, "api". (3 tries)');
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_WRONG_DEPLOYMENT');
    expect(exitCode).toBe(6);
  });

  it('in the middle of a watch, which goes on with its own', async () => {
    const scripts = [forward(), completed(ofApi), completed()];
    const { exitCode, stdout } = await watch(scripts, [], ['--no-domains']);
    expect(parseRecords(stdout).map(({ type, state }) => state ?? type)).toEqual([
      'progress',
      'lost',
      'regained',
      'progress',
      'outcome',
    ]);
    expect(exitCode).toBe(0);
  });

  it('where two are swapped', async () => {
    const script: Script = (response, request) =>
      completed(request.url?.includes('/api/') ? {} : ofApi)(response, request);
    const gateway = await startGateway(...Array<Script>(20).fill(script));
    const argv = [
      'upgrade-progress',
      'web',
      'api',
      '-e',
      gateway.url,
      '-w',
      '--retries',
      '1',
      '--no-domains',
    ];
    const { exitCode, stderr } = await run(argv);
    expect(stderr).toContain('The answer for "web" was about another deployment, "api".');
    expect(stderr).toContain('The answer for "api" was about another deployment, "web".');
    expect(exitCode).toBe(6);
  });

  it.each([{ named: 'w'.repeat(6000) }, { named: 3 }, { named: ['web'] }])(
    'nor one with any other name',
    async ({ named }) => {
      const gateway = await startGateway(...repeat(completed({ DeploymentName: named })));
      const { exitCode, stderr } = await run([
        'upgrade-progress',
        'web',
        '-e',
        gateway.url,
        '-w',
        '--retries',
        '0',
      ]);
      expect(stderr).toContain('The answer for "web" was about another deployment');
      expect(stderr.length).toBeLessThan(2000);
      expect(exitCode).toBe(6);
    },
  );

  it('as its status', async () => {
    const other = answerWith({ DeploymentName: 'api', ComposeDeploymentStatus: 'Ready' });
    const { exitCode, stderr } = await watch([unrecorded, ...repeat(other)], [], ['--retries', '0']);
    expect(stderr).toContain('was about another deployment, "api"');
    expect(exitCode).toBe(6);
  });

  it('nor is that of another application', async () => {
    const beside = { application: answerWith(createApplication({ Name: 'fabric:/api' })) };
    const gateway = await startGatewayWith(beside, forward());
    const { exitCode, stdout } = await run(['upgrade-progress', 'web', '-e', gateway.url, '-o', 'ndjson']);
    expect(parseRecords(stdout)[0].application).toBeNull();
    expect(exitCode).toBe(0);
  });

  it.each([
    { asked: 'web', named: undefined },
    { asked: 'my app', named: 'my app' },
    // Gateways on Windows escape what they are asked for.
    { asked: 'my app', named: 'my%20app' },
  ])('but $named is for $asked', async ({ asked, named }) => {
    const gateway = await startGateway(forward({ DeploymentName: named }));
    const argv = ['upgrade-progress', asked, '-e', gateway.url, '--no-domains', '-o', 'plain'];
    const { exitCode, stdout } = await run(argv);
    expect(stdout).toContain(`${asked} to v2`);
    expect(exitCode).toBe(0);
  });
});

it.each([
  { clock: 'begins anew', again: seconds },
  { clock: 'goes on', again: { UpgradeDuration: 'PT1H10M0S' } },
])('a rollback whose clock $clock is of the same upgrade', async ({ again }) => {
  const scripts = [forward(anHour), back(again), back({ ...again, UpgradeState: 'RollingBackCompleted' })];
  expect((await watch(scripts, [], ['--no-domains'])).exitCode).toBe(3);
});

interface NeverUpgraded {
  readonly name: string;
  readonly status: string;
  readonly code: number;
}

describe('what had ended before a watch began', () => {
  const long = createApplication({
    UpgradeState: 'RollingForwardCompleted',
    StartTimestampUtc: '2026-11-24T04:00:00.000Z',
  });

  it('is said, with the time where that is known, and is a success all the same', async () => {
    const gateway = await startGatewayWith(
      { application: answerWith(long) },
      completed({ UpgradeDuration: 'PT1H0M0S' }),
    );
    const options = { ci: 'github', env: { GITHUB_OUTPUT: 'out', GITHUB_STEP_SUMMARY: 'sum' } } as const;
    const { exitCode, stderr, files } = await run(
      ['upgrade-progress', 'web', '-e', gateway.url, '-w'],
      options,
    );
    const said = 'web: the upgrade ended 3h 00m 00s ago (2026-11-24T05:00:00Z), before this watch began';
    expect(stderr.split('\n').slice(-3)).toEqual([
      `sfcompose: ${said}; it may be the previous upgrade. Wait for a certain version with --expect-version.`,
      `::warning title=sfcompose::${said}; it may be the previous upgrade. Wait for a certain version with --expect-version.`,
      '',
    ]);
    expect(files['sum']).toContain('before this watch began');
    expect(exitCode).toBe(0);
  });

  it.each(['json', 'plain', 'ndjson'])('is said with -o %s', async (format) => {
    const gateway = await startGateway(completed());
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-w', '--no-domains', '-o', format];
    const { stdout, stderr } = await run(argv);
    expect(stderr).toContain('the upgrade had ended before this watch began; it may be the previous upgrade');
    if (format === 'ndjson')
      expect(parseRecords(stdout).at(-1).reason).toBe(
        'web: upgraded; the upgrade had ended before this watch began',
      );
  });

  it('is said of a failure too, beside its cause', async () => {
    const { stderr, exitCode } = await watch(
      [back({ UpgradeState: 'RollingBackCompleted' })],
      [],
      ['--no-domains'],
    );
    expect(stderr).toContain('\n  The upgrade had ended before this watch began.\n');
    expect(exitCode).toBe(3);
  });

  it.each<NeverUpgraded>([
    { name: 'was never upgraded', status: 'Ready', code: 5 },
    { name: 'could not be created', status: 'Failed', code: 4 },
  ])('is not said of a deployment that $name', async ({ status, code }) => {
    const { stdout, stderr, exitCode } = await watch(
      [answerWith(createNeverUpgraded()), answerWith({ Status: status })],
      [],
      ['--no-domains'],
    );
    expect(stdout + stderr).not.toContain('before this watch began');
    expect(exitCode).toBe(code);
  });

  it('is said of each of several', async () => {
    const script: Script = (response, request) =>
      completed(request.url?.includes('/api/') ? ofApi : {})(response, request);
    const gateway = await startGateway(script, script);
    const argv = ['upgrade-progress', 'web', 'api', '-e', gateway.url, '-w', '--no-domains', '-o', 'ndjson'];
    const { stdout, stderr } = await run(argv);
    for (const name of ['web', 'api'])
      expect(stderr).toContain(`sfcompose: ${name}: the upgrade had ended before this watch began`);
    for (const { reason } of parseRecords(stdout).at(-1).deployments)
      expect(reason).toContain('the upgrade had ended before this watch began');
  });

  it('is no question where the version is expected, or the watch has seen it end', async () => {
    const argv = ['--no-domains', '--expect-version', 'v2'];
    expect((await watch([completed()], [], argv)).stderr).toBe('');
    expect((await watch([forward(), completed()], [], ['--no-domains'])).stderr).toBe('');
  });
});

describe('before anything is read', () => {
  const busy = answerError(503, 'E_ABORT');

  it('no contact is lost, no upgrade goes on, and the time that is over is no verdict', async () => {
    const { exitCode, stdout, stderr } = await watch(repeat(busy), [], ['--max-wait', '1s']);
    expect(stderr).toMatch(
      /^sfcompose: No usable response from http:\/\/127\.0\.0\.1:\d+: HTTP 503 E_ABORT\. Trying again\.\n/,
    );
    expect(stderr).toContain('Gave up after 1s (--max-wait).');
    expect(stderr).not.toMatch(/Contact lost|goes on/);
    expect(parseRecords(stdout).at(-1)).toMatchObject({ outcome: 'unreachable', exitCode: 6 });
    expect(exitCode).toBe(6);
  });

  it('silence is told of by its length', async () => {
    const time = createTestTime();
    const gateway = await startGateway(() => time.pass(1000));
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-w', '--max-wait', '1s'];
    const { exitCode, stderr } = await run(argv, { time });
    expect(stderr).toContain(`No response from ${gateway.url} within 1s (--max-wait).`);
    expect(exitCode).toBe(6);
  });

  it('an answer is no contact regained', async () => {
    const { stderr } = await watch([busy, forward(), completed()], [], ['--no-domains']);
    expect(stderr).toMatch(/The cluster answers after \d+s\.\n$/);
  });
});
