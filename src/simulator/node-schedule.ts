/** When the nodes of a domain are upgraded, as the failover manager schedules them. */
import { noReplicaSetCheckTimeout } from './policy.ts';

/** Time in which a node stops the old containers and starts the new ones. */
export const nodeUpgradeSeconds = 40;

/** A node, and the seconds from the start of the domain's upgrade to that of the node. */
export interface ScheduledNode {
  readonly node: string;
  readonly startsAfter: number;
}

/** Lists the nodes that are upgraded first. The others wait until these are up again. */
export function listFirstNodes(nodes: readonly string[]): readonly string[] {
  return nodes.slice(0, Math.ceil(nodes.length / 2));
}

/**
 * Schedules the nodes of a domain: half of them first, and the others once those are up again or the replica set check
 * times out.
 * @param isStuck whether the first nodes never come up again
 * @param replicaSetCheckTimeout in seconds, or {@link noReplicaSetCheckTimeout}
 */
export function scheduleNodes(
  nodes: readonly string[],
  isStuck: boolean,
  replicaSetCheckTimeout: number,
): readonly ScheduledNode[] {
  const first = listFirstNodes(nodes);
  const timeout = replicaSetCheckTimeout === noReplicaSetCheckTimeout ? Infinity : replicaSetCheckTimeout;
  const othersAfter = Math.min(isStuck ? Infinity : nodeUpgradeSeconds, timeout);
  return nodes.map((node) => ({ node, startsAfter: first.includes(node) ? 0 : othersAfter }));
}
