/** Annotations, outputs and summaries for build agents. */
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  createShortUpgrade,
  rolledBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import { answerError, answerWith, repeat, type Script, startGateway } from '../support/scripted-gateway.ts';
import { startSimulatedCluster, startTime } from '../support/simulated-cluster.ts';

const env = { GITHUB_OUTPUT: 'outputs', GITHUB_STEP_SUMMARY: 'summary' };

async function watch(scripts: readonly Script[], argv: readonly string[], options: RunOptions = {}) {
  const gateway = await startGateway(...scripts);
  return run(['upgrade-progress', 'web', '-w', '-e', gateway.url, ...argv], { env, ...options });
}

const listCommands = (text: string) => text.split('\n').filter((line) => /^\s*::|##vso\[|##\[/.test(line));

describe('GitHub Actions', () => {
  it('gets one error with the cause, a summary and outputs', async () => {
    const { exitCode, stdout, stderr, files } = await watch(
      [answerWith(runningUpgrade), answerWith(rolledBackUpgrade)],
      [],
      {
        ci: 'github',
      },
    );
    expect(exitCode).toBe(3);
    expect(listCommands(stdout)).toEqual([]);
    expect(
      listCommands(stderr).map((line) => line.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:19080')),
    ).toEqual([
      '::error title=sfcompose%3A web%3A rolled back to v1::v2 failed its health check in UD1.' +
        '%0AOn _node_1: The container exited with code 137.' +
        '%0AExit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.' +
        '%0AReported by System.Hosting for CodePackageActivation:web:EntryPoint, since 2026-11-24 07:10:01 UTC.' +
        '%0AUD1: 2 of 2 nodes unhealthy, 1 tolerated (20%25).' +
        '%0ASelect this cluster in sfctl: sfctl cluster select --endpoint http://127.0.0.1:19080' +
        '%0AShow what happened: sfctl events application-list --application-id web --start-time-utc 2026-11-24T07:00:01Z --end-time-utc 2026-11-24T07:20:01Z' +
        '%0AAfter fixing the cause, upgrade again: sfcompose upgrade web -f <compose file> --upgrade-timeout 2h --replica-set-check 15m -e http://127.0.0.1:19080' +
        '%0AIf the new version needs more time, raise --health-check-retry (now 10m).',
    ]);
    expect(files['outputs']).toBe('outcome=rolled-back\nexit-code=3\ntarget-version=v1\n');
  });

  it.each([
    { format: 'table', count: 1 },
    { format: 'plain', count: 2 },
    { format: 'json', count: 2 },
  ] as const)('tells the verdict on stderr $count times with -o $format', async ({ format, count }) => {
    const { exitCode, stderr } = await watch(
      [answerWith(runningUpgrade), answerWith(rolledBackUpgrade)],
      ['-o', format],
      { ci: 'github' },
    );
    expect(exitCode).toBe(3);
    expect(stderr.split('v2 failed its health check in UD1').length - 1).toBe(count);
  });

  it.each([
    { scenario: 'rollback', names: ['web'], file: 'summary-rolled-back' },
    { scenario: 'happy', names: ['web'], file: 'summary-completed' },
    { scenario: 'rollback', names: ['web', 'api', 'wbe'], file: 'summary-several' },
  ] as const)('gets a job summary: $file', async ({ scenario, names, file }) => {
    const time = createTestTime();
    const monotonic = () => 10_000 + time.clock.monotonic();
    const clock = { now: () => startTime, monotonic, sleep: async () => {} };
    const cluster = await startSimulatedCluster(scenario, {
      names: names.filter((name) => name !== 'wbe'),
      clock,
    });
    const argv = ['upgrade-progress', ...names, '-w', '-q', '--interval', '10s', '-e', cluster.url];
    const { files } = await run(argv, { ci: 'github', env, time });
    const summary = files['summary']?.replaceAll(new URL(cluster.url).port, '19080');
    await expect(summary).toMatchFileSnapshot(`../golden/${file}.md`);
  });

  it('gets a warning and a remark in the summary for a success without health checks', async () => {
    const unmonitored = { ...completedUpgrade, RollingUpgradeMode: 'UnmonitoredAuto' };
    const { exitCode, stderr, files } = await watch([answerWith(unmonitored)], ['--expect-version', 'v2'], {
      ci: 'github',
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^::warning title=sfcompose::web: Health was not checked \(UnmonitoredAuto\)\..*%0AShow the health of the application: sfctl application health --application-id web%0A.*--mode monitored/,
    );
    expect(files['summary']).toContain('- Health was not checked');
    expect(files['summary']).toContain('sfctl application health --application-id web');
  });

  it('gets outputs but no annotation for a success', async () => {
    const { stderr, files } = await watch(
      [answerWith(runningUpgrade), answerWith(completedUpgrade)],
      ['-o', 'json'],
      {
        ci: 'github',
      },
    );
    expect(stderr).toBe('');
    expect(files['outputs']).toBe('outcome=completed\nexit-code=0\ntarget-version=v2\n');
  });

  it.each([
    { state: 'RollingBackCompleted', document: rolledBackUpgrade, word: 'rolled-back', version: 'v1' },
    {
      state: 'Failed',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
      word: 'failed',
      version: 'v2',
    },
    { state: 'RollingForwardInProgress', document: runningUpgrade, word: 'in-progress', version: 'v2' },
    { state: 'RollingForwardCompleted', document: completedUpgrade, word: 'completed', version: 'v2' },
  ])('gets the outcome of the upgrade from a single read, not of the read itself: $state', async (one) => {
    const gateway = await startGateway(...repeat(answerWith(one.document)));
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '--no-domains'];
    const { exitCode, stderr, files } = await run(argv, { ci: 'github', env });
    expect(files['outputs']).toBe(`outcome=${one.word}\nexit-code=0\ntarget-version=${one.version}\n`);
    expect(files['summary']).toContain(
      `sfcompose&#58; ${one.word}, exit code 0, target version ${one.version}\n`,
    );
    expect(listCommands(stderr)).toEqual([]);
    expect(exitCode).toBe(0);
    const azure = await run(argv, { ci: 'azure' });
    const isDone = azure.stderr.includes('value=100');
    expect(isDone).toBe(one.word === 'completed');
  });

  it('gets the worst outcome from a single read of many deployments', async () => {
    const script: Script = (response, request) => {
      const isApi = request.url?.includes('/api/');
      answerWith(isApi ? { ...rolledBackUpgrade, DeploymentName: 'api' } : completedUpgrade)(
        response,
        request,
      );
    };
    const gateway = await startGateway(script, script);
    const argv = ['upgrade-progress', 'web', 'api', '-e', gateway.url, '--no-domains'];
    const { exitCode, files } = await run(argv, { ci: 'github', env });
    expect(files['outputs']).toBe('outcome=rolled-back\nexit-code=0\ntarget-version=\n');
    expect(exitCode).toBe(0);
  });

  it('gets a warning when nothing changes', async () => {
    const scripts = [...repeat(answerWith(runningUpgrade)).slice(0, 9), answerWith(completedUpgrade)];
    const { stderr } = await watch(scripts, ['--stall-after', '1m'], { ci: 'github' });
    expect(listCommands(stderr)).toHaveLength(1);
    expect(listCommands(stderr)[0]).toMatch(/^::warning title=sfcompose::Nothing has changed for 1m, /);
  });

  it('gets an error when a single read fails', async () => {
    const gateway = await startGateway(answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND', '50% off'));
    const { stderr, files } = await run(['upgrade-progress', 'web', '-e', gateway.url], {
      ci: 'github',
      env,
    });
    expect(listCommands(stderr)).toHaveLength(1);
    expect(listCommands(stderr)[0]).toContain('::50%25 off%0A');
    expect(files['outputs']).toBe('outcome=not-found\nexit-code=5\ntarget-version=\n');
  });

  it('gets the exit code of the upgrade even if a file cannot be written', async () => {
    const { exitCode, stderr } = await watch([answerWith(completedUpgrade)], [], {
      ci: 'github',
      append: () => Promise.reject(new Error('disk full')),
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('GITHUB_OUTPUT could not be written: disk full');
  });
});

describe('Azure Pipelines', () => {
  it('gets the progress, and one issue with the cause', async () => {
    const provisioning = createShortUpgrade({ UpgradeState: 'ProvisioningTarget' });
    const { stdout, stderr } = await watch(
      [answerWith(provisioning), answerWith(runningUpgrade), answerWith(rolledBackUpgrade)],
      [],
      {
        ci: 'azure',
      },
    );
    expect(listCommands(stdout)).toEqual([]);
    const [first, second, error, ...more] = listCommands(stderr);
    expect(first).toMatch(/^##vso\[task\.setprogress value=0;\]web to v2: provisioning/);
    expect(second).toMatch(/^##vso\[task\.setprogress value=5;\]web to v2: rolling forward/);
    expect(error).toMatch(
      /^##vso\[task\.logissue type=error\]sfcompose: web: rolled back to v1%0Av2 failed its health check in UD1\.%0A/,
    );
    expect(more).toEqual([]);
  });

  it('gets only the error with --quiet, for failOnStderr', async () => {
    expect(
      (await watch([answerWith(runningUpgrade), answerWith(completedUpgrade)], ['-q'], { ci: 'azure' }))
        .stderr,
    ).toBe('');
    const { stderr } = await watch([answerWith(runningUpgrade), answerWith(rolledBackUpgrade)], ['-q'], {
      ci: 'azure',
    });
    expect(listCommands(stderr)).toHaveLength(1);
  });

  it('gets percent signs in its own escape', async () => {
    const { stderr } = await watch([answerError(403, 'E_ACCESSDENIED', '50%')], [], { ci: 'azure' });
    expect(stderr).toContain('%0A50%AZP25%0A');
  });
});

interface AgentCase {
  readonly name: string;
  readonly options: RunOptions;
  readonly argv: readonly string[];
  /** Number of commands on stderr. */
  readonly count: number;
}

describe('the build agent', () => {
  it.each<AgentCase>([
    { name: 'auto, on GitHub', options: { ci: 'github' }, argv: [], count: 1 },
    { name: 'auto, on another agent', options: { ci: 'other' }, argv: [], count: 0 },
    { name: 'auto, on no agent', options: {}, argv: [], count: 0 },
    { name: 'none, on GitHub', options: { ci: 'github' }, argv: ['--ci', 'none'], count: 0 },
    { name: 'github, on no agent', options: {}, argv: ['--ci', 'github'], count: 1 },
    { name: 'azure, on no agent', options: {}, argv: ['--ci', 'azure'], count: 1 },
  ])('is selected by --ci $name', async ({ options, argv, count }) => {
    const { stderr } = await watch([answerWith(rolledBackUpgrade)], argv, options);
    expect(listCommands(stderr)).toHaveLength(count);
  });
});

describe('the live view', () => {
  it.each<[RunOptions, string[]]>([
    [{ ci: 'other' }, []],
    [{ env: { TERM: 'dumb' } }, []],
    [{ columns: 0 }, []],
    [{}, ['--verbose']],
    [{}, ['--ci', 'azure']],
  ])('is replaced by lines with %j and %j', async (options, argv) => {
    const { stdout } = await watch([answerWith(runningUpgrade), answerWith(completedUpgrade)], argv, {
      columns: 80,
      ...options,
    });
    expect(stdout).toMatch(/^2026-11-24T08:00:00Z web/);
    expect(stdout).not.toContain('\u001b[2K');
  });
});

describe('text from the cluster', () => {
  const evil =
    '\n::error::x\r\n##vso[task.setvariable variable=PATH]x ##[error]y\u001b[2J\u2028::stop-commands::z</td><script>@all `x` [a](b)\n```';
  const hostile = {
    ...rolledBackUpgrade,
    UpgradeStatusDetails: evil,
    TargetApplicationTypeVersion: `v1${evil}\nexit-code=0`,
    RollingUpgradeMode: evil,
    ApplicationName: `fabric:/${evil}`,
    CurrentUpgradeDomainProgress: {
      DomainName: evil,
      NodeUpgradeProgressList: [{ NodeName: evil, UpgradePhase: evil, PendingSafetyChecks: [] }],
    },
    [evil]: evil,
  };

  it.each(['github', 'azure'] as const)('is no command on %s, in any format', async (ci) => {
    for (const format of ['table', 'plain', 'json', 'ndjson']) {
      const scripts = [answerWith({ ...hostile, UpgradeState: `New${evil}` }), answerWith(hostile)];
      const { stdout, stderr } = await watch(scripts, ['-o', format], { ci });
      const ours = /^(::(error|warning) title=sfcompose[^:]*::|##vso\[task\.(logissue|setprogress) )/;
      const lines = [...listCommands(stdout), ...listCommands(stderr)];
      expect(lines.filter((line) => !ours.test(line))).toEqual([]);
      for (const line of lines) expect(line.slice(2)).not.toMatch(/##(vso)?\[/);
    }
  });

  it('adds no output and no Markdown', async () => {
    const { files } = await watch([answerWith(hostile)], [], { ci: 'github' });
    expect(files['outputs']?.trim().split('\n')).toHaveLength(3);
    expect(files['outputs']).toContain('exit-code=3\n');
    const prose = files['summary']?.replace(/^```sh\n.*\n```$/gm, '') ?? '';
    expect(prose.replaceAll('&#64;<!-- -->', '')).not.toMatch(/[<>`@[\]]/);
    expect(prose.match(/^#/gm)).toHaveLength(1);
  });

  it('is cut in annotations', async () => {
    const long = { ...rolledBackUpgrade, UpgradeStatusDetails: '%'.repeat(100_000) };
    const { stderr } = await watch([answerWith(long)], ['-q', '-o', 'plain'], { ci: 'github' });
    expect(listCommands(stderr)[0]?.length).toBeLessThan(15_000);
  });
});
