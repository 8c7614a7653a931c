/** The identity of the watched upgrade: documents of other deployments and other upgrades, and false successes. */
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

const answerCompleted = (members: Members = {}) =>
  answerWith(createUpgrade({ UpgradeState: 'RollingForwardCompleted', ...members }));
const answerForward = (members: Members = {}) => answerWith({ ...runningUpgrade, ...members });
const answerBack = (members: Members = {}) => answerWith({ ...rollingBackUpgrade, ...members });
const answerUnrecorded = answerError(404, 'NotFound', 'Null');
const answerUpgrading = answerWith({ DeploymentName: 'web', ComposeDeploymentStatus: 'Upgrading' });
const ofApi = { DeploymentName: 'api', ApplicationName: 'fabric:/api' };

/** Watches an upgrade with these scripts, and with these records of the application, the last of which is repeated. */
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

const createStart = (time: string) => ({ StartTimestampUtc: `2026-11-24T${time}.000Z` });
const anHour = { UpgradeDuration: 'PT1H0M0S' };
const seconds = { UpgradeDuration: 'PT0H0M5S' };

describe('a watch takes an upgrade for another one', () => {
  const courses: readonly Course[] = [
    {
      name: 'with the same version and another start time in the record',
      scripts: [answerForward(), answerCompleted()],
      applications: [createStart('07:00:00'), createStart('07:45:00')],
    },
    {
      name: 'with the same version and another start time in the document',
      scripts: [answerForward(createStart('07:00:00')), answerCompleted(createStart('07:45:00'))],
    },
    {
      name: 'with the same version and a shorter duration',
      scripts: [answerForward(anHour), answerCompleted(seconds)],
    },
    {
      name: 'with the same version and a second provisioning',
      scripts: [answerForward(anHour), answerWith(createShortUpgrade()), answerCompleted()],
    },
    {
      name: 'with the same, expected version and a shorter duration',
      scripts: [answerForward(anHour), answerCompleted(seconds)],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'to the expected version after a rollback to it',
      scripts: [
        answerForward({ TargetApplicationTypeVersion: 'v3' }),
        answerBack({ TargetApplicationTypeVersion: 'v2' }),
        answerCompleted(),
      ],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'of a deployment that was created again',
      scripts: [answerForward(), answerWith(createNeverUpgraded()), answerUpgrading, answerCompleted()],
    },
    {
      name: 'without a record when another version was expected',
      scripts: [
        answerForward({ TargetApplicationTypeVersion: 'v1' }),
        answerUnrecorded,
        answerWith({ Status: 'Ready' }),
      ],
      argv: ['--expect-version', 'v2'],
    },
    {
      name: 'to a version that is a number',
      scripts: [answerForward(), answerCompleted({ TargetApplicationTypeVersion: 3 })],
    },
    {
      name: 'to a version of 6,000 characters',
      scripts: [answerForward(), answerCompleted({ TargetApplicationTypeVersion: 'v'.repeat(6000) })],
    },
    {
      name: 'to a version that is a list',
      scripts: [answerForward(), answerCompleted({ TargetApplicationTypeVersion: ['v2'] })],
    },
    {
      name: 'after an upgrade without a record',
      scripts: [answerUnrecorded, answerUpgrading, answerCompleted()],
    },
    {
      name: 'to another version after an upgrade without a record',
      scripts: [
        answerWith(createShortUpgrade()),
        answerUnrecorded,
        answerUpgrading,
        answerCompleted({ TargetApplicationTypeVersion: 'v3' }),
      ],
    },
    {
      name: 'without a version after an upgrade without a record',
      scripts: [
        answerWith(createShortUpgrade()),
        answerUnrecorded,
        answerUpgrading,
        answerCompleted({ TargetApplicationTypeVersion: '' }),
      ],
    },
    {
      name: 'without a version after a rollback',
      scripts: [answerForward(), answerBack(), answerCompleted({ TargetApplicationTypeVersion: undefined })],
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
    expect(stderr).toMatch(/replaced the one being watched|expected an upgrade to/);
  });
});

describe('a watch takes an upgrade for the same one', () => {
  const courses: readonly Course[] = [
    {
      name: 'with a duration that is a minute shorter, as after a failover',
      scripts: [answerForward(anHour), answerCompleted({ UpgradeDuration: 'PT0H59M0S' })],
    },
    {
      name: 'with the clocks of the previous upgrade before its rollout',
      scripts: [
        answerWith(createShortUpgrade({ ...anHour, ...createStart('06:00:00') })),
        answerForward({ ...seconds, ...createStart('07:00:00') }),
        answerCompleted(createStart('07:00:00')),
      ],
    },
    {
      name: 'with a start time in some records only',
      scripts: [answerForward(), answerForward(), answerCompleted()],
      applications: [createStart('07:00:00'), { StartTimestampUtc: undefined }, createStart('07:00:00')],
    },
    {
      name: 'with a duration in later documents only',
      scripts: [answerWith(createShortUpgrade()), answerForward(anHour), answerCompleted(anHour)],
    },
    {
      name: 'with the expected version after another upgrade',
      scripts: [
        answerForward({ ...anHour, TargetApplicationTypeVersion: 'v1' }),
        answerForward(seconds),
        answerCompleted(),
      ],
      applications: [createStart('07:00:00'), createStart('07:45:00')],
      argv: ['--expect-version', 'v2'],
    },
  ];
  it.each(courses)('$name', async ({ scripts, applications, argv }) => {
    const { exitCode, stderr } = await watch(scripts, applications, argv);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

describe("a success that the application's record contradicts", () => {
  const rolledBack = {
    UpgradeState: 'RollingBackCompleted',
    TargetApplicationTypeVersion: 'v1',
    FailureReason: 'HealthCheck',
  };
  const message = 'The deployment reports an upgrade to v2, but its application was rolled back to v1';

  it('is no success if the record is of a rollback', async () => {
    const { exitCode, stdout, stderr } = await watch([answerForward(), answerCompleted()], [{}, rolledBack]);
    expect(stderr).toContain(message);
    expect(parseRecords(stdout).at(-1)).toMatchObject({ outcome: 'rolled-back', exitCode: 3 });
    expect(exitCode).toBe(3);
  });

  it('is no success if the record is of a failure', async () => {
    const { exitCode, stderr } = await watch(
      [answerForward(), answerCompleted()],
      [{}, { UpgradeState: 'Failed' }],
    );
    expect(stderr).toContain('but the upgrade of its application failed');
    expect(exitCode).toBe(4);
  });

  it('is no success if the record has another version', async () => {
    const other = { UpgradeState: 'RollingForwardCompleted', TargetApplicationTypeVersion: 'v9' };
    const { exitCode, stderr } = await watch([answerForward(), answerCompleted()], [{}, other]);
    expect(stderr).toContain('but its application was upgraded to v9');
    expect(exitCode).toBe(9);
  });

  it('is reported by a read, and changes the exit code with --exit-status', async () => {
    const beside = { application: answerWith(createApplication(rolledBack)) };
    const gateway = await startGatewayWith(beside, ...repeat(answerCompleted()));
    const read = (...argv: string[]) => run(['upgrade-progress', 'web', '-e', gateway.url, ...argv]);
    const table = await read();
    expect(unfoldTable(table.stdout)).toContain(message);
    expect(table.exitCode).toBe(0);
    expect((await read('--exit-status')).exitCode).toBe(3);
    expect((await read('-o', 'plain')).stdout).toContain(
      'reported as upgraded, but its application was rolled back',
    );
  });

  it('is a success if both have the same version', async () => {
    const old = answerCompleted({ TargetApplicationTypeVersion: 'v1' });
    expect(
      (await watch([answerForward({ TargetApplicationTypeVersion: 'v1' }), old], [{}, rolledBack])).exitCode,
    ).toBe(0);
  });
});

describe('a document of another deployment', () => {
  it('is refused by a read, which names both deployments', async () => {
    const gateway = await startGateway(...repeat(answerForward(ofApi)));
    const { exitCode, stdout, stderr } = await run([
      'upgrade-progress',
      'web',
      '-e',
      gateway.url,
      '-o',
      'json',
    ]);
    expect(gateway.requests).toHaveLength(3);
    expect(stderr).toContain('The response for "web" is about a different deployment, "api" (3 attempts).');
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_WRONG_DEPLOYMENT');
    expect(exitCode).toBe(6);
  });

  it('is skipped by a watch', async () => {
    const scripts = [answerForward(), answerCompleted(ofApi), answerCompleted()];
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

  it('is refused when the documents of two deployments are swapped', async () => {
    const script: Script = (response, request) =>
      answerCompleted(request.url?.includes('/api/') ? {} : ofApi)(response, request);
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
    expect(stderr).toContain('The response for "web" is about a different deployment, "api" (2 attempts).');
    expect(stderr).toContain('The response for "api" is about a different deployment, "web" (2 attempts).');
    expect(exitCode).toBe(6);
  });

  it.each([
    { kind: 'too long', named: 'w'.repeat(6000) },
    { kind: 'a number', named: 3 },
    { kind: 'a list', named: ['web'] },
  ])('is refused with a name that is $kind', async ({ named }) => {
    const gateway = await startGateway(...repeat(answerCompleted({ DeploymentName: named })));
    const { exitCode, stderr } = await run([
      'upgrade-progress',
      'web',
      '-e',
      gateway.url,
      '-w',
      '--retries',
      '0',
    ]);
    expect(stderr).toContain('The response for "web" is about a different deployment');
    expect(stderr.length).toBeLessThan(2000);
    expect(exitCode).toBe(6);
  });

  it('is refused as the status', async () => {
    const other = answerWith({ DeploymentName: 'api', ComposeDeploymentStatus: 'Ready' });
    const { exitCode, stderr } = await watch([answerUnrecorded, ...repeat(other)], [], ['--retries', '0']);
    expect(stderr).toContain('is about a different deployment, "api"');
    expect(exitCode).toBe(6);
  });

  it("is ignored as the application's record", async () => {
    const beside = { application: answerWith(createApplication({ Name: 'fabric:/api' })) };
    const gateway = await startGatewayWith(beside, answerForward());
    const { exitCode, stdout } = await run(['upgrade-progress', 'web', '-e', gateway.url, '-o', 'ndjson']);
    expect(parseRecords(stdout)[0].application).toBeNull();
    expect(exitCode).toBe(0);
  });

  it.each([
    { asked: 'web', named: undefined },
    { asked: 'my app', named: 'my app' },
    // Gateways on Windows escape names.
    { asked: 'my app', named: 'my%20app' },
  ])('is not one with the name $named for the deployment $asked', async ({ asked, named }) => {
    const gateway = await startGateway(answerForward({ DeploymentName: named }));
    const argv = ['upgrade-progress', asked, '-e', gateway.url, '--no-domains', '-o', 'plain'];
    const { exitCode, stdout } = await run(argv);
    expect(stdout).toContain(`${asked} to v2`);
    expect(exitCode).toBe(0);
  });
});

it.each([
  { clock: 'restarts', again: seconds },
  { clock: 'continues', again: { UpgradeDuration: 'PT1H10M0S' } },
])('a rollback whose clock $clock belongs to the watched upgrade', async ({ again }) => {
  const scripts = [
    answerForward(anHour),
    answerBack(again),
    answerBack({ ...again, UpgradeState: 'RollingBackCompleted' }),
  ];
  expect((await watch(scripts, [], ['--no-domains'])).exitCode).toBe(3);
});

interface NeverUpgraded {
  readonly name: string;
  readonly status: string;
  readonly code: number;
}

describe('an upgrade that ended before the watch', () => {
  const long = createApplication({
    UpgradeState: 'RollingForwardCompleted',
    StartTimestampUtc: '2026-11-24T04:00:00.000Z',
  });

  it('is a success, with a warning that has the time if it is known', async () => {
    const gateway = await startGatewayWith(
      { application: answerWith(long) },
      answerCompleted({ UpgradeDuration: 'PT1H0M0S' }),
    );
    const options = { ci: 'github', env: { GITHUB_OUTPUT: 'out', GITHUB_STEP_SUMMARY: 'sum' } } as const;
    const { exitCode, stderr, files } = await run(
      ['upgrade-progress', 'web', '-e', gateway.url, '-w'],
      options,
    );
    const message = 'web: the upgrade ended 3h ago (2026-11-24 05:00:00 UTC), before this watch began';
    expect(stderr.split('\n').slice(-3)).toEqual([
      `sfcompose: ${message}. This may be the previous upgrade; wait for a specific version with --expect-version.`,
      `::warning title=sfcompose::${message}. This may be the previous upgrade; wait for a specific version with --expect-version.`,
      '',
    ]);
    expect(files['sum']).toContain('before this watch began');
    expect(exitCode).toBe(0);
  });

  it.each(['json', 'plain', 'ndjson'])('causes a warning with -o %s', async (format) => {
    const gateway = await startGateway(answerCompleted());
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-w', '--no-domains', '-o', format];
    const { stdout, stderr } = await run(argv);
    expect(stderr).toContain(
      'the upgrade had ended before this watch began. This may be the previous upgrade',
    );
    if (format === 'ndjson')
      expect(parseRecords(stdout).at(-1).reason).toBe(
        'web: upgraded; the upgrade had ended before this watch began',
      );
  });

  it('is mentioned beside the cause of a failure', async () => {
    const { stderr, exitCode } = await watch(
      [answerBack({ UpgradeState: 'RollingBackCompleted' })],
      [],
      ['--no-domains'],
    );
    expect(stderr).toContain('\n  The upgrade had ended before this watch began.\n');
    expect(exitCode).toBe(3);
  });

  it.each<NeverUpgraded>([
    { name: 'was never upgraded', status: 'Ready', code: 5 },
    { name: 'could not be created', status: 'Failed', code: 4 },
  ])('is not mentioned for a deployment that $name', async ({ status, code }) => {
    const { stdout, stderr, exitCode } = await watch(
      [answerWith(createNeverUpgraded()), answerWith({ Status: status })],
      [],
      ['--no-domains'],
    );
    expect(stdout + stderr).not.toContain('before this watch began');
    expect(exitCode).toBe(code);
  });

  it('causes a warning for each of many deployments', async () => {
    const script: Script = (response, request) =>
      answerCompleted(request.url?.includes('/api/') ? ofApi : {})(response, request);
    const gateway = await startGateway(script, script);
    const argv = ['upgrade-progress', 'web', 'api', '-e', gateway.url, '-w', '--no-domains', '-o', 'ndjson'];
    const { stdout, stderr } = await run(argv);
    for (const name of ['web', 'api'])
      expect(stderr).toContain(`sfcompose: ${name}: the upgrade had ended before this watch began`);
    for (const { reason } of parseRecords(stdout).at(-1).deployments)
      expect(reason).toContain('the upgrade had ended before this watch began');
  });

  it('causes no warning with the expected version, or if the watch has seen the end', async () => {
    const argv = ['--no-domains', '--expect-version', 'v2'];
    expect((await watch([answerCompleted()], [], argv)).stderr).toBe('');
    expect((await watch([answerForward(), answerCompleted()], [], ['--no-domains'])).stderr).toBe('');
  });
});

describe('a watch without any reading', () => {
  const busy = answerError(503, 'E_ABORT');

  it('ends as unreachable after --max-wait, and claims nothing about the upgrade', async () => {
    const { exitCode, stdout, stderr } = await watch(repeat(busy), [], ['--max-wait', '1s']);
    expect(stderr).toMatch(
      /^sfcompose: No usable response from http:\/\/127\.0\.0\.1:\d+: HTTP 503 E_ABORT\. Retrying\.\n/,
    );
    expect(stderr).toContain('Gave up after 1s (--max-wait).');
    expect(stderr).not.toMatch(/Contact lost|continues/);
    expect(parseRecords(stdout).at(-1)).toMatchObject({ outcome: 'unreachable', exitCode: 6 });
    expect(exitCode).toBe(6);
  });

  it('reports how long the server was silent', async () => {
    const time = createTestTime();
    const gateway = await startGateway(() => time.pass(1000));
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-w', '--max-wait', '1s'];
    const { exitCode, stderr } = await run(argv, { time });
    expect(stderr).toContain(`No response from ${gateway.url} within 1s (--max-wait).`);
    expect(exitCode).toBe(6);
  });

  it('reports the first response as such, not as regained contact', async () => {
    const { stderr } = await watch([busy, answerForward(), answerCompleted()], [], ['--no-domains']);
    expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:\d+ responded after \d+m?s\.\n$/);
  });
});
