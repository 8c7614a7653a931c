/** The gateway's endpoints and their behaviour. */

import { type Answer, type Call, type Endpoint, findApplication, replyEmpty, replyOk } from './call.ts';
import { requestDomain, requestRollback } from './compose-upgrade.ts';
import type { Deployment } from './deployment.ts';
import { buildApplicationProgress, buildDeploymentStatus, buildUpgradeProgress } from './documents.ts';
import { FabricError, type Reply } from './errors.ts';
import { manifestEndpoints } from './manifest-endpoints.ts';
import { buildPage, redirectToExplorer } from './pages.ts';
import { defaultPolicy } from './policy.ts';
import { queryEndpoints } from './query-endpoints.ts';
import { readCreation, readDomainName, readUpgrade } from './request-bodies.ts';

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
  ...queryEndpoints,
  ...manifestEndpoints,
  { verb: 'GET', path: '', isPage: true, answer: buildPage },
  { verb: 'GET', path: 'Explorer/index.html', isPage: true, answer: buildPage },
  { verb: 'GET', path: 'Explorer', isPage: true, answer: redirectToExplorer },
  { verb: 'GET', path: 'explorer', isPage: true, answer: redirectToExplorer },
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
  const { deployment, source } = readCreation(call.body);
  call.cluster.create(deployment, source);
  return replyEmpty(202, 'Accepted');
}

/** Time by which a request that is accepted late has already timed out. */
const lateAcceptSeconds = 5;

/** Upgrades the deployment that the body names, once it is ready: after its creation and its current upgrade. */
async function startUpgrade(call: Call): Promise<Answer> {
  const { deployment, source, policy } = readUpgrade(call.body);
  const find = () => findDeployment(call, deployment);
  const fault = find().isReadyForUpgrade ? call.cluster.takeUpgradeFault() : undefined;
  if (fault === 'lost-request') return 'reset';
  // The upgrade of another client fails after half a minute, so that this one need not wait for long.
  if (fault === 'stolen') find().startUpgrade(defaultPolicy, source, { failure: 'provisioning' });
  await call.waitUntil(() => find().isReadyForUpgrade);
  find().startUpgrade(policy, source, fault === 'late-accept' ? { delay: lateAcceptSeconds } : {});
  if (fault === 'late-accept') throw new FabricError('FABRIC_E_TIMEOUT');
  return fault === 'lost-answer' ? 'reset' : replyEmpty(202, 'Accepted');
}

function rollBackUpgrade(call: Call): Reply {
  requestRollback(findDeployment(call, call.address.key));
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
  requestDomain(findApplication(call), readDomainName(call.body));
  return replyEmpty(200, 'OK');
}

function refuseComposeApplication(call: Call): Reply {
  const { application } = findApplication(call);
  throw new FabricError('E_FAIL', `${application} is managed by its compose deployment.`);
}

function findDeployment({ cluster }: Call, name: string): Deployment {
  const deployment = cluster.find(name);
  if (deployment === undefined) throw new FabricError('FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
  return deployment;
}
