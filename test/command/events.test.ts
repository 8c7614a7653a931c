/** The events of an upgrade, which complete a read where the cluster has an event store. */
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  createApplication,
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  type Members,
  rolledBackRecord,
  rolledBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  type Script,
  type ScriptedGateway,
  startGatewayWith,
} from '../support/scripted-gateway.ts';
import { createSharedTime } from '../support/shared-time.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const versions = { CurrentApplicationTypeVersion: 'v1', ApplicationTypeVersion: 'v2' };
const startedEvent = {
  Kind: 'ApplicationUpgradeStarted',
  TimeStamp: '2026-11-24T07:00:00Z',
  ...versions,
  RollingUpgradeMode: 'Monitored',
  FailureAction: 'Rollback',
};

/** Creates the event of a domain whose nodes took a minute. */
function createDomainEvent(UpgradeDomains: string, TimeStamp: string, UpgradeState = 'RollingForward') {
  return {
    Kind: 'ApplicationUpgradeDomainCompleted',
    TimeStamp,
    ...versions,
    UpgradeState,
    UpgradeDomains,
    UpgradeDomainElapsedTimeInMs: 60_000,
  };
}

const completedEvents = [
  startedEvent,
  createDomainEvent('UD0', '2026-11-24T07:01:00Z'),
  createDomainEvent('UD1', '2026-11-24T07:05:00Z'),
  createDomainEvent('UD2', '2026-11-24T07:09:00Z'),
  {
    Kind: 'ApplicationUpgradeCompleted',
    TimeStamp: '2026-11-24T07:12:30Z',
    ApplicationTypeVersion: 'v2',
    OverallUpgradeElapsedTimeInMs: 750_000,
  },
];

const completed = answerWith({ ...completedUpgrade, UpgradeDuration: 'PT0H12M0S' });
const completedRecord = answerWith(createApplication({ UpgradeState: 'RollingForwardCompleted' }));
const running = answerWith(runningUpgrade);

const upgradingIn = (domain: string, duration: string, own: string) =>
  answerWith(
    createUpgrade({
      UpgradeDuration: duration,
      CurrentUpgradeDomainDuration: own,
      CurrentUpgradeDomainProgress: {
        DomainName: domain,
        NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
      },
    }),
  );

async function read(
  related: Parameters<typeof startGatewayWith>[0],
  scripts: readonly Script[],
  argv: readonly string[] = [],
  options: RunOptions = {},
) {
  const gateway = await startGatewayWith({ application: completedRecord, ...related }, ...scripts);
  const result = await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv], options);
  return { ...result, table: unfoldTable(result.stdout), requests: listEventReads(gateway) };
}

function listEventReads({ relatedReads }: ScriptedGateway): readonly string[] {
  return relatedReads.flatMap(({ url = '' }) => (url.startsWith('/EventsStore/') ? [url] : []));
}

describe('a read of an upgrade that has ended', () => {
  it('has the times of its domains from events, in any order', async () => {
    const { table, requests } = await read({ events: answerWith(completedEvents.toReversed()) }, [completed]);
    expect(table).toMatch(/✓ UD0 4m 00s █+ ✓ UD1 4m 00s █+ ✓ UD2 4m 00s █+/);
    expect(table).toContain('07:00:00 – 07:12:30 UTC');
    expect(requests).toEqual([
      '/EventsStore/Applications/web/$/Events?api-version=6.4&timeout=2&StartTimeUtc=2026-11-24T06:00:00Z&EndTimeUtc=2026-11-24T08:12:00Z&ExcludeAnalysisEvents=true&SkipCorrelationLookup=true',
    ]);
  });

  it('has the container that exited, where the documents tell no cause', async () => {
    const record = createApplication({ ...rolledBackRecord, FailureReason: 'OverallUpgradeTimeout' });
    const document = { ...rolledBackUpgrade, ApplicationUnhealthyEvaluations: [] };
    const events = [
      startedEvent,
      {
        Kind: 'ApplicationContainerInstanceExited',
        TimeStamp: '2026-11-24T07:05:18Z',
        ServiceName: 'fabric:/web/web\u001b[31m\n::error::',
        CodePackageName: 'web.Code',
        ExitCode: 137,
        UnexpectedTermination: true,
      },
      {
        Kind: 'ApplicationUpgradeRollbackStarted',
        TimeStamp: '2026-11-24T07:10:00Z',
        // A rollback has the old version as its target.
        CurrentApplicationTypeVersion: 'v1',
        ApplicationTypeVersion: 'v1',
        FailureReason: 'OverallUpgradeTimeout',
        OverallUpgradeElapsedTimeInMs: 600_000,
      },
    ];
    const related = { application: answerWith(record), events: answerWith(events) };
    const { stdout, table } = await read(related, [answerWith(document)]);
    expect(table).toContain('exited with code 137 at 2026-11-24 07:05:18 UTC. Exit code 137 (0x89): killed');
    expect(table).toContain('The rollback began at 2026-11-24 07:10:00 UTC.');
    expect(stdout).not.toContain('\u001b[31m');
    expect(stdout).not.toMatch(/^::/m);
  });

  it('names the time of an end before a watch', async () => {
    const { stderr, exitCode } = await read({ events: answerWith(completedEvents) }, [completed], ['-w']);
    expect(stderr).toContain('the upgrade ended 47m ago (2026-11-24 07:12:30 UTC), before this watch began');
    expect(exitCode).toBe(0);
  });

  it('is of an unknown age without a record, and the last two days are read', async () => {
    const application = answerError(404, 'FABRIC_E_APPLICATION_NOT_FOUND');
    const { requests } = await read({ application }, [completed]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toContain('StartTimeUtc=2026-11-22T06:48:00Z&EndTimeUtc=2026-11-25T08:00:00Z');
  });

  it('reads no events older than any event store keeps', async () => {
    const record = createApplication({
      UpgradeState: 'RollingForwardCompleted',
      StartTimestampUtc: '2026-09-24T07:00:00.000Z',
    });
    const { requests } = await read({ application: answerWith(record) }, [completed]);
    expect(requests).toEqual([]);
  });
});

describe('events', () => {
  it.each([
    ['in JSON', ['-o', 'json']],
    ['in JSON with a verdict', ['-o', 'json', '--exit-status']],
    ['in a watch in JSON', ['-o', 'json', '--watch']],
    ['in ndjson', ['-o', 'ndjson']],
    ['in plain', ['-o', 'plain', '--watch']],
    ['of many deployments', ['api']],
    ['with --no-domains', ['--no-domains']],
  ])('are not read %s', async (_, argv) => {
    const { requests } = await read({ events: answerWith(completedEvents) }, [completed, completed], argv);
    expect(requests).toEqual([]);
  });

  it.each<[string, Members]>([
    ['before the rollout', createShortUpgrade({ UpgradeState: 'ProvisioningTarget' })],
    ['of a deployment that was never upgraded', createNeverUpgraded()],
    [
      'in the first domain',
      createUpgrade({ UpgradeDuration: 'PT0H1M0S', CurrentUpgradeDomainDuration: 'PT0H1M0S' }),
    ],
    ['of an upgrade that never reached the application', createShortUpgrade({ UpgradeState: 'Failed' })],
  ])('are not read %s', async (_, document) => {
    const older = createApplication({
      UpgradeState: 'RollingForwardCompleted',
      TargetApplicationTypeVersion: 'v1',
      UpgradeDescription: {},
    });
    const { requests } = await read({ application: answerWith(older) }, [answerWith(document)]);
    expect(requests).toEqual([]);
  });

  it('are read beside the other reads', async () => {
    const waiting: (() => void)[] = [];
    const waitForAll =
      (script: Script): Script =>
      (response, request) => {
        waiting.push(() => script(response, request));
        if (waiting.length === 3) for (const answerNow of waiting) answerNow();
      };
    const related = {
      application: waitForAll(answerWith(createApplication())),
      nodes: waitForAll(answerWith({ ContinuationToken: '', Items: [] })),
      events: waitForAll(answerWith(completedEvents.slice(0, 2))),
    };
    const { table } = await read(related, [running]);
    expect(table).toContain('✓ UD0 3m 00s');
  });
});

describe('a command that acts', () => {
  it('reads no events before it decides', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(290);
    const argv = ['rollback', 'web', '--verbose', '-e', cluster.url];
    const { stderr, exitCode } = await run(argv);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('/Applications/web/$/GetUpgradeProgress');
    expect(stderr).not.toContain('/EventsStore/');
  });
});

describe('a cluster without usable events', () => {
  it.each<[string, Script]>([
    ['no event store', answerError(404, 'FABRIC_E_SERVICE_DOES_NOT_EXIST')],
    ['a broken one', answerError(500, 'E_FAIL')],
    ['a denial', answer('', 403, 'Forbidden')],
    ['a denial without identity', answer('', 401, 'Unauthorized')],
    ['no events', answer('[]')],
    ['a web page', answer('<html>')],
    ['null', answer('null')],
    ['an object', answer('{"Kind":"ApplicationUpgradeStarted"}')],
    ['odd events', answer('[1,null,[],{"Kind":7},{"Kind":"ApplicationUpgradeStarted","TimeStamp":{}}]')],
    ['events of another upgrade', answerWith(completedEvents.map((one) => ({ ...one, ...rename(one) })))],
    ['a closed connection', (response) => response.destroy()],
  ])('with %s has the same screen', async (_, events) => {
    const expected = await read({ events: answer('[]') }, [completed], ['-w']);
    const { stdout, stderr, exitCode } = await read({ events }, [completed], ['-w']);
    const hidePort = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, '');
    expect(hidePort(stdout)).toBe(hidePort(expected.stdout));
    expect(stderr).toBe(expected.stderr);
    expect(exitCode).toBe(0);
  });

  function rename(event: object) {
    return 'CurrentApplicationTypeVersion' in event
      ? { CurrentApplicationTypeVersion: 'v2', ApplicationTypeVersion: 'v3' }
      : { ApplicationTypeVersion: 'v3' };
  }

  it('holds up a read for two seconds at most', async () => {
    const time = createTestTime();
    const events: Script = () => time.pass(2000);
    const { table, stderr } = await read({ events }, [completed], ['--verbose'], { time });
    expect(table).toContain('✓ web upgraded to v2 in 12m 00s');
    expect(stderr).toContain('the events could not be read: no response in time');
    expect(time.clock.monotonic()).toBe(2000);
  });

  it('ends on Ctrl-C', async () => {
    const interrupt = new AbortController();
    const { exitCode } = await read({ events: () => interrupt.abort('SIGINT') }, [completed], [], {
      interrupt: interrupt.signal,
    });
    expect(exitCode).toBe(130);
  });
});

describe('a watch', () => {
  const missed = [
    upgradingIn('UD1', 'PT0H5M0S', 'PT0H1M0S'),
    upgradingIn('UD1', 'PT0H6M0S', 'PT0H2M0S'),
    completed,
  ];

  it('reads events at its beginning, and at its end if it missed something', async () => {
    let reads = 0;
    const events: Script = (response, request) =>
      answerWith(completedEvents.slice(0, ++reads === 1 ? 2 : 5))(response, request);
    const { table, requests } = await read({ events }, missed, ['-w']);
    expect(requests).toHaveLength(2);
    expect(table).toMatch(/UD0 4m 00s/);
    expect(table).toMatch(/UD1 4m 00s/);
    expect(table).toMatch(/UD2 4m 00s/);
  });

  it('does not ask again for events that a cluster does not have', async () => {
    const { requests, exitCode } = await read({ events: answerError(404, 'E_NOT_FOUND') }, missed, ['-w']);
    expect(requests).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  it.each(['happy', 'rollback'] as const)('that sees all of %s needs no events', async (scenario) => {
    const time = createSharedTime();
    const cluster = await startSimulatedCluster(scenario, { clock: time.clock });
    const argv = ['upgrade-progress', 'web', '-w', '--interval', '20s', '--verbose', '-e', cluster.url];
    const { stderr, exitCode } = await run(argv, { time });
    expect(exitCode).toBe(scenario === 'happy' ? 0 : 3);
    expect(stderr).not.toContain('/EventsStore/');
  });

  it('that begins late shows the whole upgrade', async () => {
    const time = createSharedTime();
    const cluster = await startSimulatedCluster('rollback', { clock: time.clock });
    const argv = ['upgrade-progress', 'web', '-w', '--interval', '20s', '--quiet', '-e', cluster.url];
    const whole = await run(argv, { time });
    const after = await run(argv, { time });
    expect(listRows(after.stdout)).toEqual(listRows(whole.stdout));
    expect(listRows(whole.stdout)).toHaveLength(3);
  });

  function listRows(stdout: string): readonly string[] {
    return stdout.split('\n').filter((line) => /^ {2}\S UD\d/.test(line));
  }
});
