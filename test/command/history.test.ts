/** `sfcompose history`: past upgrades from the event store, and clusters that have none. */
import { describe, expect, it } from 'vitest';
import { parseRecords } from '../support/printed-output.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGatewayWith,
} from '../support/scripted-gateway.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const ready = { DeploymentName: 'web', ApplicationName: 'fabric:/web', ComposeDeploymentStatus: 'Ready' };
const answerReady = answerWith(ready);
const answerUpgrading = answerWith({ ...ready, ComposeDeploymentStatus: 'Upgrading' });
const answerRemoved: Script = (response) => {
  response.writeHead(204);
  response.end();
};
const answerEvents = (events: readonly unknown[]): Script => answer(JSON.stringify(events));

const started = {
  Kind: 'ApplicationUpgradeStarted',
  EventInstanceId: 'a',
  TimeStamp: '2026-11-24T07:00:00Z',
  CurrentApplicationTypeVersion: 'v1',
  ApplicationTypeVersion: 'v2',
};
const completed = {
  Kind: 'ApplicationUpgradeCompleted',
  EventInstanceId: 'a',
  TimeStamp: '2026-11-24T07:12:00Z',
  ApplicationTypeVersion: 'v2',
  OverallUpgradeElapsedTimeInMs: 720_000,
};

async function history(
  scripts: readonly Script[],
  argv: readonly string[] = ['web'],
  options: RunOptions = {},
) {
  const gateway = await startGatewayWith({ events: 'in-turn' }, ...scripts);
  const result = await run(['history', ...argv, '-e', gateway.url], options);
  return { ...result, urls: gateway.requests.map(({ url }) => url) };
}

describe('sfcompose history', () => {
  it('reads the status, then the events of the last seven days', async () => {
    const { exitCode, stdout, urls } = await history([answerReady, answerEvents([completed, started])]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✓ v1 → v2 {3}upgraded {3}2026-11-24 07:00:00 – 07:12:00 UTC {3}12m/);
    expect(urls).toEqual([
      '/ComposeDeployments/web?api-version=6.0-preview&timeout=60',
      // The clock of a cluster may be ahead.
      '/EventsStore/Applications/web/$/Events?api-version=6.4&timeout=60&StartTimeUtc=2026-11-17T08:00:00Z&EndTimeUtc=2026-11-25T08:00:00Z&ExcludeAnalysisEvents=true&SkipCorrelationLookup=true',
    ]);
  });

  it.each<[string, string, string]>([
    ['--since 12h', '2026-11-23T20:00:00Z', '2026-11-25T08:00:00Z'],
    ['--since 2d12h --until 1d', '2026-11-21T20:00:00Z', '2026-11-23T08:00:00Z'],
    ['--since 2026-11-01 --until 2026-11-08T12:30', '2026-11-01T00:00:00Z', '2026-11-08T12:30:00Z'],
    ['--since 2026-11-01T02:00:00.250+02:00', '2026-11-01T00:00:00Z', '2026-11-25T08:00:00Z'],
    ['--since 2026-11-01 --until 2026-11-08T12:30:00.250z', '2026-11-01T00:00:00Z', '2026-11-08T12:30:01Z'],
  ])('reads the span %s', async (options, from, to) => {
    const { exitCode, urls } = await history([answerReady, answerEvents([])], ['web', ...options.split(' ')]);
    expect(exitCode).toBe(0);
    expect(urls[1]).toContain(`&StartTimeUtc=${from}&EndTimeUtc=${to}&`);
  });

  it.each<[string, string]>([
    ['--since yesterday', 'Invalid --since "yesterday": use how long ago, such as 7d, 12h or 90m, or a time'],
    ['--since 2026-02-30', 'Invalid --since "2026-02-30"'],
    ['--until 2026-11-24T25:00', 'Invalid --until "2026-11-24T25:00"'],
    ['--since 2026-11-25', '--since 2026-11-25T00:00:00Z is in the future.'],
    ['--until 2027-01-01', '--until 2027-01-01T00:00:00Z is in the future.'],
    ['--since 2h --until 3h', '--since 2026-11-24T06:00:00Z is not before --until 2026-11-24T05:00:00Z.'],
    ['--since 0s', '--since 2026-11-24T08:00:00Z is not before --until 2026-11-24T08:00:00Z.'],
  ])('refuses %s, and sends nothing', async (options, text) => {
    const { exitCode, stderr, urls } = await history([], ['web', ...options.split(' ')]);
    expect([exitCode, urls]).toEqual([2, []]);
    expect(stderr).toContain(text);
  });

  it('refuses the name of an application, and suggests that of its deployment', async () => {
    const { exitCode, stderr, urls } = await history([], ['fabric:/web']);
    expect([exitCode, urls]).toEqual([2, []]);
    expect(stderr).toContain('Did you mean web?');
  });

  it.each(['log', 'past', 'events'])('is suggested for %s', async (word) => {
    const { exitCode, stderr } = await run([word, 'web']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean history?');
  });

  it('asks for the application that the status names', async () => {
    const status = answerWith({ ...ready, DeploymentName: 'a b', ApplicationName: 'fabric:/a%20b' });
    const { urls } = await history([status, answerEvents([])], ['a b']);
    expect(urls[1]).toContain('/EventsStore/Applications/a%2520b/$/Events?');
  });

  it.each<[string, Script, string, string]>([
    ['upgrading', answerUpgrading, '', 'under-way'],
    ['not upgrading, so that the end is missing', answerReady, '', 'unknown'],
    ['upgrading, but not all events are read', answerUpgrading, '--until 5m', 'unknown'],
    ['removed', answerRemoved, '', 'unknown'],
  ])('tells an upgrade without an end by the deployment, which is %s', async (_, status, options, result) => {
    const argv = ['web', '--json', ...options.split(' ').filter(Boolean)];
    const { stdout } = await history([status, answerEvents([started])], argv);
    expect(JSON.parse(stdout).upgrades).toMatchObject([{ result, endedAt: null, elapsedSeconds: null }]);
  });

  it('shows the past of a deployment that was removed', async () => {
    const { exitCode, stdout, stderr } = await history([answerRemoved, answerEvents([started, completed])]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('v1 → v2');
    expect(stderr).toContain('The compose deployment "web" does not exist any more.');
  });

  it('does not find a deployment without a past that does not exist', async () => {
    const list = answerWith({ ContinuationToken: '', Items: [{ DeploymentName: 'web' }] });
    const { exitCode, stdout, stderr } = await history([answerRemoved, answerEvents([]), list], ['wbe']);
    expect([exitCode, stdout]).toEqual([5, '']);
    expect(stderr).toContain('There is no compose deployment "wbe" on 127.0.0.1:');
    expect(stderr).toContain('Did you mean web?');
  });

  it('says that there were no upgrades', async () => {
    const { exitCode, stdout, stderr } = await history([answerReady, answerEvents([])]);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('No upgrades of "web" since 2026-11-17T08:00:00Z.');
  });

  it('writes a record for each upgrade, newest first, and the outcome', async () => {
    const cluster = await startSimulatedCluster('history');
    cluster.at(3600);
    const { stdout } = await run(['history', 'web', '-e', cluster.url, '-o', 'ndjson']);
    const records = parseRecords(stdout);
    expect(records.map(({ type, upgrade, outcome }) => [type, upgrade?.to ?? outcome])).toEqual([
      ['upgrade', 'v5'],
      ['upgrade', 'v4'],
      ['upgrade', 'v3'],
      ['upgrade', 'v2'],
      ['outcome', 'completed'],
    ]);
    expect(records.at(-1)).toMatchObject({ deployment: 'web', reason: '4 upgrades', exitCode: 0 });
  });

  it('counts domains and exits beyond those that it shows', async () => {
    const domains = Array.from({ length: 12 }, (_, index) => ({
      Kind: 'ApplicationUpgradeDomainCompleted',
      EventInstanceId: 'a',
      TimeStamp: `2026-11-24T07:0${Math.floor(index / 2)}:30Z`,
      UpgradeState: 'RollingForward',
      UpgradeDomains: `(UD${String(index).padStart(2, '0')})`,
      UpgradeDomainElapsedTimeInMs: 60_000,
    }));
    const exits = Array.from({ length: 12 }, (_, index) => ({
      Kind: 'ApplicationContainerInstanceExited',
      TimeStamp: `2026-11-24T07:05:${10 + index}Z`,
      ServiceName: 'fabric:/web/api',
      ExitCode: 1 + (index % 6),
      UnexpectedTermination: true,
    }));
    const events = answerEvents([started, ...domains, ...exits, completed]);
    const { stdout } = await history([answerReady, events]);
    expect(stdout).toMatch(/UD07 1m and\s+4 more/);
    expect(stdout).toContain('3 more kinds of exits; --full shows them');
    const full = await history([answerReady, events], ['web', '--full']);
    expect(full.stdout).toContain('UD11 1m');
    expect(full.stdout.match(/exit code/g)).toHaveLength(12);
  });
});

describe('a report of a history', () => {
  const events = answerEvents([completed, started]);

  it('is written beside the output', async () => {
    const argv = ['web', '--report', 'history.md'];
    const { files, exitCode, stdout } = await history([answerReady, events], argv);
    expect(files['history.md']).toMatch(/^# Upgrades of web\n[\s\S]*\| v1 \S+ v2 \| upgraded \|/);
    expect(stdout).toContain('✓ v1 → v2');
    expect(exitCode).toBe(0);
  });

  it('says why there is none', async () => {
    const argv = ['web', '--report', 'history.html', '--retries', '0'];
    const { files, exitCode } = await history([answerReady, answerError(404, 'E_NOT_FOUND')], argv);
    expect(files['history.html']).toContain('event store');
    expect(exitCode).toBe(6);
  });

  it('is refused before anything is sent, if it is neither .md nor .html', async () => {
    const { exitCode, stderr, urls } = await history([], ['web', '--report', 'history.pdf']);
    expect(stderr).toContain('Invalid --report "history.pdf": use a path that ends in .md or .html');
    expect([exitCode, urls]).toEqual([2, []]);
  });

  it('does not change the exit code if it cannot be written', async () => {
    const replaceFile = async () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    const argv = ['web', '--report', 'history.md'];
    const { exitCode, stderr } = await history([answerReady, events], argv, { replaceFile });
    expect(stderr).toContain('history.md could not be written: the disk is full.');
    expect(exitCode).toBe(0);
  });
});

describe('a narrow terminal', () => {
  it.each([60, 50, 40, 30])(
    'of %s columns has rows of one line, and says the result of each',
    async (columns) => {
      const events = answerEvents([started, completed]);
      const { stdout } = await history([answerReady, events], ['web', '--no-color'], { columns });
      const lines = stdout.split('\n');
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      if (columns >= 40) expect(lines.find((line) => line.includes('v1 → v2'))).toMatch(/upgraded +.*07:00/);
    },
  );
});

describe('a cluster without an event store', () => {
  it.each<[string, readonly Script[]]>([
    ['cannot find the service', [answerError(404, 'FABRIC_E_SERVICE_DOES_NOT_EXIST')]],
    ['answers 404 without a body', [answer('', 404, 'Not Found')]],
    ['rejects the path', [answerError(400, 'E_INVALIDARG')]],
    ['has no storage', repeat(answer('', 503, 'Service Unavailable'))],
    ['fails', repeat(answerError(500, 'E_UNEXPECTED'))],
  ])('that %s is explained', async (_, scripts) => {
    const argv = ['web', '--json'];
    const { exitCode, stdout, stderr } = await history([answerReady, ...scripts], argv);
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_NO_EVENT_STORE');
    expect(stderr).toContain('The cluster has no event store, or the event store does not respond.');
    expect(stderr).toMatch(/sfcompose upgrade-progress web -e http:/);
  });

  it('is simulated', async () => {
    const cluster = await startSimulatedCluster('happy', { eventStore: false });
    const { exitCode, stdout, stderr } = await run(['history', 'web', '-e', cluster.url]);
    expect([exitCode, stdout]).toEqual([6, '']);
    expect(stderr).toContain('has no event store');
  });
});

describe('a read that fails otherwise', () => {
  it.each<[string, readonly Script[], number, string]>([
    ['access is denied', [answerReady, answer('', 403, 'Client certificate required')], 7, 'UNAUTHORIZED'],
    ['the status cannot be read', repeat(answerError(503, 'E_ABORT')), 6, 'E_ABORT'],
    [
      'the event store times out',
      [answerReady, ...repeat(answerError(504, 'FABRIC_E_TIMEOUT'))],
      6,
      'E_TIMEOUT',
    ],
    ['something else answers', [answerReady, answerWith({ Items: [] })], 6, 'NOT_A_GATEWAY'],
  ])('is explained: %s', async (_, scripts, code, text) => {
    const { exitCode, stdout } = await history(scripts, ['web', '--json']);
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout).Error.Code).toContain(text);
  });

  it('is repeated as --retries says', async () => {
    const scripts = [answerReady, answerError(503, 'E_ABORT'), answerEvents([started, completed])];
    expect((await history(scripts)).exitCode).toBe(0);
    expect((await history(scripts, ['web', '--retries', '0'])).exitCode).toBe(6);
  });

  it('ends at --max-wait', async () => {
    const time = createTestTime();
    const silent: Script = () => time.pass(120_000);
    const { exitCode, stderr } = await history([answerReady, silent], ['web'], { time });
    expect(exitCode).toBe(6);
    expect(stderr).toContain('within 2m (--max-wait)');
  });
});
