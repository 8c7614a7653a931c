/** Groups pending safety checks: those of one kind that the same nodes wait for, or that ask for the same. Pure. */
import { getCheckKey } from '../course.ts';
import type { SafetyCheck, UpgradeDomainProgress } from '../model.ts';

/** Safety checks of one kind that are explained together. */
export interface CheckGroup {
  readonly kind: SafetyCheck['kind'];
  readonly nodes: readonly string[];
  /** One check for each service, or for each partition whose service is not known. */
  readonly targets: readonly SafetyCheck[];
  readonly partitions: readonly string[];
  /** The {@link getCheckKey} of each check of each node, as sent. */
  readonly keys: readonly string[];
}

/** Groups of different nodes and services that are kept apart. */
const maxSeparate = 3;

/**
 * Groups the pending safety checks: equal ones of several nodes, then those of the same nodes. If too many groups are
 * left, all checks of one kind make one group.
 * @param services names of services by partition
 */
export function groupChecks(
  domain: UpgradeDomainProgress | undefined,
  services: ReadonlyMap<string, string>,
): readonly CheckGroup[] {
  const getTarget = ({ kind, partitionId = '' }: SafetyCheck) =>
    JSON.stringify([kind, services.get(partitionId) ?? partitionId]);
  const single = (domain?.nodes ?? []).flatMap(({ name, safetyChecks }) =>
    safetyChecks.map((check) => ({
      kind: check.kind,
      nodes: [name],
      targets: [check],
      partitions: check.partitionId === undefined ? [] : [check.partitionId],
      keys: [getCheckKey(name, check)],
    })),
  );
  const merge = (groups: readonly CheckGroup[], getKey: (group: CheckGroup) => string) =>
    groupBy(groups, getKey).map((group) => mergeGroups(group, getTarget));
  const byTarget = merge(single, ({ targets }) => targets.map(getTarget).join());
  const byNodes = merge(byTarget, ({ kind, nodes }) => JSON.stringify([kind, nodes]));
  return byNodes.length <= maxSeparate ? byNodes : merge(byNodes, ({ kind }) => `${kind}`);
}

function groupBy<T>(items: readonly T[], getKey: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = getKey(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

function mergeGroups(groups: readonly CheckGroup[], getTarget: (check: SafetyCheck) => string): CheckGroup {
  const targets = groups.flatMap((group) => group.targets);
  return {
    kind: groups[0]?.kind,
    nodes: [...new Set(groups.flatMap(({ nodes }) => nodes))],
    targets: [
      ...new Map(targets.toReversed().map((check) => [getTarget(check), check])).values(),
    ].toReversed(),
    partitions: [...new Set(groups.flatMap(({ partitions }) => partitions))],
    keys: groups.flatMap(({ keys }) => keys),
  };
}
