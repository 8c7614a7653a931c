/** Builds the documents about nodes, with the members in the runtime's order. */
import type { Cluster } from './cluster.ts';
import { toEnum } from './enums.ts';
import { FabricError } from './errors.ts';
import { getNodeId } from './ids.ts';
import { runtimeVersion } from './router.ts';
import { DateTime, Int64, type Members, toFileTime } from './runtime-json.ts';

/** The seed nodes are the first ones. */
const seedNodeCount = 5;

/** Capacities of every node. The containers have no limits, so that they reserve nothing of it. */
const capacities = [
  { metric: 'servicefabric:/_CpuCores', capacity: 4 },
  { metric: 'servicefabric:/_MemoryInMB', capacity: 16_384 },
];

/** Builds a `PagedNodeInfoList`. All nodes are up. @param filter such as `all` or `down` */
export function buildNodeList(cluster: Cluster, filter: string | undefined): Members {
  const isListed = ['default', 'all', 'up'].includes(filter?.toLowerCase() ?? 'default');
  const items = isListed ? cluster.nodes.map(({ name }) => buildNode(cluster, name)) : [];
  return { ContinuationToken: '', Items: items };
}

/** Builds a `NodeInfo`. @throws `FABRIC_E_NODE_NOT_FOUND` */
export function buildNode({ nodes, startedAt, now }: Cluster, name: string): Members {
  const index = nodes.findIndex((node) => node.name === name);
  const node = nodes[index];
  if (node === undefined) throw new FabricError('FABRIC_E_NODE_NOT_FOUND');
  return {
    Name: name,
    IpAddressOrFQDN: `10.0.0.${index + 4}`,
    Type: 'nt1',
    CodeVersion: runtimeVersion,
    ConfigVersion: '1',
    NodeStatus: toEnum('nodeStatus', 'Up'),
    NodeUpTimeInSeconds: new Int64(String(Math.trunc(now - startedAt / 1000))),
    HealthState: toEnum('healthState', 'Ok'),
    IsSeedNode: index < seedNodeCount,
    UpgradeDomain: node.domain,
    FaultDomain: `fd:/${index % seedNodeCount}`,
    Id: { Id: getNodeId(name) },
    InstanceId: new Int64(toFileTime(startedAt)),
    NodeDeactivationInfo: {
      NodeDeactivationIntent: toEnum('nodeDeactivationIntent', 'Invalid'),
      NodeDeactivationStatus: toEnum('nodeDeactivationStatus', 'None'),
      NodeDeactivationTask: [],
      PendingSafetyChecks: [],
    },
    IsStopped: false,
    NodeDownTimeInSeconds: new Int64('0'),
    NodeUpAt: new DateTime(startedAt),
    NodeDownAt: new DateTime(),
  };
}

/** Builds a `NodeLoadInfo`. */
export function buildNodeLoad(node: string): Members {
  return {
    NodeName: node,
    NodeLoadMetricInformation: capacities.map(({ metric, capacity }) => ({
      Name: metric,
      NodeCapacity: new Int64(String(capacity)),
      NodeLoad: new Int64('0'),
      NodeRemainingCapacity: new Int64(String(capacity)),
      IsCapacityViolation: false,
      NodeBufferedCapacity: new Int64(String(capacity)),
      NodeRemainingBufferedCapacity: new Int64(String(capacity)),
      CurrentNodeLoad: 0,
      NodeCapacityRemaining: capacity,
      BufferedNodeCapacityRemaining: capacity,
    })),
  };
}
