/** Builds the paths and queries of the gateway's endpoints. Pure. */
import type { Connection } from '../config/connection.ts';
import type { ApplicationType } from '../upgrade/model.ts';

/** The API version of compose deployments. */
export const composeVersion = '6.0-preview';

/** The API version of rollbacks. */
const rollbackVersion = '6.4-preview';

/** Creates a function for the path of each endpoint. Their `seconds` is the server's time limit. */
export function createGatewayPaths({ endpoint: { basePath }, timeoutSeconds }: Connection) {
  const deploymentQuery = `?api-version=${composeVersion}&timeout=${timeoutSeconds}`;
  const deploymentPath = (deployment: string) =>
    `${basePath}/ComposeDeployments/${encodeSegment(deployment)}`;
  const applicationPath = (application: string) => {
    const id = application.replace(/^fabric:\//, '').replaceAll('/', '~');
    return `${basePath}/Applications/${encodeSegment(id)}`;
  };
  const typePath = (type: string) => `${basePath}/ApplicationTypes/${encodeSegment(type)}`;
  return {
    deployments: (continuationToken: string | undefined, seconds: number) => {
      const query = continuationToken ? `&ContinuationToken=${encodeQueryValue(continuationToken)}` : '';
      return `${basePath}/ComposeDeployments?api-version=${composeVersion}&timeout=${seconds}${query}`;
    },
    status: (deployment: string) => `${deploymentPath(deployment)}${deploymentQuery}`,
    upgradeProgress: (deployment: string) =>
      `${deploymentPath(deployment)}/$/GetUpgradeProgress${deploymentQuery}`,
    /** @param application `fabric:/…` */
    applicationUpgradeProgress: (application: string, seconds: number) =>
      `${applicationPath(application)}/$/GetUpgradeProgress?api-version=6.0&timeout=${seconds}`,
    applicationHealth: (application: string, seconds: number) =>
      `${applicationPath(application)}/$/GetHealth?api-version=6.0&timeout=${seconds}` +
      '&EventsHealthStateFilter=1&DeployedApplicationsHealthStateFilter=1&ServicesHealthStateFilter=1&ExcludeHealthStatistics=true',
    application: (application: string) =>
      `${applicationPath(application)}?api-version=6.0&timeout=${timeoutSeconds}`,
    applicationManifest: ({ name, version }: ApplicationType) =>
      `${typePath(name)}/$/GetApplicationManifest?api-version=6.0&timeout=${timeoutSeconds}` +
      `&ApplicationTypeVersion=${encodeQueryValue(version)}`,
    serviceManifest: ({ name, version }: ApplicationType, manifest: string, seconds: number) =>
      `${typePath(name)}/$/GetServiceManifest?api-version=6.0&timeout=${seconds}` +
      `&ApplicationTypeVersion=${encodeQueryValue(version)}&ServiceManifestName=${encodeQueryValue(manifest)}`,
    startUpgrade: (deployment: string) => `${deploymentPath(deployment)}/$/Upgrade${deploymentQuery}`,
    rollBack: (deployment: string) =>
      `${deploymentPath(deployment)}/$/RollbackUpgrade?api-version=${rollbackVersion}&timeout=${timeoutSeconds}`,
    moveToNextDomain: (application: string) =>
      `${applicationPath(application)}/$/MoveToNextUpgradeDomain?api-version=6.0&timeout=${timeoutSeconds}`,
    serviceName: (partitionId: string, seconds: number) =>
      `${basePath}/Partitions/${encodeSegment(partitionId)}/$/GetServiceName?api-version=6.0&timeout=${seconds}`,
    nodes: (continuationToken: string | undefined, seconds: number) => {
      const query = continuationToken ? `&ContinuationToken=${encodeQueryValue(continuationToken)}` : '';
      return `${basePath}/Nodes?api-version=6.0&timeout=${seconds}${query}`;
    },
    aadMetadata: () => `${basePath}/$/GetAadMetadata?api-version=1.0`,
    clusterVersion: () => `${basePath}/$/GetClusterVersion?api-version=6.4&timeout=${timeoutSeconds}`,
  };
}

/** Encodes any name as exactly one path segment. */
function encodeSegment(name: string): string {
  const segment = encodeURIComponent(replaceLoneSurrogates(name));
  return segment.replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'));
}

/** Encodes as little as possible, because the gateway does not decode query values. */
function encodeQueryValue(text: string): string {
  return replaceLoneSurrogates(text).replace(/%(?![\da-f]{2})|[^\w.~!$'()*+,;:@/?%-]+/gi, encodeURIComponent);
}

/** Replaces lone surrogates, which names from the cluster may contain and which have no URL encoding. */
export function replaceLoneSurrogates(text: string): string {
  return Buffer.from(text).toString();
}
