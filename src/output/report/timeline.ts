/** Timelines of upgrades: when each upgrade domain had the new version, and when it went back. Pure. */
import type { SeenStage, UpgradeCourse } from '../../upgrade/course.ts';
import { type Domain, type DomainState, findTurn, listDomains } from '../../upgrade/domain-progress.ts';
import type { Duration } from '../../upgrade/model.ts';
import { nameDomain } from '../../upgrade/names.ts';
import type { PastDomain, PastUpgrade } from '../../upgrade/past-upgrade.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { hasEnded, isRollback } from '../../upgrade/state.ts';
import { findStart } from '../../upgrade/times.ts';
import { describeDomainState } from '../ci/summary.ts';
import type { Mark } from './mark.ts';

/** A timeline. Times are milliseconds from its beginning. */
export interface Timeline {
  /** Start of the rollout on the cluster's clock, if known. */
  readonly startedAt: Date | undefined;
  /** Time before the rollout. */
  readonly offset: Duration;
  readonly length: Duration;
  readonly rows: readonly TimelineRow[];
}

/** One upgrade domain, or a stage before or after the domains. */
export interface TimelineRow {
  readonly mark: Mark | undefined;
  readonly name: string;
  /** In few words, or empty. */
  readonly state: string;
  /** `undefined` if it was not seen. */
  readonly forward: Span | undefined;
  readonly back: Span | undefined;
}

/** A span of time. */
export interface Span {
  readonly began: Duration;
  /** `undefined` if only its end is known, which then is its beginning. */
  readonly took: Duration | undefined;
  /** Whether it may have begun before the watch saw it, or has not ended. */
  readonly isLonger: boolean;
}

/** Builds the timeline of an upgrade as a watch has seen it, completed by the cluster's events. */
export function buildTimeline(snapshot: UpgradeSnapshot): Timeline {
  const { upgrade, course, past } = snapshot;
  // Before the rollout, the times are those of the previous upgrade.
  const hasRollout = !endedBeforeRollout(snapshot);
  const startedAt = hasRollout ? findStart(snapshot) : undefined;
  const isBack = isRollback(upgrade);
  const isOver = hasEnded(upgrade);
  const back = new Map([
    ...toSpans(past?.back ?? [], startedAt),
    ...(isBack ? seenSpans(course, isOver) : []),
  ]);
  const forward = new Map([
    ...toSpans(past?.forward ?? [], startedAt),
    ...(isBack ? finishedSpans(course.forward?.finished) : seenSpans(course, isOver)),
  ]);
  const domains = hasRollout ? listDomains(snapshot).list : [];
  const turn = isBack ? findTurn(snapshot) : undefined;
  const failed = turn?.names[turn.index];
  const rows = domains.map((domain) => ({
    mark: selectMark(domain, isBack, domain.name === failed),
    name: nameDomain(domain.name),
    state: describeDomainState(domain, snapshot),
    forward: forward.get(domain.name),
    back: back.get(domain.name),
  }));
  return arrange(startedAt, rows, course);
}

/** Builds the timeline of an upgrade from the cluster's events alone. */
export function buildPastTimeline(past: PastUpgrade): Timeline {
  const { result, to, from } = past;
  const domains = [...past.forward, ...past.back];
  const [first] = domains;
  const startedAt = past.startedAt ?? (first && new Date(first.completedAt.getTime() - (first.took ?? 0)));
  const forward = new Map(toSpans(past.forward, startedAt));
  const back = new Map(toSpans(past.back, startedAt));
  const names = [...new Set(domains.map(({ name }) => name))];
  const rows = names.map((name): TimelineRow => {
    const isUndone = past.back.some((domain) => domain.name === name);
    const version = isUndone ? from : to;
    return {
      mark: isUndone ? 'back' : 'done',
      name: nameDomain(name),
      state: result === 'unknown' || version === undefined ? '' : `on ${version}`,
      forward: forward.get(name),
      back: back.get(name),
    };
  });
  return arrange(startedAt, rows, undefined);
}

/** Puts the stages before and after the domains, which have no clock of their own, and measures the whole. */
function arrange(
  startedAt: Date | undefined,
  domains: readonly TimelineRow[],
  course: Pick<UpgradeCourse, 'provisioning' | 'cleanUp'> | undefined,
): Timeline {
  const provisioning = measureStage(course?.provisioning);
  const offset = provisioning?.took ?? 0;
  // A cluster may send clocks that no calendar has.
  const shift = (span: Span | undefined) =>
    span && Number.isFinite(span.began + (span.took ?? 0))
      ? { ...span, began: span.began + offset }
      : undefined;
  const shifted = domains.map((row) => ({ ...row, forward: shift(row.forward), back: shift(row.back) }));
  const end = measureEnd(shifted);
  const cleanUp = measureStage(course?.cleanUp, Math.max(end, offset));
  const rows = [
    ...(provisioning ? [createStage('Provision', provisioning)] : []),
    ...shifted,
    ...(cleanUp ? [createStage('Clean up', cleanUp)] : []),
  ];
  return { startedAt, offset, length: measureEnd(rows), rows };
}

function measureEnd(rows: readonly TimelineRow[]): Duration {
  const spans = rows.flatMap(({ forward, back }) => [forward, back]);
  return spans.reduce((end, span) => Math.max(end, span ? span.began + (span.took ?? 0) : 0), 0);
}

function measureStage(stage: SeenStage | undefined, began = 0) {
  if (stage?.until === undefined) return undefined;
  return { began, took: Math.max(0, stage.until - stage.from), isLonger: !stage.isWhole };
}

function createStage(name: string, forward: Span): TimelineRow {
  return { mark: undefined, name, state: '', forward, back: undefined };
}

type NamedSpan = readonly [name: string, span: Span];

/** Lists the spans of a course: the domains that are finished, and the current one as far as it was seen. */
function seenSpans({ finished, current, seenAt }: UpgradeCourse, isOver: boolean): readonly NamedSpan[] {
  const open: readonly NamedSpan[] =
    current && !isOver
      ? [[current.name, { began: current.began, took: Math.max(0, seenAt - current.began), isLonger: true }]]
      : [];
  return [...finishedSpans(finished), ...open];
}

function finishedSpans(finished: UpgradeCourse['finished'] = []): readonly NamedSpan[] {
  return finished.map(({ name, began, took }) => [name, { began, took, isLonger: false }]);
}

/** Lists the spans of completed domains. */
function toSpans(domains: readonly PastDomain[], zero: Date | undefined): readonly NamedSpan[] {
  if (zero === undefined) return [];
  return domains.map(({ name, completedAt, took }) => {
    const began = Math.max(0, completedAt.getTime() - zero.getTime() - (took ?? 0));
    return [name, { began, took, isLonger: false }];
  });
}

function selectMark({ state }: Domain, isBack: boolean, isFailed: boolean): Mark {
  if (isFailed) return 'bad';
  return isBack && state === 'done' ? 'back' : marks[state];
}

const marks: Readonly<Record<DomainState, Mark>> = {
  done: 'done',
  current: 'busy',
  unhealthy: 'bad',
  failed: 'bad',
  next: 'pending',
  waiting: 'pending',
};
