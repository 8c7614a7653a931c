/** Finds what a client loses of the documents that it receives, and knows what it is allowed to lose. */

/** Members that the client loses, by the reason that it has for it. */
const reasons = {
  'It reads Name and Status, as published; the gateway writes other names.': [
    'getComposeDeploymentStatus.DeploymentName',
    'getComposeDeploymentStatus.ComposeDeploymentStatus',
    'getComposeDeploymentStatusList.Items.DeploymentName',
    'getComposeDeploymentStatusList.Items.ComposeDeploymentStatus',
  ],
  'It reads ApplicationName, as published; the gateway writes Name.': [
    'DeployedApplication.Name',
    'DeployedServicePackage.Name',
  ],
  'It does not know this kind of evaluation, and reads only what all kinds have.': [
    'UpgradeDomainDeployedApplications.UpgradeDomainName',
    'UpgradeDomainDeployedApplications.UnhealthyEvaluations',
    'UpgradeDomainDeployedApplications.MaxPercentUnhealthyDeployedApplications',
    'UpgradeDomainDeployedApplications.TotalCount',
  ],
  'It reads only what events of applications of all kinds have.': [
    'ApplicationTypeName',
    'ApplicationTypeVersion',
    'CodePackageName',
    'ContainerName',
    'CurrentApplicationTypeVersion',
    'Description',
    'EntryPointType',
    'ExitCode',
    'FailureAction',
    'FailureReason',
    'HealthState',
    'HostId',
    'ImageName',
    'IsExclusive',
    'NodeName',
    'OverallUpgradeElapsedTimeInMs',
    'Property',
    'RemoveWhenExpired',
    'RollingUpgradeMode',
    'SequenceNumber',
    'ServiceManifestName',
    'ServiceName',
    'ServicePackageActivationId',
    'ServicePackageInstanceId',
    'ServicePackageName',
    'SourceId',
    'SourceUtcTimestamp',
    'StartTime',
    'TimeToLiveMs',
    'UnexpectedTermination',
    'UpgradeDomainElapsedTimeInMs',
    'UpgradeDomains',
    'UpgradeState',
    'UpgradeType',
  ].map((name) => `getApplicationEventList.${name}`),
  'It is older than these members.': [
    'DeployedServicePackage.ServicePackageActivationId',
    'getApplicationEventList.Category',
    'getNodeLoadInfo.NodeLoadMetricInformation.BufferedNodeCapacityRemaining',
    'getNodeLoadInfo.NodeLoadMetricInformation.CurrentNodeLoad',
    'getNodeLoadInfo.NodeLoadMetricInformation.NodeCapacityRemaining',
  ],
  'It rounds a time span to milliseconds.': ['HealthEvent.TimeToLiveInMilliSeconds (changed)'],
};

const knownLosses = new Set(Object.values(reasons).flat());

/** @type {Set<string>} */
const losses = new Set();

/**
 * Collects the members of a document that the client did not return, or not with their value. A client spells names
 * with another first letter.
 * @param {string} path of the document, or of a part of it
 * @param {unknown} received
 * @param {any} returned
 */
export function collectLosses(path, received, returned) {
  if (Array.isArray(received)) {
    for (const [index, item] of received.entries()) collectLosses(path, item, returned?.[index]);
    return;
  }
  if (typeof received !== 'object' || received === null) {
    if (!isSame(received, returned)) losses.add(returned === undefined ? path : `${path} (changed)`);
    return;
  }
  const members = new Map(Object.entries(returned ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [name, value] of Object.entries(received)) {
    const own = members.get(name.toLowerCase());
    if (own === undefined) losses.add(`${path}.${name}`);
    else collectLosses(getPath(path, name, value), value, own);
  }
}

/**
 * Returns the path of a member. Parts that occur in several documents and in themselves have the same path everywhere.
 * @param {string} path
 * @param {string} name
 * @param {any} value
 */
function getPath(path, name, value) {
  if (['HealthEvaluation', 'SafetyCheck'].includes(name)) return value.Kind;
  return name === 'UnhealthyEvent' || name === 'HealthEvents' ? 'HealthEvent' : `${path}.${name}`;
}

/**
 * @param {unknown} received
 * @param {any} returned
 */
function isSame(received, returned) {
  if (returned instanceof Date) return returned.getTime() === Date.parse(String(received));
  return returned === received;
}

/**
 * Prints the losses that are not known and the known ones that did not occur.
 * @param {(line: string) => void} print
 * @returns whether there are none
 */
export function checkLosses(print) {
  const unknown = [...losses].filter((loss) => !knownLosses.has(loss));
  const missing = [...knownLosses].filter((loss) => !losses.has(loss));
  for (const loss of unknown.sort()) print(`the client lost ${loss}`);
  for (const loss of missing.sort()) print(`the client did not lose ${loss}: remove it from the list`);
  if (unknown.length + missing.length > 0) return false;
  print(`the client lost nothing but ${knownLosses.size} members that it is known to lose`);
  return true;
}
