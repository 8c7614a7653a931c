/**
 * Serves upgrades, one of usual size for the deployment `web` and one of 50 MB for `large`, and a list of 20,000
 * deployments. Prints its URL.
 */
import { createServer } from 'node:http';

/**
 * @param {string} name
 * @param {number} nodes
 */
const writeUpgrade = (name, nodes) =>
  JSON.stringify({
    DeploymentName: name,
    ApplicationName: `fabric:/${name}`,
    UpgradeState: 'RollingForwardInProgress',
    UpgradeStatusDetails: '',
    UpgradeKind: 'Rolling',
    RollingUpgradeMode: 'Monitored',
    ForceRestart: false,
    UpgradeReplicaSetCheckTimeoutInSeconds: 900,
    MonitoringPolicy: {
      FailureAction: 'Rollback',
      HealthCheckWaitDurationInMilliseconds: 'PT0H0M0S',
      HealthCheckStableDurationInMilliseconds: 'PT0H2M0S',
      HealthCheckRetryTimeoutInMilliseconds: 'PT0H10M0S',
      UpgradeTimeoutInMilliseconds: 'PT2H0M0S',
      UpgradeDomainTimeoutInMilliseconds: 'P10675199DT2H48M5.4775807S',
    },
    TargetApplicationTypeVersion: 'v2',
    UpgradeDuration: 'PT0H4M0.6412S',
    CurrentUpgradeDomainDuration: 'PT0H1M0.0412S',
    ApplicationUnhealthyEvaluations: [],
    CurrentUpgradeDomainProgress: {
      DomainName: 'UD1',
      NodeUpgradeProgressList: Array.from({ length: nodes }, (_, node) => ({
        NodeName: `_web_${node}`,
        UpgradePhase: 'PreUpgradeSafetyCheck',
        PendingSafetyChecks: [
          {
            SafetyCheck: { Kind: 'EnsureAvailability', PartitionId: '5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940' },
          },
        ],
      })),
    },
    StartTimestampUtc: '0001-01-01T00:00:00.000Z',
    FailureTimestampUtc: '0001-01-01T00:00:00.000Z',
    UpgradeDomainProgressAtFailure: { DomainName: '', NodeUpgradeProgressList: [] },
    ApplicationUpgradeStatusDetails: '',
    // The runtime escapes slashes.
  }).replaceAll('/', '\\/');

/** @type {Record<string, Buffer>} */
const documents = {
  web: Buffer.from(writeUpgrade('web', 2)),
  large: Buffer.from(writeUpgrade('large', 288_000)),
};

const listed = 20_000;
const pageSize = 100;

/** @param {number} from */
const writePage = (from) =>
  JSON.stringify({
    ContinuationToken: from + pageSize < listed ? String(from + pageSize) : '',
    Items: Array.from({ length: pageSize }, (_, index) => ({
      Name: `web${from + index}`,
      ApplicationName: `fabric:/web${from + index}`,
      Status: 'Ready',
      StatusDetails: '',
    })),
  }).replaceAll('/', '\\/');

/** @param {string} url */
function findDocument(url) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (pathname === '/ComposeDeployments')
    return Buffer.from(writePage(Number(searchParams.get('ContinuationToken') ?? 0)));
  return documents[/^\/ComposeDeployments\/(\w+)\/\$\/GetUpgradeProgress$/.exec(pathname)?.[1] ?? ''];
}

const server = createServer(({ url = '' }, response) => {
  const document = findDocument(url);
  const body = document ?? Buffer.from('{"Error":{"Code":"E_INVALIDARG","Message":"Null"}}');
  response.writeHead(document ? 200 : 400, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
