/** The nodes of the simulated cluster, and their upgrade domains. */

/** The upgrade domains of a cluster. */
export interface Topology {
  /** In the order in which they are upgraded. */
  readonly domains: readonly string[];
  /** Returns the names of a domain's nodes, by node number. */
  nodesOf(domain: string): readonly string[];
}

/** Distributes nodes evenly over upgrade domains. @param nodeCount of the whole cluster */
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
