/** Finds the causes in a tree of unhealthy evaluations. Pure. */
import type { EntityKind, HealthEvaluation, HealthEvent } from '../model.ts';
import { maskDifferences, maskIdentifiers } from './identifiers.ts';

/** A report of the tree, together with the reports that say the same about other nodes. */
export interface HealthCause {
  readonly evaluation: HealthEvaluation;
  /** Names of the entities on the way to the first report. */
  readonly where: EntityNames;
  /** Number of reports. */
  readonly count: number;
  /** Nodes of all reports. */
  readonly nodes: readonly string[];
  /** Text of the reports, without the identifiers in which these differ; empty if the cluster sent none. */
  readonly text: string;
  /** Since when the first of the entities has been in its bad state, if that is known. */
  readonly since: Date | undefined;
}

/** Names of entities by kind. */
type EntityNames = ReadonlyMap<EntityKind, string>;

const causesByTree = new WeakMap<readonly HealthEvaluation[], readonly HealthCause[]>();

/** Finds the causes, which are the leaves of the tree: errors before warnings, the deepest first, equal ones folded. */
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

/**
 * Finds the service of a cause. A compose deployment calls the package of service `web` `webPkg`
 * (`DockerComposeUtils.cs`).
 * @param services names of services by partition
 */
export function findService(
  { where }: Pick<HealthCause, 'where'>,
  services: ReadonlyMap<string, string>,
): string | undefined {
  const [, name] = /^(.+)Pkg$/.exec(where.get('service package') ?? '') ?? [];
  const application = where.get('application');
  return (
    where.get('service') ??
    services.get(where.get('partition') ?? '') ??
    (name && application ? `${application}/${name}` : undefined)
  );
}

/** Differences between the clocks of a cluster's nodes that are usual. */
const maxClockSkewMs = 60_000;

/** Reports whether a cause is older than the upgrade. @param startedAt start of the upgrade, if that is known */
export function isOlder({ since }: HealthCause, startedAt: Date | undefined): boolean {
  return (
    since !== undefined && startedAt !== undefined && since.getTime() < startedAt.getTime() - maxClockSkewMs
  );
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
  const rank = ({ evaluation }: Leaf) => (evaluation.healthState === 'Warning' ? 1 : 0);
  return leaves.sort((one, other) => rank(one) - rank(other) || other.depth - one.depth);
}

/** Reports of one cause whose texts are compared word by word. */
const maxCompared = 100;

function foldCauses(leaves: readonly Leaf[]): readonly HealthCause[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const key = getFoldKey(leaf);
    const group = groups.get(key);
    if (group) group.push(leaf);
    else groups.set(key, [leaf]);
  }
  return [...groups.values()].map(createCause);
}

function createCause(leaves: readonly Leaf[]): HealthCause {
  const [{ evaluation, where }] = leaves as readonly [Leaf, ...Leaf[]];
  const times = leaves.flatMap(({ evaluation: { event } }) => (event && getStateSince(event)) ?? []);
  return {
    evaluation,
    where,
    count: leaves.length,
    nodes: [...new Set(leaves.flatMap((leaf) => leaf.where.get('node') ?? []))],
    text: maskDifferences(leaves.slice(0, maxCompared).map((leaf) => getText(leaf.evaluation))),
    since: times.length > 0 ? new Date(Math.min(...times.map(Number))) : undefined,
  };
}

/** Returns what an evaluation says. A report without a text has only a description by the runtime, which repeats it. */
function getText({ event, description }: HealthEvaluation): string {
  return (event ? event.description : description) ?? '';
}

/** Returns when the entity got into its bad state, if that is known. */
export function getStateSince({ healthState, lastErrorAt, lastWarningAt }: HealthEvent): Date | undefined {
  if (healthState === 'Error') return lastErrorAt;
  return healthState === 'Warning' ? lastWarningAt : undefined;
}

/** Kinds of entities whose names differ from leaf to leaf, and recur in the leaves' texts. */
const varyingKinds: readonly EntityKind[] = ['node', 'replica', 'partition', 'activation'];

/** Shorter names could occur in a text by chance. */
const minVaryingLength = 3;

/** Computes a key that is equal for leaves that report the same about different entities. */
function getFoldKey({ evaluation, where }: Leaf): string {
  const { kind, event } = evaluation;
  const names = varyingKinds
    .flatMap((entity) => where.get(entity) ?? [])
    .filter((name) => name.length >= minVaryingLength);
  const report = event ? `${event.source}\n${event.property}\n` : '';
  const text = names.reduce((sofar, name) => sofar.replaceAll(name, '*'), `${report}${getText(evaluation)}`);
  return JSON.stringify([
    kind,
    event?.healthState,
    where.get('service package'),
    where.get('service'),
    maskIdentifiers(text),
  ]);
}
