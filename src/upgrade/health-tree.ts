/** The tree of unhealthy evaluations: its causes, and how they read. Pure. */
import { clip, formatCount, formatList, formatTime } from '../platform/format.ts';
import type { HealthEvaluation, HealthEvent } from './model.ts';

/** One end of the tree, and the names met on the way to it by their noun (`node`, `upgrade domain`, …). */
export interface HealthCause {
  readonly evaluation: HealthEvaluation;
  readonly where: ReadonlyMap<string, string>;
  /** How many ends say the same of different entities, this one included. */
  readonly count: number;
  /** The nodes of all of them. */
  readonly nodes: readonly string[];
}

const known = new WeakMap<readonly HealthEvaluation[], readonly HealthCause[]>();

/** The ends of the tree, which are the causes: the deepest first, and those that say the same as one. */
export function findCauses(evaluations: readonly HealthEvaluation[]): readonly HealthCause[] {
  // Asked for with every frame of a live view, while the document stays the same.
  const causes = known.get(evaluations) ?? foldCauses(listLeaves(evaluations));
  known.set(evaluations, causes);
  return causes;
}

/** The upgrade domain that a tree is of, if it says so. */
export function findDomain(evaluations: readonly HealthEvaluation[]): string | undefined {
  return evaluations.flatMap(({ subject }) => subject).find(([noun]) => noun === 'upgrade domain')?.[1];
}

interface Leaf {
  readonly evaluation: HealthEvaluation;
  readonly where: ReadonlyMap<string, string>;
  readonly depth: number;
}

function listLeaves(evaluations: readonly HealthEvaluation[]): readonly Leaf[] {
  const ends: Leaf[] = [];
  const descend = (evaluation: HealthEvaluation, above: Leaf['where'], depth: number): void => {
    const where = evaluation.subject.length > 0 ? new Map([...above, ...evaluation.subject]) : above;
    if (evaluation.children.length === 0) ends.push({ evaluation, where, depth });
    for (const child of evaluation.children) descend(child, where, depth + 1);
  };
  for (const evaluation of evaluations) descend(evaluation, new Map(), 0);
  return ends.sort((a, b) => b.depth - a.depth);
}

function foldCauses(ends: readonly Leaf[]): readonly HealthCause[] {
  const groups = new Map<
    string,
    { evaluation: HealthEvaluation; where: Leaf['where']; count: number; nodes: Set<string> }
  >();
  for (const { evaluation, where } of ends) {
    const key = getFoldKey(evaluation, where);
    const group = groups.get(key) ?? { evaluation, where, count: 0, nodes: new Set() };
    group.count++;
    const node = where.get('node');
    if (node !== undefined) group.nodes.add(node);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, nodes: [...group.nodes] }));
}

/** Names of entities that differ from one end to the next, and stand in their texts as well; short ones are anything. */
const varying = ['node', 'replica', 'partition', 'activation'];

/** Equal for ends that say the same of different entities. */
function getFoldKey({ kind, description, event }: HealthEvaluation, where: Leaf['where']): string {
  const names = varying.flatMap((noun) => where.get(noun) ?? []).filter((name) => name.length > 2);
  const text = event ? `${event.source}\n${event.property}\n${event.description}` : description;
  const same = names.reduce((sofar, name) => sofar.replaceAll(name, '…'), text);
  return JSON.stringify([kind, event?.healthState, where.get('service package'), where.get('service'), same]);
}

/** A cause in one sentence: who reported what, about which entity, and where else. */
export function describeCause({ evaluation, where, count, nodes }: HealthCause): string {
  const { event, kind, description, healthState } = evaluation;
  const node = where.get('node');
  const at = node ? ` on node ${node}` : '';
  const said = event
    ? describeReport(event, healthState, at, false)
    : `${clip(description, maxDescriptionLength) || `unhealthy ${kind}`}${at}`;
  const others = nodes.filter((name) => name !== node);
  if (others.length > 0)
    return `${said} (and on ${formatCount(others.length, 'more node')}: ${formatList(others, 3)})`;
  return count > 1 ? `${said} (${count} times)` : said;
}

function describeReport(event: HealthEvent, healthState: string, at: string, full: boolean): string {
  const { source, property, description, expired } = event;
  const report = `${source} reported ${event.healthState || healthState} for ${property}${at}`;
  const taken = event.healthState === 'Warning' && healthState === 'Error' ? ', taken for an error' : '';
  const silent = expired ? ' (it has stopped reporting)' : '';
  const head = report + taken + silent + describeSince(event);
  return description ? `${head}: ${full ? description : clip(description, maxDescriptionLength)}` : head;
}

/** Characters that are read of what a report says; some are whole logs. */
const maxDescriptionLength = 2000;

/** When it became so bad. */
function describeSince({ healthState, lastErrorAt, lastWarningAt }: HealthEvent): string {
  const since = new Map([
    ['Error', lastErrorAt],
    ['Warning', lastWarningAt],
  ]).get(healthState);
  return since ? `, since ${formatTime(since)}` : '';
}

/** What the children of an evaluation are, by its kind. */
const members: ReadonlyMap<string, string> = new Map([
  ['Replicas', 'replica'],
  ['Partitions', 'partition'],
  ['Services', 'service'],
  ['DeployedServicePackages', 'service package'],
  ['DeployedApplications', 'node'],
  ['UpgradeDomainDeployedApplications', 'node'],
]);

/** How much is unhealthy, as far as the tree shows it, and how much may be: `1 of 2 nodes unhealthy (50%), 20% tolerated`. */
export function describeShare({ kind, children, totalCount, maxPercentUnhealthy }: HealthEvaluation): string {
  const bad = children.length;
  const noun = members.get(kind) ?? 'member';
  const all = totalCount === undefined ? '' : formatCount(totalCount, noun);
  const percent = totalCount === undefined ? Number.NaN : Math.round((100 * bad) / totalCount);
  // The runtime trims large trees: what is left of them can be less than what was too much.
  const isTrimmed = maxPercentUnhealthy !== undefined && percent <= maxPercentUnhealthy;
  const share =
    bad === 0 || !(percent <= 100)
      ? all
      : isTrimmed
        ? `at least ${bad} of ${all} unhealthy`
        : `${bad} of ${all} unhealthy (${percent}%)`;
  const tolerated = maxPercentUnhealthy === undefined ? '' : `${maxPercentUnhealthy}% tolerated`;
  return [share, tolerated].filter(Boolean).join(', ');
}

/**
 * One evaluation of the tree in a line.
 * @param full with what the cluster says of an entity, even where the lines below it say it better
 */
export function describeEvaluation(evaluation: HealthEvaluation, full: boolean): string {
  const { kind, healthState, event, children, description, baseline } = evaluation;
  const subject = evaluation.subject.map(([noun, name]) => `${noun} ${name}`).join(', ');
  const before = baseline ? `${baseline.errorCount} of ${baseline.totalCount} before` : '';
  const others = evaluation.others.map(({ name, value }) => `${name} ${value}`).join(', ');
  const report = event ? [describeReport(event, healthState, '', full)] : [];
  const own = full || (children.length === 0 && event === undefined) ? description : '';
  const facts = [subject, describeShare(evaluation), before, ...report, own, others].filter(Boolean);
  return `${healthState} ${kind}${facts.length > 0 ? `: ${facts.join('; ')}` : ''}`;
}

/** How many evaluations a tree has. */
export function countEvaluations(evaluations: readonly HealthEvaluation[]): number {
  return evaluations.reduce((sum, { children }) => sum + 1 + countEvaluations(children), 0);
}
