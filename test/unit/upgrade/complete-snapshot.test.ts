/** Snapshots completed by the cluster's events, and facts that events must not change. */
import { describe, expect, it } from 'vitest';
import { completeSnapshot } from '../../../src/upgrade/complete-snapshot.ts';
import { collectFindings } from '../../../src/upgrade/findings/collect.ts';
import { findVersions } from '../../../src/upgrade/headline.ts';
import type { PastUpgrade } from '../../../src/upgrade/past-upgrade.ts';
import type { UpgradeSnapshot } from '../../../src/upgrade/snapshot.ts';
import { findEnd } from '../../../src/upgrade/times.ts';
import {
  completedUpgrade,
  createNeverUpgraded,
  createUpgrade,
  type Members,
  rolledBackRecord,
  rolledBackUpgrade,
  runningUpgrade,
} from '../../support/documents.ts';
import { createDomain, createExit, createPast, minute } from '../../support/past-upgrades.ts';
import { buildSnapshot } from '../../support/snapshots.ts';

const completed = buildSnapshot(
  { ...completedUpgrade, UpgradeDuration: 'PT0H12M0S', CurrentUpgradeDomainDuration: 'PT0H0M0.01S' },
  { application: { UpgradeState: 'RollingForwardCompleted', UpgradeDomains: listDomains('Completed') } },
);
const running = buildSnapshot(runningUpgrade, { application: {} });
const rolledBack = buildRollback({});

function listDomains(State: string) {
  return ['UD0', 'UD1', 'UD2'].map((Name) => ({ Name, State }));
}

function buildRollback(document: Members, record: Members = {}): UpgradeSnapshot {
  return buildSnapshot(
    { ...rolledBackUpgrade, UpgradeDuration: 'PT0H14M0S', UpgradeStatusDetails: '', ...document },
    // Runtime 6.4 puts the old version here.
    {
      application: {
        ...rolledBackRecord,
        UpgradeDescription: {},
        UpgradeDomains: listDomains('Completed'),
        ...record,
      },
    },
  );
}

/** Domains of which each takes a minute for its nodes and three for its health. */
const forward = [createDomain('UD0', 0, 1), createDomain('UD1', 4, 5), createDomain('UD2', 8, 9)];
const back = [createDomain('UD0', 8, 10), createDomain('UD1', 10, 12)];
const completedPast = createPast({ result: 'completed', endedAt: minute(12.5), forward });
const rolledBackPast = createPast({
  result: 'rolled-back',
  rollbackStartedAt: minute(8),
  endedAt: minute(12),
  forward: forward.slice(0, 2),
  back,
});

/** Lists the domains of the current direction with their times in minutes. */
function listTimes({ course }: UpgradeSnapshot): readonly string[] {
  return course.finished.map(({ name, began, took }) => `${name} ${began / 60_000}+${took / 60_000}`);
}

function listForwardTimes({ course }: UpgradeSnapshot): readonly string[] {
  return (course.forward?.finished ?? []).map(({ name, took }) => `${name} ${took / 60_000}`);
}

describe('the events of an upgrade', () => {
  it('tell how long each domain took, with its health check, and the end', () => {
    const snapshot = completeSnapshot(completed, [completedPast]);
    expect(listTimes(snapshot)).toEqual(['UD0 0+4', 'UD1 4+4', 'UD2 8+4']);
    expect(findEnd(snapshot)).toEqual(minute(12.5));
  });

  it('tell both directions of a rollback, when it began, and the version that it leaves', () => {
    const snapshot = completeSnapshot(rolledBack, [rolledBackPast]);
    expect(listForwardTimes(snapshot)).toEqual(['UD0 4', 'UD1 4']);
    expect(listTimes(snapshot)).toEqual(['UD0 8+2', 'UD1 10+2']);
    expect(findVersions(snapshot)).toEqual({ from: 'v2', to: 'v1' });
    const [cause] = collectFindings(snapshot);
    expect(cause?.what).toBe('v2 failed its health check in UD1');
    expect(cause?.evidence).toContain('The rollback began at 2026-11-24 07:08:00 UTC.');
  });

  it('tell the time of the domains before the current one', () => {
    const past = createPast({ forward: forward.slice(0, 1) });
    expect(listTimes(completeSnapshot(running, [past]))).toEqual([`UD0 0+${180_600 / 60_000}`]);
  });

  it('tell the time of the domains of an unmonitored upgrade', () => {
    const manual = { ...completedUpgrade, RollingUpgradeMode: 'UnmonitoredManual' };
    const snapshot = buildSnapshot(manual, { application: {} });
    const past = createPast({ mode: 'UnmonitoredManual', result: 'completed', forward });
    // The time between two domains is spent on waiting for approval.
    expect(listTimes(completeSnapshot(snapshot, [past]))).toEqual(['UD0 0+1', 'UD1 4+1', 'UD2 8+1']);
  });

  it('tell the reason that the documents lack', () => {
    const document = { ApplicationUnhealthyEvaluations: [] };
    const past = { ...rolledBackPast, failureReason: 'Interrupted' as const };
    const [cause] = collectFindings(completeSnapshot(buildRollback(document), [past]));
    expect(cause?.what).toBe('Rolled back on request');
  });
});

describe('what a watch has seen', () => {
  it('takes precedence over events', () => {
    const at = (domain: string, duration: string, own: string) =>
      createUpgrade({
        UpgradeDuration: duration,
        CurrentUpgradeDomainDuration: own,
        CurrentUpgradeDomainProgress: {
          DomainName: domain,
          NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
        },
      });
    const snapshot = buildSnapshot(at('UD2', 'PT0H9M0S', 'PT0H0M50S'), {
      application: {},
      before: [at('UD1', 'PT0H5M0S', 'PT0H0M30S')],
    });
    expect(listTimes(completeSnapshot(snapshot, [createPast({ forward })]))).toEqual([
      'UD0 0+4.5',
      `UD1 4.5+${220 / 60}`,
    ]);
  });
});

describe('a missing event', () => {
  it.each<[string, Partial<PastUpgrade>, readonly string[]]>([
    ['of the first domain', { forward: forward.slice(1) }, ['UD1 4+4', 'UD2 8+4']],
    ['of the second domain', { forward: [forward[0], forward[2]].flatMap((one) => one ?? []) }, ['UD2 8+4']],
    ['of the last domain', { forward: forward.slice(0, 2) }, ['UD0 0+4']],
    [
      'of the start',
      { startedAt: undefined, mode: undefined, from: undefined },
      ['UD0 0+4', 'UD1 4+4', 'UD2 8+4'],
    ],
    ['of the end', { endedAt: undefined, result: 'under-way' }, ['UD0 0+4', 'UD1 4+4', 'UD2 8+4']],
    ['of every domain', { forward: [] }, []],
  ])('%s leaves a blank', (_, members, times) => {
    const snapshot = completeSnapshot(completed, [{ ...completedPast, ...members }]);
    expect(listTimes(snapshot)).toEqual(times);
  });

  it('of the domain in which a rollback began leaves a blank, also in the domain before', () => {
    const past = { ...rolledBackPast, forward: forward.slice(0, 1), back: back.slice(0, 1) };
    const snapshot = completeSnapshot(rolledBack, [past]);
    expect(listForwardTimes(snapshot)).toEqual([]);
    expect(listTimes(snapshot)).toEqual(['UD0 8+2']);
  });

  it('of a time leaves a blank', () => {
    const untimed = forward.map((domain) => ({ ...domain, took: undefined }));
    expect(listTimes(completeSnapshot(completed, [{ ...completedPast, forward: untimed }]))).toEqual([]);
  });
});

describe('events in doubt', () => {
  it('do not time domains that were done at the same moment', () => {
    const [first, second] = [createDomain('UD0', 0, 1), createDomain('UD1', 0, 1)];
    const past = { ...completedPast, forward: [first, second, createDomain('UD2', 4, 5)] };
    expect(listTimes(completeSnapshot(completed, [past]))).toEqual(['UD2 4+8']);
  });

  it('do not time domains that the document does not call done', () => {
    const past = createPast({ forward: [...forward, createDomain('UD9', 1, 2)] });
    expect(listTimes(completeSnapshot(running, [past])).map((time) => time.slice(0, 3))).toEqual(['UD0']);
  });

  it('do not time domains before the start of the upgrade', () => {
    const past = { ...completedPast, forward: [createDomain('UD0', -30, -20)] };
    expect(listTimes(completeSnapshot(completed, [past]))).toEqual([]);
  });

  it('do not make a rollback reach domains that the new version never reached', () => {
    const past = { ...rolledBackPast, back: [...back, createDomain('UD2', 12, 12.1)] };
    expect(listTimes(completeSnapshot(rolledBack, [past]))).toEqual(['UD0 8+2', 'UD1 10+2']);
  });

  it('do not time domains around a wait for approval that began at an unknown time', () => {
    const document = { ...runningUpgrade, RollingUpgradeMode: 'UnmonitoredManual' };
    const snapshot = buildSnapshot(document, { application: {} });
    expect(listTimes(completeSnapshot(snapshot, [createPast({ forward })]))).toEqual([]);
  });

  it.each<[string, Partial<PastUpgrade>]>([
    ['before the upgrade was done', { endedAt: minute(3) }],
    ['long after the upgrade was done', { endedAt: minute(600) }],
    ['in a different direction', { endedAt: minute(12), result: 'rolled-back' }],
  ])('do not tell an end %s', (_, members) => {
    const snapshot = completeSnapshot(completed, [{ ...completedPast, ...members }]);
    expect(findEnd(snapshot)).toEqual(minute(12));
  });
});

describe('events of a different upgrade', () => {
  it.each<[string, UpgradeSnapshot, Partial<PastUpgrade>]>([
    ['to a different version', completed, { to: 'v3' }],
    ['from a different version', completed, { from: 'v0' }],
    ['of a different time', completed, { startedAt: minute(-60) }],
    ['with a different end', completed, { result: 'rolled-back' }],
    ['of which neither version nor time are known', completed, { to: undefined, startedAt: undefined }],
    ['of a deployment that was never upgraded', buildSnapshot(createNeverUpgraded()), {}],
  ])('%s add nothing', (_, snapshot, members) => {
    expect(completeSnapshot(snapshot, [{ ...completedPast, ...members }])).toBe(snapshot);
  });

  it.each<[string, Partial<PastUpgrade>]>([
    ['that is said to have rolled forward', { result: 'completed' }],
    ['of which only the version is known to which it returned', { startedAt: undefined }],
    ['to which a different version returned', { from: 'v0' }],
  ])('add nothing to a rollback %s', (_, members) => {
    expect(completeSnapshot(rolledBack, [{ ...rolledBackPast, ...members }])).toBe(rolledBack);
  });

  it('add nothing if two match', () => {
    expect(completeSnapshot(completed, [completedPast, completedPast])).toBe(completed);
  });

  it('are told apart from those of this one', () => {
    const other = createPast({ from: 'v0', to: 'v1', startedAt: minute(-60), result: 'completed' });
    expect(completeSnapshot(completed, [other, completedPast]).past).toEqual(completedPast);
  });
});

describe('the containers that exited', () => {
  const timedOut = buildRollback({
    ApplicationUnhealthyEvaluations: [],
    UpgradeDomainProgressAtFailure: {
      DomainName: 'UD1',
      NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
    },
  });

  function listExits(snapshot: UpgradeSnapshot, exits: PastUpgrade['exits']): readonly string[] {
    const [cause] = collectFindings(completeSnapshot(snapshot, [{ ...rolledBackPast, exits }]));
    return (cause?.evidence ?? []).filter((line) => /exit/i.test(line));
  }

  it('are evidence where the cause does not tell', () => {
    expect(listExits(timedOut, [createExit()])).toEqual([
      'The container of web on _node_1 exited with code 137 at 2026-11-24 07:05:00 UTC.',
      'Exit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.',
    ]);
  });

  it('are where the next step looks', () => {
    const [cause] = collectFindings(
      completeSnapshot(timedOut, [
        { ...rolledBackPast, exits: [createExit({ node: undefined }), createExit()] },
      ]),
    );
    expect(cause?.next[0]).toEqual({
      what: 'Read its log on _node_1',
      command:
        'sfctl service get-container-logs --application-id web --node-name _node_1 --service-manifest-name webPkg --code-package-name web.Code --previous',
    });
  });

  it('are folded', () => {
    const exits = [
      createExit({ at: minute(6), node: '_node_4' }),
      createExit(),
      createExit({ at: minute(7) }),
      createExit({ service: 'fabric:/web/api', exitCode: 3, node: undefined, at: minute(5.5) }),
    ];
    expect(listExits(timedOut, exits)).toEqual([
      'The container of web on _node_1, _node_4 exited with code 137 at least 3 times since 2026-11-24 07:05:00 UTC.',
      'Exit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.',
      'The container of api exited with code 3 at 2026-11-24 07:05:30 UTC.',
    ]);
  });

  it('are left out beyond the first kinds', () => {
    const exits = [1, 2, 3, 4, 5].map((code) => createExit({ exitCode: code }));
    expect(listExits(timedOut, exits).at(-1)).toBe('And 2 more exits.');
  });

  it.each([
    ['before the upgrade', -1],
    ['during the rollback', 9],
  ])('are no evidence %s', (_, at) => {
    expect(listExits(timedOut, [createExit({ at: minute(at) })])).toEqual([]);
  });

  it('are no evidence beside a report that names an exit', () => {
    const lines = listExits(rolledBack, [createExit({ exitCode: 1 })]);
    expect(lines.join('\n')).not.toContain('exited with code 1 ');
  });

  it('are told as far as the event tells', () => {
    const unknown = { service: undefined, codePackage: undefined, node: undefined, exitCode: undefined };
    expect(listExits(timedOut, [createExit(unknown)])).toEqual([
      'A container exited at 2026-11-24 07:05:00 UTC.',
    ]);
  });
});
