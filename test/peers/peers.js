/**
 * Drives the simulated cluster with a client that others wrote, the official one for JavaScript, and compares each
 * document that the client returns with the text that it received. Installs the client from the npm registry into a
 * folder of its own. Run with `npm run test:peers`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkLosses, collectLosses } from './losses.js';

/**
 * A simulated cluster with a client for it.
 * @typedef {object} Peer
 * @property {string} url
 * @property {any} client
 * @property {(operation: string, ...args: unknown[]) => Promise<any>} read resolves to the document as received
 */

const clientVersion = '2.2.0';
const deployment = 'shop';
const composeFileContent = "version: '3'\nservices:\n  web:\n    image: web\n";

const Client = loadClient();
await withCluster('missing', driveLifeCycle);
await withCluster('rollback', driveCrash);
await withCluster('stuck', driveSafetyCheck);
process.exitCode = checkLosses(print) ? 0 : 1;

/**
 * Creates, upgrades, resumes, rolls back and deletes a deployment.
 * @param {Peer} peer
 */
async function driveLifeCycle(peer) {
  const { client, read } = peer;
  await client.createComposeDeployment({ deploymentName: deployment, composeFileContent });
  await until(async () => (await readStatus(peer)) === 'Ready');
  await read('getComposeDeploymentStatusList');
  print('created and listed');

  await startUpgrade(peer, { rollingUpgradeMode: 'UnmonitoredManual' });
  for (const upgradeDomainName of ['UD1', 'UD2']) {
    await waitForState(peer, 'RollingForwardPending', upgradeDomainName);
    await client.resumeApplicationUpgrade(deployment, { upgradeDomainName });
  }
  await waitForState(peer, 'RollingForwardCompleted');
  await read('getApplicationUpgrade', deployment);
  print('upgraded, with approval');

  await startUpgrade(peer, { rollingUpgradeMode: 'UnmonitoredManual' });
  await waitForState(peer, 'RollingForwardPending', 'UD1');
  await rollBack(peer);
  await waitForState(peer, 'RollingBackCompleted');
  await read('getApplicationUpgrade', deployment);
  print('rolled back');

  await client.removeComposeDeployment(deployment);
  await until(async () => (await readStatus(peer)) === undefined);
  print('deleted');
}

/**
 * Watches an upgrade that fails its health check and stays as it is, and reads what explains it.
 * @param {Peer} peer
 */
async function driveCrash(peer) {
  const { read } = peer;
  await waitForState(peer, 'RollingBackCompleted');
  await startUpgrade(peer, {
    rollingUpgradeMode: 'Monitored',
    monitoringPolicy: {
      failureAction: 'Manual',
      healthCheckRetryTimeoutInMilliseconds: 'PT1M',
      upgradeDomainTimeoutInMilliseconds: 'PT1H',
    },
    applicationHealthPolicy: {
      maxPercentUnhealthyDeployedApplications: 10,
      defaultServiceTypeHealthPolicy: { maxPercentUnhealthyServices: 5 },
      serviceTypeHealthPolicyMap: [{ key: 'webType', value: { maxPercentUnhealthyServices: 7 } }],
    },
  });
  await until(async () => {
    const { RollingUpgradeMode } = await read('getComposeDeploymentUpgradeProgress', deployment);
    // The failure action makes the upgrade manual.
    return RollingUpgradeMode === 'UnmonitoredManual';
  });
  const { FailureReason } = await read('getApplicationUpgrade', deployment);
  if (FailureReason !== 'HealthCheck') throw new Error(`The upgrade failed by ${FailureReason}.`);
  const { AggregatedHealthState } = await read('getClusterHealth');
  if (AggregatedHealthState !== 'Error') throw new Error(`The cluster is ${AggregatedHealthState}.`);
  await read('getApplicationHealth', deployment);
  await read('getApplicationHealth', 'System');
  await read('getServiceHealth', `${deployment}~web`);
  await read('getDeployedApplicationHealth', '_node_1', deployment);
  await read('getContainerLogsDeployedOnNode', '_node_1', deployment, 'webPkg', 'web.Code');
  await read('getNodeInfoList');
  await read('getNodeHealth', '_node_1');
  await read('getNodeLoadInfo', '_node_1');
  const span = ['2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
  await read('getApplicationEventList', deployment, ...span);
  print('failed a health check');
}

/**
 * Reads about an upgrade that waits for a safety check.
 * @param {Peer} peer
 */
async function driveSafetyCheck(peer) {
  const { read } = peer;
  /** @type {string | undefined} */
  let partition;
  await until(async () => {
    const { CurrentUpgradeDomainProgress: progress } = await read(
      'getComposeDeploymentUpgradeProgress',
      deployment,
    );
    const checks = progress.NodeUpgradeProgressList.flatMap(
      (/** @type {any} */ node) => node.PendingSafetyChecks,
    );
    partition = checks[0]?.SafetyCheck.PartitionId;
    return progress.DomainName === 'UD1' && partition !== undefined;
  });
  await read('getApplicationUpgrade', deployment);
  await read('getServiceNameInfo', partition);
  await read('getPartitionHealth', partition);
  await read('getReplicaInfoList', partition);
  print('waited for a safety check');
}

/**
 * @param {Peer} peer
 * @returns the status as received, or `undefined` for a deployment that is gone
 */
async function readStatus({ read }) {
  try {
    return (await read('getComposeDeploymentStatus', deployment)).ComposeDeploymentStatus;
  } catch (error) {
    // The client takes the 204 that the gateway answers for an error.
    if (/** @type {any} */ (error).statusCode === 204) return undefined;
    throw error;
  }
}

/**
 * @param {Peer} peer
 * @param {string} state
 * @param {string} [domain] the domain that comes next
 */
async function waitForState({ read }, state, domain) {
  await until(async () => {
    const progress = await read('getComposeDeploymentUpgradeProgress', deployment);
    const isDomain = domain === undefined || progress.CurrentUpgradeDomainProgress.DomainName === domain;
    return progress.UpgradeState === state && isDomain;
  });
}

/**
 * @param {Peer} peer
 * @param {object} policy
 */
async function startUpgrade({ client }, policy) {
  await client.startComposeDeploymentUpgrade(deployment, {
    deploymentName: deployment,
    composeFileContent,
    upgradeKind: 'Rolling',
    upgradeReplicaSetCheckTimeoutInSeconds: 900,
    forceRestart: false,
    ...policy,
  });
}

/**
 * Requests a rollback, for which the client has no operation.
 * @param {Peer} peer
 */
async function rollBack({ url }) {
  const path = `/ComposeDeployments/${deployment}/$/RollbackUpgrade?api-version=6.4-preview`;
  const { status } = await fetch(url + path, { method: 'POST' });
  if (status !== 200) throw new Error(`The rollback was answered with ${status}.`);
}

/**
 * Waits for a condition of the cluster, whose time passes quickly.
 * @param {() => Promise<boolean>} condition
 */
async function until(condition) {
  for (let count = 0; count < 2000; count++) {
    if (await condition()) return;
    await sleep(25);
  }
  throw new Error(`This never came true: ${condition}`);
}

/**
 * Starts a simulated cluster for as long as it is used.
 * @param {string} scenario
 * @param {(peer: Peer) => Promise<void>} use
 */
async function withCluster(scenario, use) {
  const argv = ['simulate', scenario, '--name', deployment, '--speed', '1000', '--port', '0'];
  const launcher = join('bin', 'sfcompose.js');
  const cluster = spawn(process.execPath, [launcher, ...argv], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [output] = await once(cluster.stdout.setEncoding('utf8'), 'data');
    const url = String(output).trim();
    const client = new Client(url);
    await use({
      url,
      client,
      async read(operation, ...args) {
        const { response, body } = await client[`${operation}WithHttpOperationResponse`](...args);
        const received = JSON.parse(response.body);
        collectLosses(operation, received, body);
        return received;
      },
    });
  } finally {
    cluster.kill();
  }
}

/** @returns {any} the class of the client */
function loadClient() {
  const npmScript = process.env['npm_execpath'];
  if (npmScript === undefined) throw new Error('Run it with `npm run test:peers`.');
  const folder = join('node_modules', '.cache', `azure-servicefabric-${clientVersion}`);
  if (!existsSync(join(folder, 'node_modules', 'azure-servicefabric', 'package.json'))) {
    mkdirSync(folder, { recursive: true });
    const argv = ['install', '--prefix', folder, `azure-servicefabric@${clientVersion}`];
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync(process.execPath, [npmScript, ...argv, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
  // The client would send requests to the loopback interface through a proxy.
  process.env['NO_PROXY'] = '127.0.0.1';
  return createRequire(join(process.cwd(), folder, 'package.json'))('azure-servicefabric');
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}
