/** Whole transcripts and screens of the simulated cluster. `npx vitest run -u` updates them: review the difference. */
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { createTestTime, run, type TestTime } from '../support/run.ts';
import { drawScreen } from '../support/screen.ts';
import { createSharedTime } from '../support/shared-time.ts';
import { type SimulatedCluster, startSimulatedCluster } from '../support/simulated-cluster.ts';

const three = ['web', 'api', 'shop'];

interface Transcript {
  readonly file: string;
  readonly scenario: ScenarioName;
  readonly seconds: number;
  readonly command: string;
  readonly names?: readonly string[];
  /** Width of stdout, which then is a terminal. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Ephemeral ports have five digits like the default port, so that lines wrap alike. */
function hidePort(text: string, { url }: SimulatedCluster): string {
  return text.replaceAll(new URL(url).host, '127.0.0.1:19080');
}

describe('a transcript', () => {
  it.each<Transcript>([
    { file: 'provisioning', scenario: 'happy', seconds: 10, command: 'upgrade-progress web' },
    { file: 'rolling-forward', scenario: 'happy', seconds: 290, command: 'upgrade-progress web' },
    {
      file: 'rolling-forward-plain',
      scenario: 'happy',
      seconds: 290,
      command: 'upgrade-progress web -o plain',
    },
    {
      file: 'rolling-forward-ndjson',
      scenario: 'happy',
      seconds: 290,
      command: 'upgrade-progress web -o ndjson --exit-status',
    },
    { file: 'health-check', scenario: 'happy', seconds: 420, command: 'upgrade-progress web' },
    { file: 'completed', scenario: 'happy', seconds: 900, command: 'upgrade-progress web --exit-status' },
    { file: 'unhealthy', scenario: 'rollback', seconds: 420, command: 'upgrade-progress web --exit-status' },
    {
      file: 'rolling-back',
      scenario: 'rollback',
      seconds: 600,
      command: 'upgrade-progress web --exit-status',
    },
    {
      file: 'rolled-back',
      scenario: 'rollback',
      seconds: 900,
      command: 'upgrade-progress web --exit-status',
    },
    {
      file: 'rolled-back-json',
      scenario: 'rollback',
      seconds: 900,
      command: 'upgrade-progress web --json --exit-status',
    },
    {
      file: 'rolled-back-query',
      scenario: 'rollback',
      seconds: 900,
      command:
        'upgrade-progress web --json --exit-status --query {state:UpgradeState,unhealthy:ApplicationUnhealthyEvaluations[].HealthEvaluation.Description}',
    },
    {
      file: 'timed-out-domain',
      scenario: 'timeout',
      seconds: 900,
      command: 'upgrade-progress web --exit-status',
    },
    { file: 'failed', scenario: 'failed', seconds: 60, command: 'upgrade-progress web --exit-status' },
    { file: 'waiting-for-approval', scenario: 'manual', seconds: 200, command: 'upgrade-progress web' },
    { file: 'stuck', scenario: 'stuck', seconds: 3600, command: 'upgrade-progress web' },
    {
      file: 'never-upgraded',
      scenario: 'never-upgraded',
      seconds: 0,
      command: 'upgrade-progress web --exit-status',
    },
    {
      file: 'rolling-forward-60',
      scenario: 'happy',
      seconds: 290,
      command: 'upgrade-progress web',
      columns: 60,
    },
    {
      file: 'rolling-forward-120',
      scenario: 'happy',
      seconds: 290,
      command: 'upgrade-progress web',
      columns: 120,
    },
    {
      file: 'rolling-forward-ascii',
      scenario: 'happy',
      seconds: 290,
      command: 'upgrade-progress web',
      env: { LC_ALL: 'C' },
    },
    {
      file: 'unhealthy-60',
      scenario: 'rollback',
      seconds: 420,
      command: 'upgrade-progress web',
      columns: 60,
    },
    {
      file: 'unhealthy-120',
      scenario: 'rollback',
      seconds: 420,
      command: 'upgrade-progress web',
      columns: 120,
    },
    {
      file: 'rolled-back-60',
      scenario: 'rollback',
      seconds: 900,
      command: 'upgrade-progress web',
      columns: 60,
    },
    {
      file: 'rolled-back-120',
      scenario: 'rollback',
      seconds: 900,
      command: 'upgrade-progress web',
      columns: 120,
    },
    {
      file: 'rolled-back-ascii',
      scenario: 'rollback',
      seconds: 900,
      command: 'upgrade-progress web',
      env: { LC_ALL: 'C' },
    },
    { file: 'rolled-back-full', scenario: 'rollback', seconds: 900, command: 'upgrade-progress web --full' },
    { file: 'cleaning-up', scenario: 'happy', seconds: 760, command: 'upgrade-progress web' },
    { file: 'final-health-check', scenario: 'happy', seconds: 660, command: 'upgrade-progress web' },
    { file: 'missing', scenario: 'missing', seconds: 0, command: 'upgrade-progress web' },
    { file: 'missing-json', scenario: 'missing', seconds: 0, command: 'upgrade-progress web --json' },
    { file: 'unauthorized', scenario: 'unauthorized', seconds: 0, command: 'upgrade-progress web' },
    { file: 'flaky', scenario: 'flaky', seconds: 290, command: 'upgrade-progress web -o plain' },
    { file: 'mistyped', scenario: 'happy', seconds: 290, command: 'upgrade-progress Web' },
    { file: 'list', scenario: 'rollback', seconds: 540, command: 'list', names: three },
    { file: 'list-plain', scenario: 'rollback', seconds: 540, command: 'list -o plain', names: three },
    { file: 'list-json', scenario: 'never-upgraded', seconds: 0, command: 'list --json', names: three },
    { file: 'list-ndjson', scenario: 'failed', seconds: 40, command: 'list -o ndjson', names: three },
    { file: 'list-unauthorized', scenario: 'unauthorized', seconds: 0, command: 'list', names: three },
    {
      file: 'several',
      scenario: 'rollback',
      seconds: 640,
      command: 'upgrade-progress web api shop wbe --exit-status',
      names: three,
    },
    ...([60, 120] as const).map((columns) => ({
      file: `several-${columns}`,
      scenario: 'rollback' as const,
      seconds: 640,
      command: 'upgrade-progress web api shop wbe --no-color',
      names: three,
      columns,
    })),
    {
      file: 'several-ascii',
      scenario: 'stuck',
      seconds: 3600,
      command: 'upgrade-progress web api wbe',
      names: three,
      env: { LC_ALL: 'C' },
    },
    {
      file: 'several-waiting',
      scenario: 'manual',
      seconds: 200,
      command: 'upgrade-progress web api shop',
      names: three,
    },
    ...[
      { file: 'history', command: 'history web' },
      { file: 'history-full', command: 'history web --full --since 12h' },
      { file: 'history-60', command: 'history web --no-color', columns: 60 },
      { file: 'history-110', command: 'history web --no-color', columns: 110 },
      { file: 'history-ascii', command: 'history web', env: { LC_ALL: 'C' } },
      { file: 'history-plain', command: 'history web -o plain' },
      { file: 'history-json', command: 'history web --json --since 12h --until 2h' },
      { file: 'history-ndjson', command: 'history web -o ndjson --since 2d' },
      { file: 'history-empty', command: 'history web --since 5m' },
    ].map((row) => ({ scenario: 'history' as const, seconds: 3600, ...row })),
    { file: 'history-under-way', scenario: 'rollback', seconds: 590, command: 'history web' },
    { file: 'connection', scenario: 'happy', seconds: 0, command: 'connection' },
    { file: 'connection-json', scenario: 'happy', seconds: 0, command: 'connection --json' },
    {
      file: 'refused',
      scenario: 'happy',
      seconds: 0,
      command: 'upgrade-progress web -e http://127.0.0.1:1 --retries 0',
    },
    {
      file: 'several-unauthorized',
      scenario: 'unauthorized',
      seconds: 0,
      command: 'upgrade-progress web api',
    },
    { file: 'connection-unauthorized', scenario: 'unauthorized', seconds: 0, command: 'connection' },
    {
      file: 'several-plain',
      scenario: 'happy',
      seconds: 420,
      command: 'upgrade-progress web api shop -o plain',
      names: three,
    },
  ])('is unchanged: $file: $command', async ({ file, scenario, seconds, command, ...row }) => {
    const { names = ['web'], columns, env = {} } = row;
    const cluster = await startSimulatedCluster(scenario, { names });
    cluster.at(seconds);
    const { exitCode, stdout, stderr } = await run(command.split(' '), {
      env: { SFCOMPOSE_ENDPOINT: cluster.url, NO_COLOR: '1', ...env },
      ...(columns === undefined ? {} : { columns }),
    });
    const transcript = `$ sfcompose ${command}\n${stdout}${stderr}exit code ${exitCode}\n`;
    await expect(hidePort(transcript, cluster)).toMatchFileSnapshot(`../golden/${file}.txt`);
  });
});

describe('the end of a watch', () => {
  it.each([
    { file: 'watch-completed', scenario: 'happy' },
    { file: 'watch-rolled-back', scenario: 'rollback' },
    { file: 'watch-timed-out-domain', scenario: 'timeout' },
  ] as const)('is unchanged: $file', async ({ file, scenario }) => {
    const cluster = await startSimulatedCluster(scenario);
    const { clock, ...time } = createTestTime();
    const command = 'upgrade-progress web --watch --quiet';
    const { exitCode, stdout } = await run(command.split(' '), {
      env: { SFCOMPOSE_ENDPOINT: cluster.url },
      time: {
        ...time,
        clock: {
          ...clock,
          // The simulated clock begins with the watch, ten seconds into the upgrade.
          async sleep(milliseconds, signal) {
            await clock.sleep(milliseconds, signal);
            cluster.at(10 + clock.monotonic() / 1000);
          },
        },
      },
    });
    const screen = stdout.replace(/^2026.*\n/gm, '');
    const transcript = `$ sfcompose ${command}\n${screen}exit code ${exitCode}\n`;
    await expect(hidePort(transcript, cluster)).toMatchFileSnapshot(`../golden/${file}.txt`);
  });
});

interface LiveScreen {
  readonly file: string;
  readonly scenario: ScenarioName;
  readonly seconds: number;
  readonly names?: readonly string[];
  readonly argv?: readonly string[];
  readonly columns?: number;
  readonly createTime?: () => TestTime;
}

describe('the screen of a live view', () => {
  // Time is virtual, so that the spinner and all clocks are the same in each run.
  it.each<LiveScreen>([
    { file: 'live', scenario: 'happy', seconds: 350 },
    { file: 'live-unhealthy', scenario: 'rollback', seconds: 420 },
    { file: 'live-provisioning', scenario: 'happy', seconds: 10 },
    { file: 'live-waiting', scenario: 'manual', seconds: 200 },
    { file: 'live-stuck', scenario: 'stuck', seconds: 3600 },
    { file: 'live-rolling-back', scenario: 'rollback', seconds: 600 },
    { file: 'live-narrow', scenario: 'happy', seconds: 350, columns: 40 },
    {
      file: 'live-several',
      scenario: 'timeout',
      seconds: 600,
      names: three,
      argv: ['--no-domains'],
      createTime: createSharedTime,
    },
  ])('is unchanged: $file', async ({ file, scenario, seconds, names = ['web'], argv = [], ...row }) => {
    const { createTime = createTestTime, columns = 80 } = row;
    const cluster = await startSimulatedCluster(scenario, { names });
    cluster.at(seconds);
    const time = createTime();
    const watch = ['--watch', '--interval', '3s', '--max-wait', '5s', ...argv];
    let output = '';
    await run(['upgrade-progress', ...names, ...watch], {
      env: { SFCOMPOSE_ENDPOINT: cluster.url },
      columns,
      time,
      // The frames of the first 4 seconds, with a second read after 3 seconds.
      onOutput(text) {
        if (time.clock.monotonic() <= 4000) output += text;
      },
    });
    const screen = await drawScreen(output, { columns, rows: 24 });
    await expect(hidePort(`${screen}\n`, cluster)).toMatchFileSnapshot(`../golden/${file}.txt`);
  });
});

describe('the screen of a dashboard', () => {
  it.each([
    { file: 'live-dashboard', seconds: 640, columns: 80, rows: 24 },
    { file: 'live-dashboard-narrow', seconds: 640, columns: 40, rows: 12 },
    { file: 'live-dashboard-idle', seconds: 2400, columns: 80, rows: 24 },
  ])('is unchanged: $file', async ({ file, seconds, columns, rows }) => {
    const cluster = await startSimulatedCluster('rollback', { names: three });
    cluster.at(seconds);
    const time = createSharedTime();
    let output = '';
    await run(['list', '--watch', '--interval', '3s', '--max-wait', '5s'], {
      env: { SFCOMPOSE_ENDPOINT: cluster.url },
      columns,
      time,
      // The frames of the first 4 seconds, with a second read after 3 seconds.
      onOutput(text) {
        if (time.clock.monotonic() <= 4000) output += text;
      },
    });
    const screen = await drawScreen(output, { columns, rows });
    await expect(hidePort(`${screen}\n`, cluster)).toMatchFileSnapshot(`../golden/${file}.txt`);
  });
});

describe('a terminal after a command', () => {
  it.each([
    {
      file: 'several-watched',
      scenario: 'rollback' as const,
      seconds: 890,
      argv: ['web', 'api', 'shop', 'wbe', '--watch'],
    },
    {
      file: 'several-timed-out',
      scenario: 'rollback' as const,
      seconds: 640,
      argv: ['web', 'api', '--watch', '--max-wait', '5s'],
    },
    {
      file: 'several-exit-status',
      scenario: 'rollback' as const,
      seconds: 640,
      argv: ['web', 'api', 'wbe', '--exit-status'],
    },
  ])('has told each thing once: $file', async ({ file, scenario, seconds, argv }) => {
    const cluster = await startSimulatedCluster(scenario, { names: three });
    cluster.at(seconds);
    let output = '';
    const { exitCode } = await run(['upgrade-progress', ...argv, '-q', '--no-color'], {
      env: { SFCOMPOSE_ENDPOINT: cluster.url },
      columns: 80,
      isOneTerminal: true,
      time: createSharedTime(),
      onOutput(text) {
        output += text;
      },
    });
    const screen = await drawScreen(output, { columns: 80, rows: 50 });
    const text = `${screen.trimEnd()}\nexit code ${exitCode}\n`.replaceAll(
      new URL(cluster.url).host,
      '127.0.0.1:19080',
    );
    await expect(text).toMatchFileSnapshot(`../golden/${file}.txt`);
  });
});
