/** Builds the paths and queries of the gateway's endpoints. Pure. */
import type { Connection } from '../config/connection.ts';
import { formatTime } from '../platform/format.ts';
import type { ApplicationType } from '../upgrade/model.ts';

/** The API version of compose deployments. */
export const composeVersion = '6.0-preview';

/** Creates a function for the path of each endpoint. Their `seconds` is the server's time limit. */
export function createGatewayPaths({ endpoint: { basePath }, timeoutSeconds }: Connection) {
  const stableQuery = `?api-version=6.0&timeout=${timeoutSeconds}`;
  const deploymentQuery = `?api-version=${composeVersion}&timeout=${timeoutSeconds}`;
  const deploymentPath = (deployment: string) =>
    `${basePath}/ComposeDeployments/${encodeSegment(deployment)}`;
  /** @param application `fabric:/…` */
  const applicationSegment = (application: string) => {
    const id = application.replace(/^fabric:\//, '').replaceAll('/', '~');
    return `Applications/${encodeSegment(id)}`;
  };
  const applicationPath = (application: string) => `${basePath}/${applicationSegment(application)}`;
  const typePath = ({ name }: ApplicationType) => `${basePath}/ApplicationTypes/${encodeSegment(name)}`;
  return {
    deployments: (continuationToken: string | undefined, seconds: number) => {
      const query = continuationToken ? `&ContinuationToken=${encodeQueryValue(continuationToken)}` : '';
      return `${basePath}/ComposeDeployments?api-version=${composeVersion}&timeout=${seconds}${query}`;
    },
    status: (deployment: string) => `${deploymentPath(deployment)}${deploymentQuery}`,
    upgradeProgress: (deployment: string) =>
      `${deploymentPath(deployment)}/$/GetUpgradeProgress${deploymentQuery}`,
    startUpgrade: (deployment: string) => `${deploymentPath(deployment)}/$/Upgrade${deploymentQuery}`,
    rollBack: (deployment: string) =>
      `${deploymentPath(deployment)}/$/RollbackUpgrade?api-version=6.4-preview&timeout=${timeoutSeconds}`,
    resume: (application: string) =>
      `${applicationPath(application)}/$/MoveToNextUpgradeDomain${stableQuery}`,
    application: (application: string) => `${applicationPath(application)}${stableQuery}`,
    /** Without events and children (filter 1: none). */
    applicationHealth: (application: string) =>
      `${applicationPath(application)}/$/GetHealth${stableQuery}&EventsHealthStateFilter=1&DeployedApplicationsHealthStateFilter=1&ServicesHealthStateFilter=1`,
    applicationManifest: (type: ApplicationType) =>
      `${typePath(type)}/$/GetApplicationManifest${stableQuery}&ApplicationTypeVersion=${encodeQueryValue(type.version)}`,
    serviceManifest: (type: ApplicationType, manifest: string) =>
      `${typePath(type)}/$/GetServiceManifest${stableQuery}&ApplicationTypeVersion=${encodeQueryValue(type.version)}&ServiceManifestName=${encodeQueryValue(manifest)}`,
    applicationUpgradeProgress: (application: string, seconds: number) =>
      `${applicationPath(application)}/$/GetUpgradeProgress?api-version=6.0&timeout=${seconds}`,
    /**
     * Without `EventsTypesFilter`: a service that does not know one of its kinds refuses the request, and the kinds'
     * names differ between versions.
     */
    events: (application: string, span: { readonly from: Date; readonly to: Date }, seconds: number) =>
      `${basePath}/EventsStore/${applicationSegment(application)}/$/Events?api-version=6.4&timeout=${seconds}&StartTimeUtc=${formatSecond(span.from, Math.floor)}&EndTimeUtc=${formatSecond(span.to, Math.ceil)}&ExcludeAnalysisEvents=true&SkipCorrelationLookup=true`,
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

/** Formats a time as whole seconds, the only form that the event store accepts. */
function formatSecond(time: Date, round: (seconds: number) => number): string {
  return formatTime(new Date(round(time.getTime() / 1000) * 1000));
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
