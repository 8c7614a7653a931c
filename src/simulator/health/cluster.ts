/** The health entities of the simulated cluster, with the reports of its system components. */

import type { Cluster } from '../cluster.ts';
import { getNodeId } from '../ids.ts';
import { createApplication } from './application.ts';
import { createEntity, type HealthEntity } from './entities.ts';
import { createOkReport } from './reports.ts';

/** Services of the system that every cluster has. */
const systemServices = ['ClusterManagerService', 'FailoverManagerService', 'NamingService'];

/** Creates the cluster with its nodes and applications, without the application of the system services. */
export function createCluster(cluster: Cluster): HealthEntity {
  const nodes = cluster.nodes.map(({ name }) => createNode(cluster, name));
  return createEntity('Cluster', {}, [], [...nodes, ...cluster.listApplications().map(createApplication)]);
}

/** Creates a node. */
export function createNode({ startedAt }: Cluster, node: string): HealthEntity {
  return createEntity('Node', { node, nodeId: getNodeId(node) }, [
    createOkReport('System.FM', 'State', 'Fabric node is up.', startedAt),
  ]);
}

/** Creates the application of the system services. */
export function createSystemApplication({ startedAt }: Cluster): HealthEntity {
  const application = 'fabric:/System';
  const children = systemServices.map((name) =>
    createEntity('Service', { application, service: `${application}/${name}`, serviceType: `${name}Type` }, [
      createOkReport('System.FM', 'State', 'Service has been created.', startedAt),
    ]),
  );
  const report = createOkReport('System.CM', 'State', 'Application has been created.', startedAt);
  return createEntity('Application', { application }, [report], children);
}
