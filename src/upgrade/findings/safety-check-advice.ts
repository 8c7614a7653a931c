/** Advice on safety checks, by their kind. */

import type { NextStep } from '../../platform/next-step.ts';
import type { Shells } from '../../platform/shell-quoting.ts';
import type { SafetyCheckKind } from '../enums.ts';
import { nameNodes } from '../names.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import * as commands from './sfctl-commands.ts';

/** Nodes whose load is looked at. */
const maxNodes = 2;

/** Names that steps are about, and the shells of their commands. */
interface CheckFacts {
  readonly nodes: readonly string[];
  readonly partitions: readonly string[];
  readonly shells: Shells | undefined;
}

type Advice = (facts: CheckFacts) => readonly NextStep[];

const showInstances: Advice = ({ partitions, shells }) =>
  partitions.map((partition) => ({
    what: 'Find the instances',
    command: commands.buildReplicaList(partition, shells),
  }));

const findRoom: Advice = ({ nodes, shells }) => [
  ...nodes.slice(0, maxNodes).map((node) => ({
    what: `Show the capacity of ${nameNodes([node], 1)} and its load`,
    command: commands.buildNodeLoad(node, shells),
  })),
  { what: 'List the other nodes, to see which are up', command: commands.nodeListCommand },
  { what: 'Make room, add nodes, or lower the resource limits and placement constraints of the service.' },
];

const advice = new Map<SafetyCheckKind, Advice>([
  ['EnsureAvailability', showInstances],
  ['WaitForResourceAvailability', findRoom],
  ['WaitForPrimaryPlacement', findRoom],
  [
    'EnsureSeedNodeQuorum',
    () => [{ what: 'Find the seed nodes that are down', command: commands.nodeListCommand }],
  ],
]);

/** Suggests where to look when nodes wait for a safety check: at what its kind is about, then at the partitions. */
export function suggestForCheck(
  kind: SafetyCheckKind | undefined,
  nodes: readonly string[],
  partitions: readonly string[],
  { commandTarget }: Pick<UpgradeSnapshot, 'commandTarget'>,
): readonly NextStep[] {
  const shells = commandTarget?.shells;
  return [
    ...((kind && advice.get(kind)?.({ nodes, partitions, shells })) ?? []),
    ...partitions.map((partition) => ({
      what: 'Show the health of the partition',
      command: commands.buildPartitionHealth(partition, shells),
    })),
  ];
}
