/** Advice on safety checks, by their kind. */
import type { NextStep } from '../../platform/next-step.ts';
import type { SafetyCheckKind } from '../enums.ts';
import { nameNodes } from '../names.ts';
import * as commands from './sfctl-commands.ts';

/** Nodes whose load is looked at. */
const maxNodes = 2;

type Advice = (nodes: readonly string[], partitions: readonly string[]) => readonly NextStep[];

const showInstances: Advice = (_nodes, partitions) =>
  partitions.map((partition) => ({
    what: 'Find the instances',
    command: commands.buildReplicaList(partition),
  }));

const findRoom: Advice = (nodes) => [
  ...nodes.slice(0, maxNodes).map((node) => ({
    what: `Show the capacity of ${nameNodes([node], 1)} and its load`,
    command: commands.buildNodeLoad(node),
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
): readonly NextStep[] {
  return [
    ...((kind && advice.get(kind)?.(nodes, partitions)) ?? []),
    ...partitions.map((partition) => ({
      what: 'Show the health of the partition',
      command: commands.buildPartitionHealth(partition),
    })),
  ];
}
