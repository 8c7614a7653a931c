/** Related reads: the application's record, the names of services, the nodes. */
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  createApplication,
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  type Members,
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
  startGatewayWith,
} from '../support/scripted-gateway.ts';

const answerRunning = answerWith(runningUpgrade);
const answerCompleted = answerWith(completedUpgrade);
const answerApplication = answerWith(createApplication());
const answerPartition = answer('{"Id":"web~web","Name":"fabric:\\/web\\/web"}');

type RelatedScripts = Parameters<typeof startGatewayWith>[0];

async function read(
  related: RelatedScripts,
  scripts: readonly Script[],
  argv: readonly string[],
  options: RunOptions = {},
) {
  const gateway = await startGatewayWith(related, ...scripts);
  const result = await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv], options);
  return { ...result, gateway, table: unfoldTable(result.stdout) };
}

describe('a single read', () => {
  it("reads and prints the application's record and the service of a partition", async () => {
    const { gateway, table, exitCode } = await read(
      { application: answerApplication, partition: answerPartition },
      [answerRunning],
      [],
    );
    expect(gateway.relatedReads.map(({ url }) => url)).toEqual([
      '/Applications/web/$/GetUpgradeProgress?api-version=6.0&timeout=2',
      '/Partitions/5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940/$/GetServiceName?api-version=6.0&timeout=2',
      '/Nodes?api-version=6.0&timeout=2',
      // It began when its clock says, or before.
      '/EventsStore/Applications/web/$/Events?api-version=6.4&timeout=2&StartTimeUtc=2026-11-24T06:55:59Z&EndTimeUtc=2026-11-25T08:00:00Z&ExcludeAnalysisEvents=true&SkipCorrelationLookup=true',
    ]);
    expect(table).toContain('rolling forward UD1, 2 of 3');
    expect(table).toContain('35%');
    expect(table).toContain('_node_4 waits until another instance of fabric:/web/web is up');
    expect(table).toContain('started 07:00:00 UTC');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['in JSON', ['-o', 'json']],
    ['with --no-domains', ['--no-domains']],
  ])('makes no related reads %s', async (_, argv) => {
    const { gateway, exitCode } = await read(
      { application: answerApplication, partition: answerPartition },
      [answerRunning],
      argv,
    );
    expect(gateway.relatedReads).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it.each<[string, Members]>([
    ['before the rollout', createShortUpgrade({ UpgradeState: 'ProvisioningTarget' })],
    ['of a deployment that was never upgraded', createNeverUpgraded()],
  ])("does not read the application's record %s", async (_, document) => {
    const { gateway } = await read({ application: answerApplication }, [answerWith(document)], []);
    expect(gateway.relatedReads).toEqual([]);
  });

  it("reads the application's record for the exit code in JSON", async () => {
    const record = createApplication({
      TargetApplicationTypeVersion: 'v1',
      UpgradeState: 'RollingBackCompleted',
      FailureReason: 'Interrupted',
    });
    const rolledBack = answerWith(rolledBackUpgrade);
    const { stderr } = await read(
      { application: answerWith(record) },
      [rolledBack],
      ['-o', 'json', '--exit-status'],
    );
    expect(stderr).toContain('Rolled back on request.');
  });

  it('prints the record unchanged beside the document in ndjson', async () => {
    const { stdout } = await read({ application: answerApplication }, [answerRunning], ['-o', 'ndjson']);
    const [progress] = stdout.split('\n').map((line) => line && JSON.parse(line));
    expect(progress.progress).toEqual(JSON.parse(JSON.stringify(runningUpgrade)));
    expect(progress.application).toEqual(createApplication());
    expect(progress.findings.map(({ code }: { code: string }) => code)).toContain('safety-check');
  });

  it.each<[string, Members]>([
    ['another version', { TargetApplicationTypeVersion: 'v1' }],
    ['the other direction', { UpgradeState: 'RollingBackInProgress' }],
  ])('ignores a record of %s', async (_, members) => {
    const record = answerWith(createApplication(members));
    const { stdout } = await read({ application: record }, [answerRunning], ['-o', 'ndjson']);
    expect(JSON.parse(stdout.split('\n')[0] ?? '').application).toBeNull();
  });

  it("encodes the application's name as one path segment", async () => {
    const document = answerWith({ ...runningUpgrade, ApplicationName: 'fabric:/a b\ud800?x' });
    const { gateway } = await read({}, [document], []);
    expect(gateway.relatedReads[0]?.url).toBe(
      '/Applications/a%20b%EF%BF%BD%3Fx/$/GetUpgradeProgress?api-version=6.0&timeout=2',
    );
  });
});

describe('the nodes of the cluster', () => {
  const createPage = (domains: Readonly<Record<string, string>>, ContinuationToken = '') => ({
    ContinuationToken,
    Items: [
      ...Object.entries(domains).map(([Name, UpgradeDomain]) => ({ Name, UpgradeDomain })),
      { Name: '_without_domain' },
      7,
    ],
  });

  it('fill the rows of the domains, from all pages', async () => {
    const nodes: Script = (response, request) =>
      (request.url?.includes('ContinuationToken=_node_1')
        ? answerWith(createPage({ _node_2: 'UD2', _node_3: 'UD1' }))
        : answerWith(createPage({ _node_0: 'UD0', _node_1: 'UD1' }, '_node_1')))(response, request);
    const { stdout } = await read({ application: answerApplication, nodes }, [answerRunning], []);
    expect(stdout).toContain('✓ UD0   _node_0 ✓\n');
    expect(stdout).toMatch(/● UD1 {3}_node_1 upgrading {3}_node_3 ✓ {3}_node_4 waiting +1m 00s\n/);
    expect(stdout).toContain('· UD2   _node_2\n');
    expect(stdout).not.toContain('_without_domain');
  });

  it('are read once in a watch, also if they cannot be read', async () => {
    for (const nodes of [answerWith(createPage({ _node_0: 'UD0' })), answerError(503, 'E_ABORT')]) {
      const scripts = [answerRunning, answerRunning, answerRunning, answerCompleted];
      const { gateway, exitCode } = await read({ application: answerApplication, nodes }, scripts, ['-w']);
      expect(gateway.relatedReads.filter(({ url }) => url?.startsWith('/Nodes'))).toHaveLength(1);
      expect(exitCode).toBe(0);
    }
  });

  it.each([
    [['-o', 'json', '--exit-status']],
    [['-o', 'ndjson']],
    [['-o', 'plain']],
    [['--no-domains']],
    [['api']],
  ])('are not read with %s', async (argv) => {
    const { gateway } = await read({ application: answerApplication }, [answerRunning, answerRunning], argv);
    expect(gateway.relatedReads.filter(({ url }) => url?.startsWith('/Nodes'))).toEqual([]);
  });
});

interface RelatedFault {
  readonly name: string;
  readonly script: Script;
  /** Requests for what is read beside the upgrade; 2 by default. */
  readonly reads?: number;
}

describe('a failed related read', () => {
  const hangUp: Script = (response) => response.destroy();
  it.each<RelatedFault>([
    { name: 'with 403', script: answer('', 403, 'Client certificate required') },
    { name: 'with 401', script: answer('', 401, 'Unauthorized') },
    { name: 'with 404', script: answerError(404, 'FABRIC_E_APPLICATION_NOT_FOUND') },
    { name: 'with 503', script: answerError(503, 'E_ABORT') },
    { name: 'with a web page', script: answer('<html>') },
    { name: 'with null', script: answer('null') },
    { name: 'with a list', script: answer('[]') },
    { name: 'with an empty object', script: answer('{}') },
    {
      name: 'with odd members',
      script: answer(
        '{"TargetApplicationTypeVersion":"v2","UpgradeDomains":[1,{"Name":2},null],"FailureReason":[]}',
      ),
    },
    // A request on a reused connection is repeated once.
    { name: 'with a closed connection', script: hangUp, reads: 3 },
  ])('changes nothing $name', async ({ script, reads = 2 }) => {
    const beside = { application: script, partition: script };
    const { exitCode, stdout, stderr, gateway } = await read(beside, [answerRunning], ['-o', 'plain']);
    expect(stdout).toBe(
      '2026-11-24T08:00:00Z web to v2: rolling forward, UD1 [RollingForwardInProgress]; ' +
        '1 node upgrading, 1 node waiting. _node_4 waits until another instance of partition ' +
        '5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940 is up.\n',
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    // A refused related read causes no further requests, and no new token.
    expect([gateway.requests.length, gateway.relatedReads.length]).toEqual([1, reads]);
  });

  it('ends after two seconds when the server is silent', async () => {
    const time = createTestTime();
    let reads = 0;
    const silent: Script = () => {
      reads++;
      if (reads === 2) time.pass(2000);
    };
    const beside = { application: silent, partition: silent };
    const { exitCode, stderr } = await read(beside, [answerRunning], ['-o', 'plain', '--verbose'], { time });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('the upgrade domains could not be read: no response in time');
    expect(time.clock.monotonic()).toBe(2000);
  });

  it('ends on Ctrl-C', async () => {
    const interrupt = new AbortController();
    const { exitCode } = await read({ application: () => interrupt.abort('SIGINT') }, [answerRunning], [], {
      interrupt: interrupt.signal,
    });
    expect(exitCode).toBe(130);
  });

  it('is repeated for a service up to three times, and a successful one is not', async () => {
    const scripts = [
      answerRunning,
      answerRunning,
      answerRunning,
      answerRunning,
      answerRunning,
      answerCompleted,
    ];
    const failing = await read({}, scripts, ['-w', '-o', 'plain']);
    const partitions = (urls: readonly { url?: string | undefined }[]) =>
      urls.filter(({ url }) => url?.startsWith('/Partitions/'));
    expect(partitions(failing.gateway.relatedReads)).toHaveLength(3);
    const good = await read({ partition: answerPartition }, scripts, ['-w', '-o', 'plain']);
    expect(partitions(good.gateway.relatedReads)).toHaveLength(1);
  });
});

describe('the services of many partitions', () => {
  it('are read five at a time', async () => {
    const nodes = Array.from({ length: 12 }, (_, index) => ({
      NodeName: `_node_${index}`,
      UpgradePhase: 'PreUpgradeSafetyCheck',
      PendingSafetyChecks: [{ SafetyCheck: { Kind: 'EnsureAvailability', PartitionId: `p${index}` } }],
    }));
    const document = createUpgrade({
      CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: nodes },
    });
    const { gateway } = await read(
      { application: answerApplication, partition: answerPartition },
      [answerWith(document)],
      [],
    );
    expect(gateway.relatedReads.filter(({ url }) => url?.startsWith('/Partitions/'))).toHaveLength(5);
  });
});

describe('a watch', () => {
  it("reads the upgrade and the application's record in parallel", async () => {
    const waiting: (() => void)[] = [];
    const waitForBoth =
      (script: Script): Script =>
      (response, request) => {
        waiting.push(() => script(response, request));
        if (waiting.length === 2) for (const answerNow of waiting) answerNow();
      };
    let reads = 0;
    const record: Script = (response, request) =>
      (reads++ === 0 ? answerApplication : waitForBoth(answerApplication))(response, request);
    const { exitCode } = await read(
      { application: record, partition: answerPartition },
      [answerRunning, waitForBoth(answerCompleted)],
      ['-w'],
    );
    expect(exitCode).toBe(0);
  });

  it('prints a changed record in ndjson, and no line for it in plain', async () => {
    let reads = 0;
    const answerTicking: Script = (response, request) =>
      answerWith(createApplication({ UpgradeDurationInMilliseconds: `PT0H0M${reads++}S` }))(
        response,
        request,
      );
    const scripts = [answerRunning, answerRunning, answerCompleted];
    const beside = { application: answerTicking, partition: answerPartition };
    const { stdout } = await read(beside, scripts, ['-w', '-o', 'ndjson']);
    expect(stdout.match(/"type":"progress"/g)).toHaveLength(3);
    const plain = await read(beside, scripts, ['-w', '-o', 'plain']);
    expect(plain.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('prints nothing when the record comes and goes', async () => {
    let reads = 0;
    const answerEveryOther: Script = (response, request) =>
      (reads++ % 2 === 0 ? answerApplication : answerError(503, 'E_ABORT'))(response, request);
    const scripts = [answerRunning, answerRunning, answerRunning, answerRunning, answerCompleted];
    const { stdout, exitCode } = await read(
      { application: answerEveryOther, partition: answerPartition },
      scripts,
      ['-w', '-o', 'plain'],
    );
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('UD1 (2 of 3) [RollingForwardInProgress]');
    expect(exitCode).toBe(0);
  });

  it('keeps the known domains when a record is missing, and counts on', async () => {
    let reads = 0;
    const answerOnce: Script = (response, request) =>
      (reads++ === 0 ? answerApplication : answerError(503, 'E_ABORT'))(response, request);
    const third = {
      ...runningUpgrade,
      CurrentUpgradeDomainProgress: {
        DomainName: 'UD2',
        NodeUpgradeProgressList: [{ NodeName: '_node_2', UpgradePhase: 'Upgrading' }],
      },
    };
    const { stdout } = await read(
      { application: answerOnce },
      [answerRunning, answerWith(third), answerCompleted],
      ['-w', '-o', 'plain'],
    );
    expect(stdout).toContain('UD2 (3 of 3)');
  });

  it('prints how long each domain took, as far as it saw them', async () => {
    const at = (domain: string, duration: string, own: string) =>
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
    const scripts = [
      at('UD0', 'PT0H1M0S', 'PT0H1M0S'),
      at('UD1', 'PT0H5M0S', 'PT0H1M0S'),
      at('UD2', 'PT0H8M0S', 'PT0H1M0S'),
      answerWith(createUpgrade({ UpgradeState: 'RollingForwardCompleted', UpgradeDuration: 'PT0H12M0S' })),
    ];
    const done = createApplication({ UpgradeState: 'RollingForwardCompleted' });
    const { table } = await read({ application: answerWith(done) }, scripts, ['-w']);
    expect(table).toMatch(/✓ UD0 4m 00s █+ ✓ UD1 3m 00s █+ ✓ UD2 5m 00s █+/);
    const missed = await read(
      { application: answerWith(done) },
      [...scripts.slice(0, 1), ...scripts.slice(2)],
      ['-w'],
    );
    expect(missed.table).toMatch(/✓ UD0 ✓ UD1 ✓ UD2 5m 00s █+/);
  });

  it('does not count the wait for approval as time of a domain', async () => {
    const domain = (name: string, nodes: readonly object[], members: Members) =>
      answerWith(
        createUpgrade({
          RollingUpgradeMode: 'UnmonitoredManual',
          CurrentUpgradeDomainProgress: { DomainName: name, NodeUpgradeProgressList: nodes },
          ...members,
        }),
      );
    const node = [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }];
    const waits = { UpgradeState: 'RollingForwardPending', CurrentUpgradeDomainDuration: 'PT0H0M0S' };
    const scripts = [
      domain('UD0', node, { UpgradeDuration: 'PT0H1M0S', CurrentUpgradeDomainDuration: 'PT0H1M0S' }),
      domain('UD1', [], { ...waits, UpgradeDuration: 'PT0H2M0S' }),
      domain('UD1', [], { ...waits, UpgradeDuration: 'PT1H2M0S' }),
      domain('UD1', node, { UpgradeDuration: 'PT1H3M0S', CurrentUpgradeDomainDuration: 'PT0H1M0S' }),
      domain('UD2', node, { UpgradeDuration: 'PT2H0M0S', CurrentUpgradeDomainDuration: 'PT0H1M0S' }),
      answerCompleted,
    ];
    const { stdout } = await read({ application: answerApplication }, scripts.slice(0, 5), [
      '-w',
      '--max-wait',
      '45s',
    ]);
    expect(unfoldTable(stdout)).toMatch(/✓ UD0 2m 00s ✓ UD1 ● UD2 _node_1 upgrading 1m 00s/);
  });
});
