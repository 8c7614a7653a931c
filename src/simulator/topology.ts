/** The nodes of the simulated cluster, and their upgrade domains. */

/** The upgrade domains of a cluster. */
export interface Topology {
  /** In the order in which they are upgraded. */
  readonly domains: readonly string[];
  /** All nodes, by node number. */
  readonly nodes: readonly { readonly name: string; readonly domain: string }[];
  /** Returns the names of a domain's nodes, by node number. */
  nodesOf(domain: string): readonly string[];
}

/** Distributes nodes evenly over upgrade domains. @param nodeCount of the whole cluster */
export function createTopology(domainCount: number, nodeCount: number): Topology {
  const domains = Array.from({ length: domainCount }, (_, number) => `UD${number}`);
  const nodes = Array.from({ length: nodeCount }, (_, number) => ({
    name: `_node_${number}`,
    domain: `UD${number % domainCount}`,
  }));
  const byDomain = new Map<string, string[]>(domains.map((domain) => [domain, []]));
  for (const { name, domain } of nodes) byDomain.get(domain)?.push(name);
  return { domains, nodes, nodesOf: (domain) => byDomain.get(domain) ?? [] };
}
