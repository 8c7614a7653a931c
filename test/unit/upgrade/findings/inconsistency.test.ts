/** Findings about data that contradict each other. */
import { describe, expect, it } from 'vitest';
import { parseApplicationUpgrade } from '../../../../src/cluster/wire/application-upgrade.ts';
import { collectFindings } from '../../../../src/upgrade/findings/collect.ts';
import { describeHeadline } from '../../../../src/upgrade/headline.ts';
import { createSnapshot } from '../../../../src/upgrade/snapshot.ts';
import { summarize } from '../../../../src/upgrade/summary.ts';
import {
  createApplication,
  createPolicy,
  createUpgrade,
  type Members,
  nextDomain,
} from '../../../support/documents.ts';
import { explain, parseUpgrade } from '../../../support/snapshots.ts';

const clocks = { UpgradeDuration: 'PT0H0M0S', CurrentUpgradeDomainDuration: 'PT0H0M0S' };
const pending = { UpgradeDomains: ['a', 'b'].map((Name) => ({ Name, State: 'Pending' })) };

/** Builds the snapshot of a reading at noon. @param start of the upgrade on that day */
function readAtNoon(start: string, members: Members = {}) {
  const record = createApplication({ ...pending, StartTimestampUtc: `2026-05-02T${start}:00.000Z` });
  return createSnapshot(
    parseUpgrade(createUpgrade({ ...clocks, ...members })),
    {
      status: undefined,
      services: new Map(),
      application: parseApplicationUpgrade(record),
      now: new Date('2026-05-02T12:00:00.000Z'),
    },
    undefined,
  );
}

describe('an upgrade that started long ago, with a clock at zero', () => {
  const snapshot = readAtNoon('09:00');
  const findings = collectFindings(snapshot);

  it('has not begun, which is a warning with the usual causes and where to look', () => {
    const [first] = findings;
    expect(first).toMatchObject({ code: 'late-start', severity: 'warning' });
    expect(first?.evidence.join(' ')).toMatch(/started 3h ago .*failover manager .*cannot be removed/);
    expect(first?.next.map(({ command }) => command)).toEqual([
      'sfctl cluster health',
      'sfctl application health --application-id System',
    ]);
  });

  it('is not said to roll forward', () => {
    expect(describeHeadline(snapshot, findings)).toMatchObject({
      mood: 'act',
      words: 'the rollout has not begun',
    });
    expect(summarize(snapshot)).toContain('The rollout has not begun');
  });
});

it.each([
  { name: 'started a moment ago', snapshot: readAtNoon('11:58') },
  { name: 'starts later by a clock that is wrong', snapshot: readAtNoon('15:00') },
  { name: 'has a running clock', snapshot: readAtNoon('09:00', { UpgradeDuration: 'PT0H0M0.2S' }) },
  { name: 'is over', snapshot: readAtNoon('09:00', { UpgradeState: 'RollingForwardCompleted' }) },
])('an upgrade that $name is not late', ({ snapshot }) => {
  expect(collectFindings(snapshot).map(({ code }) => code)).not.toContain('late-start');
});

it('a domain that is named while the clock stands at zero is rolling forward', () => {
  const snapshot = readAtNoon('09:00', { CurrentUpgradeDomainProgress: { ...nextDomain, DomainName: 'a' } });
  const findings = collectFindings(snapshot);
  expect(findings[0]?.what).toContain('clock stands still');
  expect(describeHeadline(snapshot, findings)).toMatchObject({
    words: 'rolling forward',
    domain: 'domain a, 1 of 2',
  });
});

describe('a time limit that has passed without a failure', () => {
  const policy = createPolicy({
    UpgradeTimeoutInMilliseconds: 'PT1H0M0S',
    UpgradeDomainTimeoutInMilliseconds: 'PT0H20M0S',
  });
  const findOverdue = (members: Members) =>
    explain(createUpgrade({ ...policy, ...members })).find(({ code }) => code === 'overdue');

  it.each([
    ['The upgrade domain has', { UpgradeDuration: 'PT0H50M0S', CurrentUpgradeDomainDuration: 'PT0H30M0S' }],
    ['The upgrade has', { UpgradeDuration: 'PT1H10M0S', CurrentUpgradeDomainDuration: 'PT0H1M0S' }],
  ])('is pointed out: %s', (what, members) => {
    expect(findOverdue(members)).toMatchObject({ severity: 'warning', what: expect.stringContaining(what) });
  });

  it.each([
    ['while the cluster may not have noticed', { CurrentUpgradeDomainDuration: 'PT0H21M0S' }],
    [
      'in an unmonitored upgrade',
      { CurrentUpgradeDomainDuration: 'PT3H0M0S', RollingUpgradeMode: 'UnmonitoredAuto' },
    ],
  ])('is not pointed out %s', (_, members) => {
    expect(findOverdue(members)).toBeUndefined();
  });
});

it.each([
  { name: 'failed', document: {}, application: { UpgradeState: 'Failed' } },
  {
    name: 'has gone on',
    document: { UpgradeState: 'RollingBackCompleted', TargetApplicationTypeVersion: 'v1' },
    application: { UpgradeState: 'RollingForwardCompleted' },
  },
])('a record that $name is told', ({ document, application }) => {
  const finding = explain(createUpgrade(document), { application }).find(
    ({ code }) => code === 'record-differs',
  );
  expect(finding?.what).toContain(`the record of its application says ${application.UpgradeState} (v2)`);
});
