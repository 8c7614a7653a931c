/** Failures that a scenario causes, and where they happen. */
import type { Topology } from './topology.ts';

/**
 * A failure of every upgrade: `provisioning` of the new version fails, or in the second domain the first instances to
 * be upgraded are `stuck` and never come up again, or `crash`.
 */
export type Failure = 'provisioning' | 'stuck' | 'crash';

/** Returns the second domain, or the only one. */
export function getFailingDomain({ domains }: Topology): string | undefined {
  return domains[1] ?? domains[0];
}

/** Lists the nodes of a domain that are upgraded first. The others wait until these are up again. */
export function listFirstNodes(topology: Topology, domain: string): readonly string[] {
  const nodes = topology.nodesOf(domain);
  return nodes.slice(0, Math.ceil(nodes.length / 2));
}
