/** Timelines of upgrades that were watched, read once, or told by events. */
import { describe, expect, it } from 'vitest';
import { buildTimeline, type Timeline } from '../../../../src/output/report/timeline.ts';
import type { PastUpgrade } from '../../../../src/upgrade/past-upgrade.ts';
import {
  createUpgrade,
  type Members,
  rolledBackUpgrade,
  runningUpgrade,
} from '../../../support/documents.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';

const start = '2026-11-24T07:00:00.000Z';
const started = { StartTimestampUtc: start };
const toDate = (seconds: number) => new Date(Date.parse(start) + 1000 * seconds);

const inDomain = (name: string, duration: string, domainDuration: string, members: Members = {}) =>
  createUpgrade({
    ...started,
    UpgradeDuration: duration,
    CurrentUpgradeDomainDuration: domainDuration,
    CurrentUpgradeDomainProgress: {
      DomainName: name,
      NodeUpgradeProgressList: [{ NodeName: '_node', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] }],
    },
    ...members,
  });

/** Lists the rows as `mark name state forward back`, with spans in seconds. */
const list = ({ rows }: Timeline) =>
  rows.map(({ mark, name, state, forward, back }) => [
    `${mark} ${name} ${state}`,
    ...[forward, back].map((span) => span && [span.began / 1000, (span.took ?? Number.NaN) / 1000]),
  ]);

describe('the timeline of an upgrade', () => {
  it('has the times of the domains that a watch has seen, and the current one as far as it got', () => {
    const before = [inDomain('UD0', 'PT1M', 'PT1M'), inDomain('UD1', 'PT5M', 'PT1M')];
    const snapshot = buildSnapshot(inDomain('UD1', 'PT7M', 'PT3M'), { application: {}, before });
    expect(list(buildTimeline(snapshot))).toEqual([
      ['done UD0 on v2', [0, 240], undefined],
      ['busy UD1 under way', [240, 180], undefined],
      ['pending UD2 waiting', undefined, undefined],
    ]);
  });

  it('is left blank where nobody has seen the times', () => {
    const timeline = buildTimeline(buildSnapshot(rolledBackUpgrade, { application: {} }));
    expect(timeline.length).toBe(0);
    expect(timeline.rows.flatMap(({ forward, back }) => [forward, back])).toEqual(
      Array(2 * timeline.rows.length).fill(undefined),
    );
  });

  it('is completed by events, except for what the watch has seen', () => {
    const past: PastUpgrade = {
      from: 'v1',
      to: 'v2',
      startedAt: toDate(0),
      endedAt: undefined,
      result: 'under-way',
      mode: undefined,
      failureAction: undefined,
      failureReason: undefined,
      rollbackStartedAt: undefined,
      took: undefined,
      forward: [
        { name: 'UD0', completedAt: toDate(230), took: 230_000 },
        { name: 'UD1', completedAt: toDate(300), took: undefined },
      ],
      back: [{ name: 'UD0', completedAt: toDate(500), took: 100_000 }],
      exits: [],
    };
    const before = [inDomain('UD0', 'PT1M', 'PT1M'), inDomain('UD1', 'PT5M', 'PT1M')];
    const watched = buildSnapshot(inDomain('UD1', 'PT7M', 'PT3M'), { application: {}, before });
    expect(list(buildTimeline({ ...watched, past }))).toEqual([
      ['done UD0 on v2', [0, 240], [400, 100]],
      ['busy UD1 under way', [240, 180], undefined],
      ['pending UD2 waiting', undefined, undefined],
    ]);
    const single = buildSnapshot({ ...runningUpgrade, ...started }, { application: {} });
    expect(list(buildTimeline({ ...single, past }))[0]).toEqual(['done UD0 on v2', [0, 230], [400, 100]]);
  });
});
