/** Events of the event store, as published and as the runtime's source writes them, also broken and hostile ones. */
import { describe, expect, it } from 'vitest';
import { parseEvents } from '../../../../src/cluster/wire/events.ts';

const upgrade = 'a7c4c5e0-0000-4000-8000-000000000001';
const base = { EventInstanceId: upgrade, TimeStamp: '2026-11-24T07:00:00.1234567Z', ApplicationId: 'web' };
const at = new Date('2026-11-24T07:00:00.123Z');
const forward = { ...base, CurrentApplicationTypeVersion: 'v1', ApplicationTypeVersion: 'v2' };
// The runtime writes the version that runs again as both versions.
const back = { ...base, CurrentApplicationTypeVersion: 'v1', ApplicationTypeVersion: 'v1' };

describe('an event', () => {
  it.each<[string, object, object]>([
    [
      'of a start',
      {
        Kind: 'ApplicationUpgradeStarted',
        ...forward,
        UpgradeType: 'Rolling',
        RollingUpgradeMode: 'Monitored',
        FailureAction: 'Rollback',
      },
      { kind: 'upgrade-started', from: 'v1', to: 'v2', mode: 'Monitored', failureAction: 'Rollback' },
    ],
    [
      'of domains that were completed',
      {
        Kind: 'ApplicationUpgradeDomainCompleted',
        ...forward,
        UpgradeState: 'RollingForward',
        UpgradeDomains: '(UD0 UD1)',
        UpgradeDomainElapsedTimeInMs: 240_000.5,
      },
      {
        kind: 'domain-completed',
        from: 'v1',
        to: 'v2',
        isBack: false,
        domains: ['UD0', 'UD1'],
        took: 240_000.5,
      },
    ],
    [
      'of a domain that was rolled back',
      {
        Kind: 'ApplicationUpgradeDomainCompleted',
        ...back,
        UpgradeState: 'RollingBack',
        UpgradeDomains: 'UD0',
      },
      {
        kind: 'domain-completed',
        from: 'v1',
        to: undefined,
        isBack: true,
        domains: ['UD0'],
        took: undefined,
      },
    ],
    [
      'of an end',
      {
        Kind: 'ApplicationUpgradeCompleted',
        ...base,
        ApplicationTypeVersion: 'v2',
        OverallUpgradeElapsedTimeInMs: 1,
      },
      { kind: 'upgrade-completed', to: 'v2', took: 1 },
    ],
    [
      'of a rollback',
      { Kind: 'ApplicationUpgradeRollbackStarted', ...back, FailureReason: 'HealthCheck' },
      { kind: 'rollback-started', from: 'v1', to: undefined, failureReason: 'HealthCheck', took: undefined },
    ],
    [
      'of a rollback that names both versions',
      { Kind: 'ApplicationUpgradeRollbackStarted', ...forward, FailureReason: 'None' },
      { kind: 'rollback-started', from: 'v1', to: 'v2', failureReason: undefined, took: undefined },
    ],
    [
      'of the end of a rollback, whose kind is spelled as the model',
      {
        Kind: 'applicationUpgradeRollbackCompletedEvent',
        ...base,
        ApplicationTypeVersion: 'v1',
        FailureReason: 1,
      },
      { kind: 'rollback-completed', backTo: 'v1', failureReason: 'Interrupted', took: undefined },
    ],
    [
      'of a start that tells nothing',
      { Kind: 'ApplicationUpgradeStarted', ...base, CurrentApplicationTypeVersion: '', FailureAction: null },
      { kind: 'upgrade-started', from: undefined, to: undefined, mode: undefined, failureAction: undefined },
    ],
    [
      'without sensible numbers',
      { Kind: 'ApplicationUpgradeCompleted', ...base, OverallUpgradeElapsedTimeInMs: -5 },
      { kind: 'upgrade-completed', to: undefined, took: undefined },
    ],
  ])('%s is read', (_, event, expected) => {
    expect(parseEvents([event])).toEqual([{ id: upgrade, at, ...expected }]);
  });

  it.each<[string, string, Date]>([
    ['an offset', '2026-11-24T09:00:00.123+02:00', at],
    ['no offset', '2026-11-24T07:00:00.123', at],
  ])('has a time with %s', (_, TimeStamp, expected) => {
    const [event] = parseEvents([{ Kind: 'ApplicationUpgradeStarted', TimeStamp }]) ?? [];
    expect(event).toMatchObject({ id: undefined, at: expected });
  });

  it('has no id if that is empty', () => {
    const id = '00000000-0000-0000-0000-000000000000';
    const [event] =
      parseEvents([{ ...forward, Kind: 'ApplicationUpgradeStarted', EventInstanceId: id }]) ?? [];
    expect(event).toMatchObject({ id: undefined, to: 'v2' });
  });

  it.each<[string, unknown]>([
    ['of another kind', { ...base, Kind: 'ApplicationCreated' }],
    ['of the name of a member of all objects', { ...base, Kind: 'constructor' }],
    ['without a kind', base],
    ['without a time', { ...base, Kind: 'ApplicationUpgradeStarted', TimeStamp: undefined }],
    ['with an unset time', { ...base, Kind: 'ApplicationUpgradeStarted', TimeStamp: '0001-01-01T00:00:00Z' }],
    ['that is no object', 'ApplicationUpgradeStarted'],
    ['that is null', null],
  ])('%s is skipped', (_, event) => {
    expect(parseEvents([event, { ...forward, Kind: 'ApplicationUpgradeStarted' }])).toHaveLength(1);
  });
});

describe('a list of events', () => {
  it.each([[{}], [{ Items: [] }], ['[]'], [null]])('is not %j', (value) => {
    expect(parseEvents(value)).toBeUndefined();
  });

  it('is sorted, and keeps the newest of too many', () => {
    const many = Array.from({ length: 6000 }, (_, index) => ({
      Kind: 'ApplicationUpgradeCompleted',
      TimeStamp: new Date(Date.UTC(2026, 10, 1) + index * 1000).toISOString(),
      ApplicationTypeVersion: `v${index}`,
    })).reverse();
    const events = parseEvents(many) ?? [];
    expect(events).toHaveLength(5000);
    expect([events[0], events.at(-1)]).toMatchObject([{ to: 'v1000' }, { to: 'v5999' }]);
  });

  it('keeps upgrades however many containers exit', () => {
    const exit = {
      Kind: 'ApplicationContainerInstanceExited',
      TimeStamp: '2026-11-24T08:00:00Z',
      ExitCode: 1,
    };
    const events = parseEvents([
      { ...forward, Kind: 'ApplicationUpgradeStarted' },
      ...Array.from({ length: 6000 }, () => exit),
    ]);
    expect(events?.[0]).toMatchObject({ kind: 'upgrade-started' });
    expect(events).toHaveLength(5001);
  });

  it('reads no more of an event than a real one has', () => {
    const [event] =
      parseEvents([
        {
          Kind: 'ApplicationUpgradeDomainCompleted',
          ...base,
          ApplicationTypeVersion: 'v'.repeat(10_000),
          UpgradeDomains: 'UD '.repeat(1_000_000),
        },
      ]) ?? [];
    if (event?.kind !== 'domain-completed') throw new Error('not read');
    expect(event.to).toBeUndefined();
    expect(event.domains.length).toBeLessThanOrEqual(1000);
  });
});

describe('the exit of a container', () => {
  const exit = {
    Kind: 'ApplicationContainerInstanceExited',
    EventInstanceId: 'e1',
    TimeStamp: '2026-11-24T07:05:18.250Z',
    ServiceName: 'fabric:/web/api',
    ServicePackageName: 'apiPkg',
    ServicePackageActivationId: '',
    CodePackageName: 'api',
    ImageName: 'example/api:2',
    ExitCode: 137,
    UnexpectedTermination: true,
  };
  const report = {
    Kind: 'DeployedServicePackageNewHealthReport',
    TimeStamp: '2026-11-24T07:05:19.5Z',
    NodeName: '_node_1',
    ServiceManifestName: 'apiPkg',
    ServicePackageActivationId: '',
    SourceId: 'System.Hosting',
    Property: 'CodePackageActivation:api:EntryPoint',
    HealthState: 'Error',
    SourceUtcTimestamp: '2026-11-24T07:05:18.270Z',
  };
  const expected = {
    kind: 'container-exited',
    id: 'e1',
    at: new Date(exit.TimeStamp),
    service: 'fabric:/web/api',
    codePackage: 'api',
    image: 'example/api:2',
    node: undefined,
    exitCode: 137,
    isUnexpected: true,
  };

  it('is read in both spellings', () => {
    expect(parseEvents([exit])).toEqual([expected]);
    expect(parseEvents([{ ...exit, Kind: 'ApplicationContainerInstanseExited' }])).toEqual([expected]);
  });

  it('may tell next to nothing', () => {
    const TimeStamp = exit.TimeStamp;
    expect(parseEvents([{ Kind: exit.Kind, TimeStamp, ExitCode: 1.5 }])).toEqual([
      {
        ...expected,
        id: undefined,
        service: undefined,
        codePackage: undefined,
        image: undefined,
        exitCode: undefined,
        isUnexpected: undefined,
      },
    ]);
  });

  it('has the node of the report on it', () => {
    expect(parseEvents([report, exit, report])).toEqual([{ ...expected, node: '_node_1' }]);
  });

  it.each<[string, readonly object[]]>([
    ['another package', [{ ...report, ServiceManifestName: 'webPkg' }]],
    ['another activation', [{ ...report, ServicePackageActivationId: 'b' }]],
    ['another time', [{ ...report, SourceUtcTimestamp: '2026-11-24T07:05:18.900Z' }]],
    ['no time of its own', [{ ...report, SourceUtcTimestamp: undefined }]],
    ['another source', [{ ...report, SourceId: 'watchdog' }]],
    ['good health', [{ ...report, HealthState: 'Ok' }]],
    ['no node', [{ ...report, NodeName: '' }]],
    ['several nodes', [report, { ...report, NodeName: '_node_4' }]],
  ])('has no node where reports have %s', (_, reports) => {
    expect(parseEvents([exit, ...reports])).toEqual([expected]);
  });
});
