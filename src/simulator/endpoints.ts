/** The gateway's endpoints and their behaviour. */
import type { Cluster, Partition } from './cluster.ts';
import type { Deployment } from './deployment.ts';
import { buildApplicationProgress, buildDeploymentStatus, buildUpgradeProgress } from './documents.ts';
import { FabricError, type Reply } from './errors.ts';
import {
  buildContainerLogs,
  buildDeployedHealth,
  buildInstanceList,
  buildPartitionHealth,
} from './instance-documents.ts';
import type { Instance } from './instances.ts';
import { readCreation, readDomainName, readUpgrade } from './request-bodies.ts';
import { type Address, type Route, runtimeVersion } from './router.ts';
import { type Members, writeJson } from './runtime-json.ts';

/** A request to an endpoint. */
interface Call {
  readonly cluster: Cluster;
  readonly address: Address;
  readonly body: Buffer;
  /**
   * Holds the request until a condition is met, as the cluster manager does by retrying.
   * @throws `FABRIC_E_TIMEOUT` after the request's timeout
   */
  waitUntil(condition: () => boolean): Promise<void>;
}

interface Endpoint extends Route {
  /** Whether it requires no authentication. */
  readonly isAnonymous?: true;
  answer(call: Call): Reply | Promise<Reply>;
}

const deployedApplication = 'Nodes/{node}/$/GetApplications/{key}/$';

/** All endpoints. Any other request is invalid. */
export const endpoints: readonly Endpoint[] = [
  { verb: 'GET', path: 'ComposeDeployments', answer: listDeployments },
  { verb: 'GET', path: 'ComposeDeployments/{key}', answer: getStatus },
  { verb: 'GET', path: 'ComposeDeployments/{key}/$/GetUpgradeProgress', answer: getUpgradeProgress },
  { verb: 'PUT', path: 'ComposeDeployments/$/Create', answer: createDeployment },
  { verb: 'POST', path: 'ComposeDeployments/{key}/$/Upgrade', answer: startUpgrade },
  { verb: 'POST', path: 'ComposeDeployments/{key}/$/RollbackUpgrade', answer: rollBackUpgrade },
  { verb: 'POST', path: 'ComposeDeployments/{key}/$/Delete', answer: deleteDeployment },
  { verb: 'GET', path: 'Applications/{key}/$/GetUpgradeProgress', answer: getApplicationUpgradeProgress },
  { verb: 'POST', path: 'Applications/{key}/$/MoveToNextUpgradeDomain', answer: moveToNextUpgradeDomain },
  { verb: 'POST', path: 'Applications/{key}/$/Upgrade', answer: refuseComposeApplication },
  { verb: 'POST', path: 'Applications/{key}/$/UpdateUpgrade', answer: refuseComposeApplication },
  { verb: 'POST', path: 'Applications/{key}/$/RollbackUpgrade', answer: refuseComposeApplication },
  { verb: 'POST', path: 'Applications/{key}/$/Delete', answer: refuseComposeApplication },
  { verb: 'GET', path: 'Partitions/{key}/$/GetServiceName', answer: getServiceName },
  { verb: 'GET', path: 'Partitions/{key}/$/GetHealth', answer: getPartitionHealth },
  { verb: 'GET', path: 'Partitions/{key}/$/GetReplicas', answer: listInstances },
  { verb: 'GET', path: `${deployedApplication}/GetHealth`, answer: getDeployedHealth },
  { verb: 'GET', path: `${deployedApplication}/GetCodePackages/$/ContainerLogs`, answer: getContainerLogs },
  { verb: 'GET', path: 'Nodes', answer: listNodes },
  { verb: 'GET', path: '$/GetClusterVersion', answer: getClusterVersion },
  { verb: 'GET', path: '$/GetAadMetadata', isAnonymous: true, answer: getAadMetadata },
];

async function getUpgradeProgress(call: Call): Promise<Reply> {
  await call.waitUntil(() => !findDeployment(call, call.address.key).isHoldingReads);
  return replyOk(call, buildUpgradeProgress(findDeployment(call, call.address.key)));
}

/** Answers 204 instead of an error if the deployment does not exist. */
function getStatus(call: Call): Reply {
  const deployment = call.cluster.find(call.address.key);
  return deployment ? replyOk(call, buildDeploymentStatus(deployment)) : replyEmpty(204, 'No Content');
}

function listDeployments(call: Call): Reply {
  const { query } = call.address;
  const after = query.get('ContinuationToken') ?? '';
  const maxResults = query.get('MaxResults') ?? '0';
  if (!/^\d+$/.test(maxResults)) throw new FabricError('E_INVALIDARG');
  const left = call.cluster.list().filter(({ name }) => name > after);
  const page = Number(maxResults) === 0 ? left : left.slice(0, Number(maxResults));
  const token = page.length < left.length ? (page.at(-1)?.name ?? '') : '';
  return replyOk(call, { ContinuationToken: token, Items: page.map(buildDeploymentStatus) });
}

function createDeployment(call: Call): Reply {
  const { deployment, composeFile } = readCreation(call.body);
  call.cluster.create(deployment, composeFile);
  return replyEmpty(202, 'Accepted');
}

/** Upgrades the deployment that the body names, once it is ready: after its creation and its current upgrade. */
async function startUpgrade(call: Call): Promise<Reply> {
  const { deployment, composeFile, policy } = readUpgrade(call.body);
  await call.waitUntil(() => findDeployment(call, deployment).status === 'Ready');
  findDeployment(call, deployment).startUpgrade(policy, composeFile);
  return replyEmpty(202, 'Accepted');
}

function rollBackUpgrade(call: Call): Reply {
  findDeployment(call, call.address.key).requestRollback();
  return replyEmpty(200, 'OK');
}

function deleteDeployment(call: Call): Reply {
  findDeployment(call, call.address.key).delete();
  return replyEmpty(202, 'Accepted');
}

function getApplicationUpgradeProgress(call: Call): Reply {
  return replyOk(call, buildApplicationProgress(findApplication(call)));
}

function moveToNextUpgradeDomain(call: Call): Reply {
  findApplication(call).moveTo(readDomainName(call.body));
  return replyEmpty(200, 'OK');
}

function refuseComposeApplication(call: Call): Reply {
  const { application } = findApplication(call);
  throw new FabricError('E_FAIL', `${application} is managed by its compose deployment.`);
}

function getServiceName({ cluster, address }: Call): Reply {
  const { deployment, service } = findPartition({ cluster, address });
  const name = `${deployment.application}/${service}`;
  return replyOk({ address }, { Id: name.replace('fabric:/', '').replaceAll('/', '~'), Name: name });
}

function getPartitionHealth(call: Call): Reply {
  const { deployment, service } = findPartition(call);
  return replyOk(call, buildPartitionHealth(deployment, service, call.address.key));
}

function listInstances(call: Call): Reply {
  const { deployment, service } = findPartition(call);
  return replyOk(call, buildInstanceList(deployment, service));
}

function getDeployedHealth(call: Call): Reply {
  return replyOk(call, buildDeployedHealth(findApplication(call), findNode(call)));
}

function getContainerLogs(call: Call): Reply {
  return replyOk(call, buildContainerLogs(findNode(call), call.address.query));
}

function listNodes(call: Call): Reply {
  const items = call.cluster.nodes.map(({ name, domain }) => ({ Name: name, UpgradeDomain: domain }));
  return replyOk(call, { ContinuationToken: '', Items: items });
}

function getClusterVersion(call: Call): Reply {
  return replyOk(call, { Version: runtimeVersion });
}

function getAadMetadata(call: Call): Reply {
  return replyOk(call, { type: '', metadata: {} });
}

function findDeployment({ cluster }: Call, name: string): Deployment {
  const deployment = cluster.find(name);
  if (deployment === undefined) throw new FabricError('FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
  return deployment;
}

/** Decodes the application's id, unlike {@link findDeployment} the deployment's name. */
function findApplication({ cluster, address }: Call): Deployment {
  const deployment = cluster.find(decodeSegment(address.key));
  if (deployment === undefined || deployment.isHoldingReads) {
    throw new FabricError('FABRIC_E_APPLICATION_NOT_FOUND');
  }
  return deployment;
}

function findPartition({ cluster, address }: Pick<Call, 'cluster' | 'address'>): Partition {
  const partition = cluster.findPartition(address.key.toLowerCase());
  if (partition === undefined) throw new FabricError('FABRIC_E_PARTITION_NOT_FOUND');
  return partition;
}

function findNode(call: Call): Instance {
  const node = decodeSegment(call.address.node);
  const instance = findApplication(call).instances.find((one) => one.node === node);
  if (instance === undefined) throw new FabricError('FABRIC_E_NODE_NOT_FOUND');
  return instance;
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new FabricError('E_INVALIDARG');
  }
}

function replyOk({ address }: Pick<Call, 'address'>, document: Members): Reply {
  return { status: 200, reason: 'OK', body: writeJson(document, address) };
}

function replyEmpty(status: number, reason: string): Reply {
  return { status, reason, body: Buffer.alloc(0) };
}
