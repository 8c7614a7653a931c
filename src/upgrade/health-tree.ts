/** The tree of unhealthy evaluations: its causes, and its text. Pure. */
import { clip, endSentence, formatCount, formatList, formatProseTime } from '../platform/format.ts';
import type { HealthEvaluationKind, HealthState } from './enums.ts';
import type { EntityKind, HealthEvaluation, HealthEvent } from './model.ts';

/** A leaf of the tree, together with leaves that report the same about other entities. */
export interface HealthCause {
  readonly evaluation: HealthEvaluation;
  /** Names of the entities on the way to the leaf. */
  readonly where: EntityNames;
  /** Number of leaves. */
  readonly count: number;
  /** Nodes of all leaves. */
  readonly nodes: readonly string[];
}

type EntityNames = ReadonlyMap<EntityKind, string>;

const causesByTree = new WeakMap<readonly HealthEvaluation[], readonly HealthCause[]>();

/** Finds the causes, which are the leaves of the tree: the deepest first, with equal ones folded into one. */
export function findCauses(evaluations: readonly HealthEvaluation[]): readonly HealthCause[] {
  // A live view calls this for each frame, with the same document.
  const causes = causesByTree.get(evaluations) ?? foldCauses(listLeaves(evaluations));
  causesByTree.set(evaluations, causes);
  return causes;
}

/** Finds the upgrade domain that a tree is about, if it names one. */
export function findDomain(evaluations: readonly HealthEvaluation[]): string | undefined {
  return evaluations.flatMap(({ subject }) => subject).find(([kind]) => kind === 'upgrade domain')?.[1];
}

interface Leaf {
  readonly evaluation: HealthEvaluation;
  readonly where: EntityNames;
  readonly depth: number;
}

function listLeaves(evaluations: readonly HealthEvaluation[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const descend = (evaluation: HealthEvaluation, above: EntityNames, depth: number): void => {
    const where = evaluation.subject.length > 0 ? new Map([...above, ...evaluation.subject]) : above;
    if (evaluation.children.length === 0) leaves.push({ evaluation, where, depth });
    for (const child of evaluation.children) descend(child, where, depth + 1);
  };
  for (const evaluation of evaluations) descend(evaluation, new Map(), 0);
  return leaves.sort((a, b) => b.depth - a.depth);
}

function foldCauses(leaves: readonly Leaf[]): readonly HealthCause[] {
  const groups = new Map<string, Leaf & { count: number; nodes: Set<string> }>();
  for (const leaf of leaves) {
    const key = getFoldKey(leaf);
    const group = groups.get(key) ?? { ...leaf, count: 0, nodes: new Set() };
    group.count++;
    const node = leaf.where.get('node');
    if (node !== undefined) group.nodes.add(node);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ evaluation, where, count, nodes }) => ({
    evaluation,
    where,
    count,
    nodes: [...nodes],
  }));
}

/** Kinds of entities whose names differ from leaf to leaf, and recur in the leaves' texts. */
const varyingKinds: readonly EntityKind[] = ['node', 'replica', 'partition', 'activation'];

/** Shorter names could occur in a text by chance. */
const minVaryingLength = 3;

/** Computes a key that is equal for leaves that report the same about different entities. */
function getFoldKey({ evaluation: { kind, description = '', event }, where }: Leaf): string {
  const names = varyingKinds
    .flatMap((entity) => where.get(entity) ?? [])
    .filter((name) => name.length >= minVaryingLength);
  const text = event ? `${event.source}\n${event.property}\n${event.description ?? ''}` : description;
  const same = names.reduce((sofar, name) => sofar.replaceAll(name, '*'), text);
  return JSON.stringify([kind, event?.healthState, where.get('service package'), where.get('service'), same]);
}

/** Describes a cause in sentences: the problem, then its reporter, its nodes, and since when it has lasted. */
export function describeCause(cause: HealthCause): readonly string[] {
  const { evaluation, nodes, count } = cause;
  const { event, kind, description, healthState } = evaluation;
  const text = clip(event?.description ?? description ?? '', maxDescriptionLength).trimEnd();
  // A description of a single node usually names the node.
  const isNamed = nodes.length === 1 && nodes.every((node) => text.includes(node));
  const on = nodes.length === 0 || isNamed ? '' : ` on ${formatList(nodes, 3)}`;
  const times = nodes.length <= 1 && count > 1 ? ` (${count} times)` : '';
  const sentence = text && endSentence(text);
  if (event === undefined) {
    if (!sentence) return [`Unhealthy ${kind ?? 'entity'}${on}${times}.`];
    return on || times ? [sentence, `Reported${on}${times}.`] : [sentence];
  }
  const { source, property } = event;
  const state = event.healthState ?? healthState;
  const isError = state === undefined || state === 'Error';
  const as = isError && sentence ? '' : ` as ${state ?? 'unhealthy'}`;
  const report = `Reported${as} by ${source} for ${property}${on}${times}${describeReportState(event, healthState)}.`;
  return sentence ? [sentence, report] : [report];
}

/** Collects the data that {@link describeCause} describes. A repeated report does not change the data. */
export function getCauseFacts(cause: HealthCause): readonly unknown[] {
  const { evaluation, where, count } = cause;
  const { event, kind, description, healthState } = evaluation;
  const report = event
    ? [
        event.source,
        event.property,
        event.healthState ?? healthState,
        isEscalated(event, healthState),
        event.expired,
        getStateSince(event),
        event.description,
      ]
    : (description ?? [kind]);
  const others = listOtherNodes(cause);
  return [report, where.get('node'), others.length > 0 ? others : count];
}

function listOtherNodes({ where, nodes }: HealthCause): readonly string[] {
  return nodes.filter((name) => name !== where.get('node'));
}

function describeReport(event: HealthEvent, judged: HealthState | undefined, full: boolean): string {
  const { source, property, description, healthState } = event;
  const head = `${source} reported ${healthState ?? judged ?? ''} for ${property}${describeReportState(event, judged)}`;
  if (description === undefined) return head;
  return `${head}: ${full ? description : clip(description, maxDescriptionLength)}`;
}

/** Describes how the policy judges a report, whether the report has expired, and since when the state holds. */
function describeReportState(event: HealthEvent, judged: HealthState | undefined): string {
  const since = getStateSince(event);
  return [
    isEscalated(event, judged) ? ', treated as an error' : '',
    event.expired ? ', expired' : '',
    since ? `, since ${formatProseTime(since)}` : '',
  ].join('');
}

/** Characters of a report's description that are printed; some descriptions are whole logs. */
const maxDescriptionLength = 2000;

/** Reports whether the health policy takes a warning for an error. */
function isEscalated({ healthState }: HealthEvent, judged: HealthState | undefined): boolean {
  return healthState === 'Warning' && judged === 'Error';
}

/** Returns when the entity got into its bad state, if that is known. */
function getStateSince({ healthState, lastErrorAt, lastWarningAt }: HealthEvent): Date | undefined {
  if (healthState === 'Error') return lastErrorAt;
  return healthState === 'Warning' ? lastWarningAt : undefined;
}

/** Nouns for the children of an evaluation, by its kind. */
const childNouns = new Map<HealthEvaluationKind | undefined, string>([
  ['Replicas', 'replica'],
  ['Partitions', 'partition'],
  ['Services', 'service'],
  ['DeployedServicePackages', 'service package'],
  ['DeployedApplications', 'node'],
  ['UpgradeDomainDeployedApplications', 'node'],
]);

/** Describes the unhealthy children of an evaluation: `1 of 2 nodes unhealthy, 20% tolerated`. */
export function describeShare({ kind, children, totalCount, maxPercentUnhealthy }: HealthEvaluation): string {
  const unhealthy = describeUnhealthy(children.length, totalCount, childNouns.get(kind), maxPercentUnhealthy);
  const tolerated = maxPercentUnhealthy === undefined ? '' : `${maxPercentUnhealthy}% tolerated`;
  return [unhealthy, tolerated].filter(Boolean).join(', ');
}

function describeUnhealthy(
  count: number,
  total: number | undefined,
  noun = 'member',
  maxPercent: number | undefined,
): string {
  if (total === undefined) return '';
  const all = formatCount(total, noun);
  const percent = Math.round((100 * count) / total);
  // A total of 0 gives NaN or Infinity.
  if (count === 0 || !(percent <= 100)) return all;
  // The runtime trims large trees, so that the rest can be less than what exceeded the policy.
  const isTrimmed = maxPercent !== undefined && percent <= maxPercent;
  return `${isTrimmed ? 'at least ' : ''}${count} of ${all} unhealthy`;
}

/**
 * Describes one evaluation of the tree in a line.
 * @param full whether to include descriptions that the lines below word better, and to print all at full length
 */
export function describeEvaluation(evaluation: HealthEvaluation, full: boolean): string {
  const { kind, healthState, event, children, description, baseline } = evaluation;
  const isDescribed = full || (children.length === 0 && event === undefined);
  const facts = [
    evaluation.subject.map(([noun, name]) => `${noun} ${name}`).join(', '),
    describeShare(evaluation),
    baseline ? `${baseline.errorCount} of ${baseline.totalCount} before` : '',
    event ? describeReport(event, healthState, full) : '',
    isDescribed ? description : '',
    evaluation.others.map(({ name, value }) => `${name} ${value}`).join(', '),
  ]
    .map((fact) => fact?.replace(/\.$/, ''))
    .filter(Boolean);
  return `${healthState ?? ''} ${kind ?? ''}${facts.length > 0 ? `: ${facts.join('; ')}` : ''}`;
}
