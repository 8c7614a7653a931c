/** Failures that a scenario causes, and where they happen. */
import { listFirstNodes } from './node-schedule.ts';
import type { Topology } from './topology.ts';

/**
 * A failure of every creation and upgrade: `provisioning` of the version fails, or in the second domain the instances
 * `crash` after they were upgraded, or the first of them are `stuck` and never come up again.
 */
export type Failure = 'provisioning' | 'stuck' | 'crash';

/** Returns the second domain, or the only one. */
export function getFailingDomain({ domains }: Topology): string | undefined {
  return domains[1] ?? domains[0];
}

/** Lists the nodes on which upgraded instances fail. */
export function listFailingNodes(topology: Topology, failure: Failure | undefined): readonly string[] {
  const nodes = topology.nodesOf(getFailingDomain(topology) ?? '');
  switch (failure) {
    case 'crash':
      return nodes;
    case 'stuck':
      return listFirstNodes(nodes);
    default:
      return [];
  }
}
