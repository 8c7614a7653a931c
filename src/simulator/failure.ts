/** Failures that a scenario causes, and where and when they happen. */
import { listFirstNodes, nodeUpgradeSeconds, scheduleNodes } from './node-schedule.ts';
import type { Failure, Rollout } from './rollout.ts';
import type { Topology } from './topology.ts';

/** The failure of an instance of the service that fails. Times are milliseconds since 1970. */
export interface InstanceFailure {
  readonly service: string;
  readonly image: string;
  readonly node: string;
  /** When the instance of the new version started. */
  readonly startedAt: number;
  readonly failedAt: number;
}

/** Describes the crash of a container in a health report. */
export function describeCrash(service: string): string {
  return `The container of ${service} exited with code 137.`;
}

/** Time from the start of an instance to its failure. */
const failureSeconds = 5;

/** Returns the second domain, or the only one. */
export function getFailingDomain({ domains }: Topology): string | undefined {
  return domains[1] ?? domains[0];
}

/** Lists the instances that fail in an upgrade, once it has reached their domain. At most one fails on each node. */
export function listFailures(topology: Topology, rollout: Rollout | undefined): readonly InstanceFailure[] {
  const domain = getFailingDomain(topology);
  const isStart = (step: Rollout['steps'][number]) => step.kind === 'DomainStarted' && step.domain === domain;
  const start = rollout?.steps.find(isStart);
  const service = rollout?.failingService;
  if (
    domain === undefined ||
    rollout === undefined ||
    service === undefined ||
    start?.direction !== 'forward'
  )
    return [];
  const nodes = topology.nodesOf(domain);
  const { failure } = rollout;
  const failing = listFailingNodes(nodes, failure);
  const rollback = rollout.steps.find(({ kind }) => kind === 'RollbackStarted')?.at ?? Infinity;
  return scheduleNodes(nodes, failure === 'stuck', rollout.policy.replicaSetCheckTimeout)
    .map(({ node, startsAfter }, index) => {
      // No two nodes are equally fast.
      const startedAt = start.at + startsAfter + nodeUpgradeSeconds + index / 10;
      return {
        service: service.name,
        image: service.image,
        node,
        startedAt: startedAt * 1000,
        failedAt: (startedAt + failureSeconds) * 1000,
      };
    })
    .filter(({ node, failedAt }) => failing.includes(node) && failedAt < rollback * 1000);
}

function listFailingNodes(nodes: readonly string[], failure: Failure | undefined): readonly string[] {
  switch (failure) {
    case 'crash':
      return nodes;
    case 'stuck':
      return listFirstNodes(nodes);
    default:
      return [];
  }
}
