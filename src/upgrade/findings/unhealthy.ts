/** Explains unhealthy evaluations: their causes, what the policy tolerates, and where to look next. */
import { formatCount } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { type ExcerptLimits, inlineLimits, screenLimits } from '../../platform/report-text.ts';
import { findCauses, findService, type HealthCause } from '../health/causes.ts';
import { describeCause, describeCauseInline } from '../health/describe-cause.ts';
import { describeShare } from '../health/share.ts';
import type { EntityKind, HealthEvaluation } from '../model.ts';
import { nameDomain } from '../names.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded } from '../state.ts';
import { findStart } from '../times.ts';
import { createFinding, type Finding, type Place, type Severity, toPlaces } from './finding.ts';
import { suggestEvents, suggestUpgrade } from './next-steps.ts';
import { adviseOnReport } from './report-advice.ts';

/** Causes that are listed one by one. */
export const maxCauses = 5;

/** Causes that get advice: that on the first ones usually fits the others. */
const maxAdvised = 2;

/** Places of each kind that the finding names. */
const maxPlaces = 10;

/** Room for each of several causes on a screen, and for each after the first in a line of a log. */
const sharedScreenLimits: ExcerptLimits = { maxLines: 3, maxLength: 240 };
const furtherLimits: ExcerptLimits = { maxLines: 2, maxLength: 150 };

type Explained = Required<Pick<Finding, 'where' | 'evidence' | 'causes' | 'next'>>;

/** Explains unhealthy evaluations. A finding of severity `info` suggests no next steps. */
export function explainUnhealthy(snapshot: UpgradeSnapshot, severity: Severity, what: string): Finding {
  const { where, evidence, causes, next } = explainHealth(snapshot);
  return createFinding('unhealthy', severity, what, {
    where,
    evidence,
    causes,
    next: severity === 'info' ? [] : [...next, ...suggestUpgrade(snapshot)],
  });
}

/** Explains the causes in the tree, the deepest first: what the policy tolerates, and where to look. */
export function explainHealth(
  snapshot: UpgradeSnapshot,
  evaluations = snapshot.upgrade.unhealthyEvaluations,
): Explained {
  const { upgrade, services } = snapshot;
  const causes = findCauses(evaluations);
  if (causes.length === 0) return { where: [], evidence: [], causes: [], next: [] };
  const startedAt = findStart(snapshot);
  const listed = causes.slice(0, maxCauses);
  const left = causes.length - listed.length;
  const more = left > 0 ? [`And ${formatCount(left, 'more cause')}.`] : [];
  const limits = listed.length > 1 ? sharedScreenLimits : screenLimits;
  const advice = listed.slice(0, maxAdvised).map((cause) => adviseOnReport(cause, snapshot));
  const hints = distribute(advice.map((one) => one.hints));
  return {
    where: listPlaces(listed, services),
    evidence: [
      ...listed.flatMap((cause, index) => describeCause(cause, services, startedAt, limits, hints[index])),
      ...more,
      ...evaluations.slice(0, maxCauses).flatMap(describeNamedShare),
    ],
    causes: [
      ...listed.map((cause, index) =>
        describeCauseInline(cause, services, startedAt, index === 0 ? inlineLimits : furtherLimits),
      ),
      ...more,
    ],
    next: [
      ...advice.flatMap(({ next }) => next),
      ...(hasEnded(upgrade) ? suggestPast(snapshot, causes) : []),
    ],
  };
}

/** Leaves each sentence only in the first list that has it. */
function distribute(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.map((list, index) => list.filter((one) => !lists.slice(0, index).flat().includes(one)));
}

/** Time around the first report in which its cause is looked for. */
const aroundMs = 600_000;

/** Suggests the events of the time: the present health is that of the version that runs now. */
function suggestPast(snapshot: UpgradeSnapshot, [first]: readonly HealthCause[]): readonly NextStep[] {
  const since = first?.since?.getTime();
  const around =
    since === undefined ? undefined : { from: new Date(since - aroundMs), to: new Date(since + aroundMs) };
  return suggestEvents(snapshot, around);
}

/** Describes the unhealthy share of an entity: `UD1: 2 of 2 nodes unhealthy, 1 tolerated (20%).` */
function describeNamedShare(evaluation: HealthEvaluation): readonly string[] {
  const share = describeShare(evaluation);
  const [kind, name = ''] = evaluation.subject.at(-1) ?? [];
  const subject = kind === 'upgrade domain' ? nameDomain(name, 'Domain') : name;
  return share ? [`${subject ? `${subject}: ` : ''}${share}.`] : [];
}

function listPlaces(causes: readonly HealthCause[], services: ReadonlyMap<string, string>): readonly Place[] {
  const listNames = (kind: EntityKind) => causes.flatMap(({ where }) => where.get(kind) ?? []);
  const names: readonly (readonly [Place['kind'], readonly string[]])[] = [
    ['upgrade domain', listNames('upgrade domain')],
    ['node', causes.flatMap(({ nodes }) => nodes)],
    ['service', causes.flatMap((cause) => findService(cause, services) ?? [])],
    ['partition', listNames('partition')],
  ];
  return names.flatMap(([kind, all]) => toPlaces(kind, [...new Set(all)], maxPlaces));
}
