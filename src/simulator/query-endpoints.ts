/** The gateway's endpoints that only read, apart from those about upgrades. */

import { type Call, decodeSegment, type Endpoint, findApplication, parseId, replyOk } from './call.ts';
import type { Partition } from './cluster.ts';
import { buildNode, buildNodeList, buildNodeLoad } from './cluster-documents.ts';
import { FabricError, type Reply } from './errors.ts';
import { listEvents } from './events.ts';
import {
  createApplication,
  createDeployedApplication,
  createPartition,
  createService,
} from './health/application.ts';
import { createCluster, createNode, createSystemApplication } from './health/cluster.ts';
import { buildHealth } from './health/documents.ts';
import { buildContainerLogs, buildInstanceList } from './instance-documents.ts';
import type { Instance } from './instances.ts';
import { runtimeVersion } from './router.ts';

const deployedApplication = 'Nodes/{node}/$/GetApplications/{key}/$';

/** All endpoints of this kind. */
export const queryEndpoints: readonly Endpoint[] = [
  { verb: 'GET', path: 'Applications/{key}/$/GetHealth', answer: getApplicationHealth },
  { verb: 'GET', path: 'Services/{key}/$/GetHealth', answer: getServiceHealth },
  { verb: 'GET', path: 'Partitions/{key}/$/GetServiceName', answer: getServiceName },
  { verb: 'GET', path: 'Partitions/{key}/$/GetHealth', answer: getPartitionHealth },
  { verb: 'GET', path: 'Partitions/{key}/$/GetReplicas', answer: listInstances },
  { verb: 'GET', path: `${deployedApplication}/GetHealth`, answer: getDeployedHealth },
  { verb: 'GET', path: `${deployedApplication}/GetCodePackages/$/ContainerLogs`, answer: getContainerLogs },
  { verb: 'GET', path: 'Nodes', answer: listNodes },
  { verb: 'GET', path: 'Nodes/{node}', answer: getNode },
  { verb: 'GET', path: 'Nodes/{node}/$/GetHealth', answer: getNodeHealth },
  { verb: 'GET', path: 'Nodes/{node}/$/GetLoadInformation', answer: getNodeLoad },
  { verb: 'GET', path: 'EventsStore/Applications/{key}/$/Events', answer: getEvents },
  { verb: 'GET', path: '$/GetClusterHealth', answer: getClusterHealth },
  { verb: 'GET', path: '$/GetClusterVersion', answer: getClusterVersion },
  { verb: 'GET', path: '$/GetAadMetadata', isAnonymous: true, answer: getAadMetadata },
];

function getClusterHealth(call: Call): Reply {
  const { cluster, address } = call;
  return replyOk(
    call,
    buildHealth(createCluster(cluster), address.query, [createSystemApplication(cluster)]),
  );
}

function getApplicationHealth(call: Call): Reply {
  const { cluster, address } = call;
  const entity =
    parseId(address.key) === 'System'
      ? createSystemApplication(cluster)
      : createApplication(findApplication(call));
  return replyOk(call, buildHealth(entity, address.query));
}

function getServiceHealth(call: Call): Reply {
  const name = `fabric:/${parseId(call.address.key)}`;
  for (const deployment of call.cluster.listApplications()) {
    const service = deployment.services.find((one) => name === `${deployment.application}/${one}`);
    if (service) return replyOk(call, buildHealth(createService(deployment, service), call.address.query));
  }
  throw new FabricError('FABRIC_E_SERVICE_DOES_NOT_EXIST');
}

function getServiceName(call: Call): Reply {
  const { deployment, service } = findPartition(call);
  const name = `${deployment.application}/${service}`;
  return replyOk(call, { Id: name.replace('fabric:/', '').replaceAll('/', '~'), Name: name });
}

function getPartitionHealth(call: Call): Reply {
  const { deployment, service } = findPartition(call);
  return replyOk(call, buildHealth(createPartition(deployment, service), call.address.query));
}

function listInstances(call: Call): Reply {
  const { deployment, service } = findPartition(call);
  return replyOk(call, buildInstanceList(deployment, service));
}

function getDeployedHealth(call: Call): Reply {
  const entity = createDeployedApplication(findApplication(call), findInstance(call));
  return replyOk(call, buildHealth(entity, call.address.query));
}

function getContainerLogs(call: Call): Reply {
  return replyOk(call, buildContainerLogs(findApplication(call), findInstance(call), call.address.query));
}

function listNodes(call: Call): Reply {
  return replyOk(call, buildNodeList(call.cluster, call.address.query.get('NodeStatusFilter')));
}

function getNode(call: Call): Reply {
  return replyOk(call, buildNode(call.cluster, findNode(call)));
}

function getNodeHealth(call: Call): Reply {
  return replyOk(call, buildHealth(createNode(call.cluster, findNode(call)), call.address.query));
}

function getNodeLoad(call: Call): Reply {
  return replyOk(call, buildNodeLoad(findNode(call)));
}

/**
 * Answers no events, instead of an error, if the application does not exist.
 * @throws `FABRIC_E_SERVICE_DOES_NOT_EXIST` without an event store: the gateway cannot pass the request on
 */
function getEvents({ cluster, address }: Call): Reply {
  if (!cluster.hasEventStore) throw new FabricError('FABRIC_E_SERVICE_DOES_NOT_EXIST');
  const deployment = cluster.find(parseId(address.key));
  const events = listEvents(deployment, address.query);
  return { status: 200, reason: 'OK', body: Buffer.from(JSON.stringify(events)) };
}

function getClusterVersion(call: Call): Reply {
  return replyOk(call, { Version: runtimeVersion });
}

function getAadMetadata(call: Call): Reply {
  return replyOk(call, { type: '', metadata: {} });
}

function findPartition({ cluster, address }: Call): Partition {
  const partition = cluster.findPartition(address.key.toLowerCase());
  if (partition === undefined) throw new FabricError('FABRIC_E_PARTITION_NOT_FOUND');
  return partition;
}

function findInstance(call: Call): Instance {
  const node = findNode(call);
  const instance = findApplication(call).instances.find((one) => one.node === node);
  if (instance === undefined) throw new FabricError('FABRIC_E_NODE_NOT_FOUND');
  return instance;
}

/** Returns the name of the node that the path names. @throws `FABRIC_E_NODE_NOT_FOUND` */
function findNode({ cluster, address }: Call): string {
  const name = decodeSegment(address.node);
  if (cluster.nodes.some((node) => node.name === name)) return name;
  throw new FabricError('FABRIC_E_NODE_NOT_FOUND');
}
