/** Evaluates the health of an upgraded domain, like the health manager. */
import { createHash } from 'node:crypto';
import { toEnum } from './enums.ts';
import { nodeUpgradeSeconds, type ScheduledNode } from './node-schedule.ts';
import type { ApplicationHealthPolicy } from './policy.ts';
import { DateTime, Int64, type Members, TimeSpan } from './runtime-json.ts';
import { getCodePackageName, getManifestName } from './service-names.ts';

/** Time from the start of a container to its crash. */
const crashSeconds = 5;

/** A crash of a container. Times are milliseconds since 1970. */
interface Crash {
  readonly node: string;
  readonly startedAt: number;
  readonly crashedAt: number;
}

/** The health of the nodes in an upgrade domain. */
export interface DomainHealth {
  readonly application: string;
  readonly domain: string;
  readonly nodeCount: number;
  readonly service: string;
  /** The crashes of the service's containers, at most one on each node. */
  readonly crashes: readonly Crash[];
}

/** Lists the crashes of containers that have just been upgraded. @param domainStarted seconds since 1970 */
export function listCrashes(nodes: readonly ScheduledNode[], domainStarted: number): readonly Crash[] {
  return nodes.map(({ node, startsAfter }, index) => {
    // No two nodes are equally fast.
    const startedAt = domainStarted + startsAfter + nodeUpgradeSeconds + index / 10;
    return { node, startedAt: startedAt * 1000, crashedAt: (startedAt + crashSeconds) * 1000 };
  });
}

/**
 * Returns the tree of causes as a wire document, or `undefined` if the policy tolerates the health: it tolerates a
 * percentage, rounded up to whole nodes (`HealthCount.cpp`).
 */
export function evaluateHealth(
  health: DomainHealth,
  policy: ApplicationHealthPolicy | undefined,
): Members | undefined {
  const { application, domain, nodeCount, crashes } = health;
  const tolerated = policy?.maxPercentUnhealthyDeployedApplications ?? 0;
  if (crashes.length <= Math.ceil((nodeCount * tolerated) / 100)) return undefined;
  const share = `${Math.floor((crashes.length / nodeCount) * 100)}% (${crashes.length}/${nodeCount})`;
  return buildEvaluation(
    'UpgradeDomainDeployedApplications',
    `${share} of the deployed applications in upgrade domain '${domain}' are unhealthy; ${tolerated}% is tolerated.`,
    {
      UpgradeDomainName: domain,
      UnhealthyEvaluations: crashes.map((crash) =>
        buildEvaluation('DeployedApplication', `The application on node '${crash.node}' is in Error.`, {
          Name: application,
          NodeName: crash.node,
          UnhealthyEvaluations: [evaluateServicePackages(health, crash)],
        }),
      ),
      MaxPercentUnhealthyDeployedApplications: tolerated,
      TotalCount: nodeCount,
    },
  );
}

/** Evaluates a node with two service packages, one of which has crashed. */
function evaluateServicePackages({ application, service }: DomainHealth, crash: Crash): Members {
  const manifest = getManifestName(service);
  const servicePackage = buildEvaluation('DeployedServicePackage', `'${manifest}' is in Error.`, {
    Name: application,
    ServiceManifestName: manifest,
    NodeName: crash.node,
    UnhealthyEvaluations: [buildCrashEvent(service, crash)],
    ServicePackageActivationId: '',
  });
  return buildEvaluation('DeployedServicePackages', '50% (1/2) of the service packages are unhealthy.', {
    UnhealthyEvaluations: [servicePackage],
    TotalCount: 2,
  });
}

function buildCrashEvent(service: string, { startedAt, crashedAt }: Crash): Members {
  // The runtime numbers the instances of a code package by the time of their start.
  const property = `CodePackageActivation:${getCodePackageName(service)}:EntryPoint:${toFileTime(startedAt)}`;
  return buildEvaluation('Event', `'System.Hosting' reported Error for '${property}'.`, {
    UnhealthyEvent: {
      SourceId: 'System.Hosting',
      Property: property,
      HealthState: toEnum('healthState', 'Error'),
      TimeToLiveInMilliSeconds: new TimeSpan(Infinity),
      Description: `The container of ${service} exited with code 137.`,
      SequenceNumber: new Int64(toFileTime(crashedAt)),
      RemoveWhenExpired: false,
      SourceUtcTimestamp: new DateTime(crashedAt),
      LastModifiedUtcTimestamp: new DateTime(crashedAt + 757),
      IsExpired: false,
      LastOkTransitionAt: new DateTime(startedAt),
      LastWarningTransitionAt: new DateTime(),
      LastErrorTransitionAt: new DateTime(crashedAt + 757),
    },
    ConsiderWarningAsError: false,
  });
}

/** Converts milliseconds since 1970 to ticks of 100 ns since 1601. */
function toFileTime(time: number): string {
  return String((BigInt(Math.trunc(time)) + 11_644_473_600_000n) * 10_000n);
}

function buildEvaluation(
  kind: Parameters<typeof toEnum<'evaluation'>>[1],
  description: string,
  own: Members,
): Members {
  return {
    HealthEvaluation: {
      Kind: toEnum('evaluation', kind),
      Description: description,
      AggregatedHealthState: toEnum('healthState', 'Error'),
      ...own,
    },
  };
}

/** Derives the id of a service's only partition from the names, so that it is the same in every run. */
export function getPartitionId(application: string, service: string): string {
  const hash = createHash('sha256').update(`${application}/${service}`).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}
