/** Past upgrades, pieced together from complete and incomplete events. */
import { describe, expect, it } from 'vitest';
import type { ApplicationEvent, DomainCompletedEvent } from '../../../src/upgrade/events.ts';
import { listPastUpgrades } from '../../../src/upgrade/past-upgrades.ts';

const start = Date.UTC(2026, 10, 24, 7);
const at = (minutes: number) => new Date(start + minutes * 60_000);
const minute = 60_000;

type Ids = { readonly id?: string | undefined };

const started = (minutes: number, from: string, to: string, { id = to }: Ids = {}): ApplicationEvent => ({
  kind: 'upgrade-started',
  id,
  at: at(minutes),
  from,
  to,
  mode: 'Monitored',
  failureAction: 'Rollback',
});
const domain = (minutes: number, name: string, to: string, { id = to }: Ids = {}): ApplicationEvent => ({
  kind: 'domain-completed',
  id,
  at: at(minutes),
  from: 'v1',
  to,
  isBack: false,
  domains: [name],
  took: 4 * minute,
});
const domainBack = (minutes: number, name: string, id: string | undefined): ApplicationEvent => ({
  kind: 'domain-completed',
  id,
  at: at(minutes),
  from: 'v1',
  to: undefined,
  isBack: true,
  domains: [name],
  took: 2 * minute,
});
const completed = (minutes: number, to: string, took: number, { id = to }: Ids = {}): ApplicationEvent => ({
  kind: 'upgrade-completed',
  id,
  at: at(minutes),
  to,
  took: took * minute,
});
const rollback = (minutes: number, id: string | undefined, took: number): ApplicationEvent => ({
  kind: 'rollback-started',
  id,
  at: at(minutes),
  from: 'v1',
  to: undefined,
  failureReason: 'HealthCheck',
  took: took * minute,
});
const rolledBack = (minutes: number, id: string | undefined, took: number): ApplicationEvent => ({
  kind: 'rollback-completed',
  id,
  at: at(minutes),
  backTo: 'v1',
  failureReason: 'HealthCheck',
  took: took * minute,
});
const exit = (
  minutes: number,
  kind: 'unexpected' | 'expected' | 'unknown' = 'unexpected',
): ApplicationEvent => ({
  kind: 'container-exited',
  id: `exit-${minutes}`,
  at: at(minutes),
  service: 'fabric:/web/api',
  codePackage: 'api',
  image: 'api',
  node: '_node_1',
  exitCode: 137,
  isUnexpected: kind === 'unknown' ? undefined : kind === 'unexpected',
});

const forward = [
  started(0, 'v1', 'v2'),
  domain(4, 'UD0', 'v2'),
  domain(8, 'UD1', 'v2'),
  completed(9, 'v2', 9),
];
const back = [
  started(20, 'v1', 'v3'),
  domain(24, 'UD0', 'v3'),
  exit(26),
  rollback(30, 'v3', 10),
  domainBack(32, 'UD0', 'v3'),
  rolledBack(33, 'v3', 13),
];

const withoutId = (event: ApplicationEvent): ApplicationEvent => ({ ...event, id: undefined });

/** Sums up upgrades as versions, results and domains. */
function summarize(events: readonly ApplicationEvent[]): readonly string[] {
  return listPastUpgrades(events).map((upgrade) =>
    [
      `${upgrade.from} to ${upgrade.to} ${upgrade.result}`,
      ...upgrade.forward.map(({ name }) => name),
      ...upgrade.back.map(({ name }) => `back ${name}`),
    ].join(' '),
  );
}

describe('an upgrade with all its events', () => {
  it('that completed has the facts of its events', () => {
    expect(listPastUpgrades(forward)).toEqual([
      {
        from: 'v1',
        to: 'v2',
        startedAt: at(0),
        endedAt: at(9),
        result: 'completed',
        mode: 'Monitored',
        failureAction: 'Rollback',
        failureReason: undefined,
        rollbackStartedAt: undefined,
        took: 9 * minute,
        forward: [
          { name: 'UD0', completedAt: at(4), took: 4 * minute },
          { name: 'UD1', completedAt: at(8), took: 4 * minute },
        ],
        back: [],
        exits: [],
      },
    ]);
  });

  it('that was rolled back has both directions, the reason, and the exits', () => {
    expect(listPastUpgrades(back)).toMatchObject([
      {
        from: 'v1',
        to: 'v3',
        endedAt: at(33),
        result: 'rolled-back',
        failureReason: 'HealthCheck',
        rollbackStartedAt: at(30),
        took: 13 * minute,
        forward: [{ name: 'UD0', completedAt: at(24) }],
        back: [{ name: 'UD0', completedAt: at(32) }],
        exits: [{ node: '_node_1', exitCode: 137 }],
      },
    ]);
  });

  it.each<[string, (events: readonly ApplicationEvent[]) => readonly ApplicationEvent[]]>([
    ['reversed', (events) => events.toReversed()],
    ['repeated', (events) => [...events, ...events]],
    ['without ids', (events) => events.map(withoutId)],
  ])('is the same if its events are %s', (_, change) => {
    expect(listPastUpgrades(change([...forward, ...back])).map(({ exits: _exits, ...rest }) => rest)).toEqual(
      listPastUpgrades([...forward, ...back]).map(({ exits: _exits, ...rest }) => rest),
    );
  });
});

describe('an upgrade that lacks events', () => {
  it.each<[string, readonly ApplicationEvent[], readonly string[]]>([
    ['no events', [], []],
    ['only its start', forward.slice(0, 1), ['v1 to v2 under-way']],
    ['no end, and is the last', forward.slice(0, 3), ['v1 to v2 under-way UD0 UD1']],
    [
      'no end before the next',
      [...forward.slice(0, 3), ...back],
      ['v1 to v2 unknown UD0 UD1', 'v1 to v3 rolled-back UD0 back UD0'],
    ],
    ['no start', forward.slice(1), ['v1 to v2 completed UD0 UD1']],
    ['only its end', forward.slice(3), ['undefined to v2 completed']],
    ['no end of its rollback', back.slice(0, 5), ['v1 to v3 rolling-back UD0 back UD0']],
    ['only the end of its rollback', back.slice(5), ['v1 to undefined rolled-back']],
    [
      'an end that belongs to an upgrade of which nothing else is known',
      [...forward.slice(0, 2), rolledBack(90, 'v9', 5)],
      ['v1 to v2 unknown UD0', 'v1 to undefined rolled-back'],
    ],
    [
      'ids, and the end of another version',
      [withoutId(started(0, 'v1', 'v2')), withoutId(completed(50, 'v3', 9))],
      ['v1 to v2 unknown', 'undefined to v3 completed'],
    ],
  ])('has %s', (_, events, expected) => {
    expect(summarize(events)).toEqual(expected);
  });

  it('whose start is missing has no time of it', () => {
    expect(listPastUpgrades(forward.slice(1))).toMatchObject([
      { startedAt: undefined, endedAt: at(9), took: 9 * minute, mode: undefined },
    ]);
  });
});

describe('an upgrade during which the cluster manager failed over, so that its id changed,', () => {
  it.each<[string, readonly ApplicationEvent[], readonly string[]]>([
    [
      'is known by its target version',
      [...forward.slice(0, 2), domain(8, 'UD1', 'v2', { id: 'b' }), completed(9, 'v2', 9, { id: 'b' })],
      ['v1 to v2 completed UD0 UD1'],
    ],
    [
      'is known by its start when it is rolled back',
      [...back.slice(0, 2), rollback(31, 'b', 9), domainBack(33, 'UD0', 'b'), rolledBack(34, 'b', 12)],
      ['v1 to v3 rolled-back UD0 back UD0'],
    ],
    [
      'reports a domain again',
      [...forward.slice(0, 2), domain(5, 'UD0', 'v2', { id: 'b' }), completed(9, 'v2', 9, { id: 'b' })],
      ['v1 to v2 completed UD0'],
    ],
  ])('%s', (_, events, expected) => {
    expect(summarize(events)).toEqual(expected);
  });
});

describe('a domain', () => {
  const bare = (minutes: number, domains: readonly string[]): DomainCompletedEvent => ({
    kind: 'domain-completed',
    id: 'v3',
    at: at(minutes),
    from: undefined,
    to: undefined,
    isBack: undefined,
    domains,
    took: minute,
  });

  it('whose direction is not told belongs to that of its time', () => {
    const events = [back[0], bare(24, ['UD0']), back[3], bare(32, ['UD0']), back[5]].flatMap(
      (one) => one ?? [],
    );
    expect(summarize(events)).toEqual(['v1 to v3 rolled-back UD0 back UD0']);
  });

  it('whose direction nothing tells is left out', () => {
    expect(summarize([bare(24, ['UD0']), ...back.slice(5)])).toEqual(['v1 to undefined rolled-back']);
  });

  it('that was completed with another has no time of its own', () => {
    const [upgrade] = listPastUpgrades([
      ...forward.slice(0, 1),
      { ...bare(4, ['UD0', 'UD1']), id: 'v2', isBack: false },
    ]);
    expect(upgrade?.forward.map(({ took }) => took)).toEqual([undefined, undefined]);
  });
});

describe('exits of containers', () => {
  it('belong to the upgrade at whose time they were, if they were unexpected', () => {
    const events = [exit(-1), exit(5), exit(6, 'expected'), exit(7, 'unknown'), exit(12), exit(60)];
    const exits = listPastUpgrades([...forward, ...back, ...events]).map((upgrade) =>
      upgrade.exits.map((one) => (one.at.getTime() - start) / minute),
    );
    expect(exits).toEqual([[5], [26]]);
  });

  it('of an upgrade whose end is unknown end with the next', () => {
    const events = [...forward.slice(0, 2), ...back, exit(12), exit(22)];
    const exits = listPastUpgrades(events).map((upgrade) => upgrade.exits.length);
    expect(exits).toEqual([1, 2]);
  });

  it('alone are no upgrade', () => {
    expect(listPastUpgrades([exit(1)])).toEqual([]);
  });
});
