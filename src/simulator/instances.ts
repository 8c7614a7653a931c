/** The instances of a deployment's services, one of each service on every node. */
import { type InstanceFailure, listFailures } from './failure.ts';
import type { Rollout } from './rollout.ts';
import type { Topology } from './topology.ts';

/** The instances on a node. */
export interface Instance {
  readonly node: string;
  /** Whether all instances on the node are down, because they are being upgraded. */
  readonly isUpgrading: boolean;
  /** The failure from which the instance of one service did not recover. */
  readonly failure: InstanceFailure | undefined;
  /** Whether the container of that service has crashed, and did not recover. */
  readonly isCrashed: boolean;
  /** The last crash of a container, even if it has recovered. */
  readonly lastCrash: InstanceFailure | undefined;
}

/** Finds the failure from which the instance of a service did not recover. */
export function findFailure({ failure }: Instance, service: string): InstanceFailure | undefined {
  return failure?.service === service ? failure : undefined;
}

/** Lists the instances of a deployment. @param rollout its last upgrade @param now seconds since 1970 */
export function listInstances(
  topology: Topology,
  rollout: Rollout | undefined,
  now: number,
): readonly Instance[] {
  const failures = listFailures(topology, rollout).filter(({ failedAt }) => failedAt <= now * 1000);
  const isCrash = rollout?.failure === 'crash';
  const active = new Map(rollout?.inProgress.nodes.map(({ node, phase }) => [node, phase]));
  return topology.domains.flatMap((domain) => {
    const isRolledBack = rollout?.direction === 'back' && !rollout.pending.includes(domain);
    return topology.nodesOf(domain).map((node) => {
      const phase = active.get(node);
      const failed = failures.find((one) => one.node === node);
      const isReplaced = isRolledBack && phase !== 'PreUpgradeSafetyCheck';
      const current = isReplaced ? undefined : failed;
      return {
        node,
        isUpgrading: phase === 'Upgrading',
        failure: current,
        isCrashed: isCrash && current !== undefined,
        lastCrash: isCrash ? failed : undefined,
      };
    });
  });
}
