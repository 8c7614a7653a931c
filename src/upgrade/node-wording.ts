/** Describes nodes in an operator's words: their phases, and the safety checks that they wait for. Pure. */
import { formatCount } from '../platform/format.ts';
import { countPhases } from './domain-progress.ts';
import type { SafetyCheckKind, UpgradePhase } from './enums.ts';
import type { NodeProgress, SafetyCheck } from './model.ts';

/** Names of services by partition. */
type Services = ReadonlyMap<string, string>;

/** Describes the phase of a node. */
export function describePhase(phase: UpgradePhase | undefined): string {
  switch (phase) {
    case 'PreUpgradeSafetyCheck':
      return 'waiting';
    case 'Upgrading':
      return 'upgrading';
    case 'PostUpgradeSafetyCheck':
      return 'upgraded, waiting';
    default:
      return phase === undefined ? 'in an unknown phase' : `in phase ${phase}`;
  }
}

/** Conditions under which a safety check passes, by its kind. */
const conditions = new Map<SafetyCheckKind, (partition: string) => string>([
  ['EnsureSeedNodeQuorum', () => 'enough other seed nodes are up'],
  ['EnsurePartitionQuorum', (partition) => `${partition} can spare a replica without losing its quorum`],
  ['WaitForPrimaryPlacement', (partition) => `the primary replica of ${partition} is back on the node`],
  ['WaitForPrimarySwap', (partition) => `the primary replica of ${partition} has moved to another node`],
  ['WaitForReconfiguration', (partition) => `the reconfiguration of ${partition} has finished`],
  ['WaitForInBuildReplica', (partition) => `the new replica of ${partition} is built`],
  ['WaitForInbuildReplica', (partition) => `the new replica of ${partition} is built`],
  ['EnsureAvailability', (partition) => `another instance of ${partition} is up`],
  ['WaitForResourceAvailability', (partition) => `the cluster has room for ${partition}`],
]);

/** Describes what a node waits for: `until another instance of fabric:/web/web is up`. */
export function describeSafetyCheck({ kind, partitionId }: SafetyCheck, services: Services): string {
  const partition = describePartition(partitionId, services);
  const condition = kind && conditions.get(kind);
  return condition
    ? `until ${condition(partition)}`
    : `for safety check ${kind ?? '(kind not reported)'} of ${partition}`;
}

/** Names a partition by its service, if that is known. */
export function describePartition(partitionId: string | undefined, services: Services): string {
  if (partitionId === undefined) return 'the partition';
  return services.get(partitionId) ?? `partition ${partitionId}`;
}

/**
 * Describes how far the upgrade is on a node: `waiting until another instance of fabric:/web/web is up
 * (EnsureAvailability)`. Of many safety checks, the first one is described.
 */
export function describeNode({ phase, safetyChecks }: NodeProgress, services: Services): string {
  const words = describePhase(phase);
  const [first] = safetyChecks;
  if (first === undefined) return words;
  const waiting = words.endsWith('waiting') ? words : `${words}, waiting`;
  const condition = describeSafetyCheck(first, services);
  const check = first.kind && condition.startsWith('until') ? `${condition} (${first.kind})` : condition;
  return `${waiting} ${describeChecks(safetyChecks.length, check)}`;
}

/** Describes some safety checks by their number and the first of them. */
export function describeChecks(count: number, first: string): string {
  return count === 1 ? first : `for ${formatCount(count, 'safety check')}, the first ${first}`;
}

/**
 * Describes all nodes of a domain in a few words: `1 node upgrading, 1 node waiting`.
 * @param isOver whether the upgrade has ended, so that the nodes no longer do what is described
 */
export function summarizeNodes(nodes: readonly NodeProgress[], isOver: boolean): string {
  return [...countPhases(nodes)]
    .map(([phase, count]) => {
      const verb = isOver ? ` ${count === 1 ? 'was' : 'were'}` : '';
      return `${formatCount(count, 'node')}${verb} ${describePhase(phase)}`;
    })
    .join(', ');
}
