/** Evaluates the health of an upgraded domain, like the health manager. */
import { createHash } from 'node:crypto';
import { toEnum } from './enums.ts';
import type { ApplicationHealthPolicy } from './policy.ts';
import { DateTime, Int64, type Members, TimeSpan } from './runtime-json.ts';

/** The health of the nodes in an upgrade domain. */
export interface DomainHealth {
  readonly application: string;
  readonly domain: string;
  readonly nodeCount: number;
  /** The nodes on which the service's container has crashed. */
  readonly crashed: readonly string[];
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly crashedAt: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Returns the tree of causes as a wire document, or `undefined` if the policy tolerates the health. */
export function evaluateHealth(
  health: DomainHealth,
  policy: ApplicationHealthPolicy | undefined,
): Members | undefined {
  const { application, domain, nodeCount, crashed } = health;
  const tolerated = policy?.maxPercentUnhealthyDeployedApplications ?? 0;
  const percent = (crashed.length / nodeCount) * 100;
  if (percent <= tolerated) return undefined;
  const share = `${Math.floor(percent)}% (${crashed.length}/${nodeCount})`;
  return buildEvaluation(
    'UpgradeDomainDeployedApplications',
    `${share} of the deployed applications in upgrade domain '${domain}' are unhealthy; ${tolerated}% is tolerated.`,
    {
      UpgradeDomainName: domain,
      UnhealthyEvaluations: crashed.map((node) =>
        buildEvaluation('DeployedApplication', `The application on node '${node}' is in Error.`, {
          Name: application,
          NodeName: node,
          UnhealthyEvaluations: [evaluateServicePackages(health, node)],
        }),
      ),
      MaxPercentUnhealthyDeployedApplications: tolerated,
      TotalCount: nodeCount,
    },
  );
}

/** Evaluates a node with two service packages, one of which has crashed. */
function evaluateServicePackages(health: DomainHealth, node: string): Members {
  const servicePackage = buildEvaluation('DeployedServicePackage', `'${health.service}Pkg' is in Error.`, {
    Name: health.application,
    ServiceManifestName: `${health.service}Pkg`,
    NodeName: node,
    UnhealthyEvaluations: [buildCrashEvent(health, node)],
    ServicePackageActivationId: '',
  });
  return buildEvaluation('DeployedServicePackages', '50% (1/2) of the service packages are unhealthy.', {
    UnhealthyEvaluations: [servicePackage],
    TotalCount: 2,
  });
}

function buildCrashEvent({ service, crashedAt, startedAt }: DomainHealth, node: string): Members {
  const property = `CodePackageActivation:${service}:EntryPoint`;
  return buildEvaluation('Event', `'System.Hosting' reported Error for '${property}'.`, {
    UnhealthyEvent: {
      SourceId: 'System.Hosting',
      Property: property,
      HealthState: toEnum('healthState', 'Error'),
      TimeToLiveInMilliSeconds: new TimeSpan(Infinity),
      Description: `The container of ${service} on ${node} exited with code 137.`,
      SequenceNumber: new Int64(String((BigInt(Math.trunc(crashedAt)) + 11_644_473_600_000n) * 10_000n)),
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
