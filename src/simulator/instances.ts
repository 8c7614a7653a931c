/** The instances of a deployment's services, one of each service on every node. */
import { type Failure, getFailingDomain, listFirstNodes } from './failure.ts';
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
  const failing = getFailingDomain(topology) ?? '';
  const failed = isReached(rollout, failing) ? listFirstNodes(topology, failing) : [];
  const isForward = rollout?.direction === 'forward';
  const upgrading = rollout?.inProgress.nodes.filter(({ phase }) => phase === 'Upgrading') ?? [];
  return topology.domains.flatMap((domain) =>
    topology.nodesOf(domain).map((node) => {
      const hasFailed = failed.includes(node);
      const isStuck = failure === 'stuck' && hasFailed && isForward;
      const wasCrashed = failure === 'crash' && hasFailed;
      return {
        node,
        isUp: !isStuck && !upgrading.some((one) => one.node === node),
        isCrashed: wasCrashed && isForward,
        wasCrashed,
      };
    }),
  );
}

/** Reports whether an upgrade has begun with a domain, on its way forward or before it rolled back. */
function isReached(rollout: Rollout | undefined, domain: string): boolean {
  if (rollout === undefined) return false;
  const { direction, inProgress, completed, failureReason } = rollout;
  const isBack = direction === 'back' && failureReason !== 'Interrupted';
  return isBack || inProgress.domain === domain || completed.includes(domain);
}
