/** The instances of a deployment's services, one of each service on every node. */
import { type Failure, listFailingNodes } from './failure.ts';
import type { Rollout } from './rollout.ts';
import type { Topology } from './topology.ts';

/** The instances on a node. */
export interface Instance {
  readonly node: string;
  /** Whether all instances on the node are up. */
  readonly isUp: boolean;
  /** Whether the container of the first service has crashed and did not recover. */
  readonly isCrashed: boolean;
  /** Whether that container has ever crashed. */
  readonly wasCrashed: boolean;
}

/** Lists the instances of a deployment. @param rollout its last upgrade */
export function listInstances(
  topology: Topology,
  failure: Failure | undefined,
  rollout: Rollout | undefined,
): readonly Instance[] {
  const failing = listFailingNodes(topology, failure);
  const isForward = rollout?.direction === 'forward';
  const active = new Map(rollout?.inProgress.nodes.map(({ node, phase }) => [node, phase]));
  return topology.domains.flatMap((domain) =>
    topology.nodesOf(domain).map((node) => {
      const isReached = rollout?.reached.includes(domain) ?? false;
      const hasFailed = isReached && failing.includes(node) && !(isForward && active.has(node));
      const isStuck = failure === 'stuck' && hasFailed && isForward;
      const wasCrashed = failure === 'crash' && hasFailed;
      return {
        node,
        isUp: !isStuck && active.get(node) !== 'Upgrading',
        isCrashed: wasCrashed && isForward,
        wasCrashed,
      };
    }),
  );
}
