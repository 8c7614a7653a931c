/** Builds the parts of documents that describe an upgrade's policy, with the members in the runtime's order. */
import { toEnum } from './enums.ts';
import type { ApplicationHealthPolicy, MonitoringPolicy, ServiceTypeHealthPolicy } from './policy.ts';
import type { Rollout } from './rollout.ts';
import { type Members, TimeSpan } from './runtime-json.ts';

/**
 * Builds the members from `RollingUpgradeMode` to `ApplicationHealthPolicy`.
 * @param document the two documents have two members in a different order
 */
export function buildPolicy({ mode, policy }: Rollout, document: 'compose' | 'application'): Members {
  const replicaSetCheck = { UpgradeReplicaSetCheckTimeoutInSeconds: policy.replicaSetCheckTimeout };
  // A compose upgrade ignores this flag.
  const forceRestart = { ForceRestart: false };
  return {
    RollingUpgradeMode: toEnum('upgradeMode', mode),
    ...(document === 'compose'
      ? { ...forceRestart, ...replicaSetCheck }
      : { ...replicaSetCheck, ...forceRestart }),
    MonitoringPolicy: buildMonitoring(policy.monitoring),
    ApplicationHealthPolicy: policy.health && buildHealthPolicy(policy.health),
  };
}

function buildMonitoring(policy: MonitoringPolicy): Members {
  return {
    FailureAction: toEnum('failureAction', policy.failureAction),
    HealthCheckWaitDurationInMilliseconds: new TimeSpan(policy.healthCheckWait),
    HealthCheckStableDurationInMilliseconds: new TimeSpan(policy.healthCheckStable),
    HealthCheckRetryTimeoutInMilliseconds: new TimeSpan(policy.healthCheckRetry),
    UpgradeTimeoutInMilliseconds: new TimeSpan(policy.upgradeTimeout),
    UpgradeDomainTimeoutInMilliseconds: new TimeSpan(policy.domainTimeout),
  };
}

function buildHealthPolicy(policy: ApplicationHealthPolicy): Members {
  return {
    ConsiderWarningAsError: policy.considerWarningAsError,
    MaxPercentUnhealthyDeployedApplications: policy.maxPercentUnhealthyDeployedApplications,
    DefaultServiceTypeHealthPolicy: buildServiceTypePolicy(policy.defaultServiceType),
    ServiceTypeHealthPolicyMap: [...policy.serviceTypes].map(([type, own]) => ({
      Key: type,
      Value: buildServiceTypePolicy(own),
    })),
  };
}

function buildServiceTypePolicy(policy: ServiceTypeHealthPolicy): Members {
  return {
    MaxPercentUnhealthyServices: policy.maxPercentUnhealthyServices,
    MaxPercentUnhealthyPartitionsPerService: policy.maxPercentUnhealthyPartitionsPerService,
    MaxPercentUnhealthyReplicasPerPartition: policy.maxPercentUnhealthyReplicasPerPartition,
  };
}
