/** The simulated cluster's nodes, and the upgrade domains they stand in. */

export interface Topology {
  /** In the order in which they are upgraded. */
  readonly domains: readonly string[];
  /** The names of a domain's nodes, by node number. */
  nodesOf(domain: string): readonly string[];
}

/** @param nodeCount in the whole cluster; the nodes are dealt out to the domains in turn */
export function createTopology(domainCount: number, nodeCount: number): Topology {
  const byDomain = new Map<string, string[]>();
  for (let number = 0; number < domainCount; number++) byDomain.set(`UD${number}`, []);
  for (let number = 0; number < nodeCount; number++) {
    byDomain.get(`UD${number % domainCount}`)?.push(`_node_${number}`);
  }
  return {
    domains: [...byDomain.keys()],
    nodesOf: (domain) => byDomain.get(domain) ?? [],
  };
}
