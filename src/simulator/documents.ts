/** What the gateway shows of a deployment: its documents, member by member in the runtime's order. */
import { type ComposeUpgrade, type Deployment, services } from './deployment.ts';
import { type ApplicationUpgradeState, enumOf, type UpgradeState } from './enums.ts';
import { FabricError } from './errors.ts';
import { partitionOf } from './health.ts';
import type { ApplicationHealthPolicy, MonitoringPolicy, ServiceTypeHealthPolicy } from './policy.ts';
import { type DomainProgress, noDomain, type Rollout, shownDomain } from './rollout.ts';
import { DateTime, type Members, TimeSpan } from './runtime-json.ts';

/** Seconds: what is left on the clock of the current domain when there is none any more. */
const afterLastDomain = 0.0312;

/** `ComposeDeploymentUpgradeProgressInfo`, short or in full. */
export function upgradeProgress(deployment: Deployment): Members {
  const { upgrade, rollout } = deployment;
  const isShort =
    upgrade === undefined || upgrade.phase === 'ProvisioningTarget' || upgrade.phase === 'Failed';
  // A first upgrade that was rolled back while it was provisioned has no application's upgrade to tell of.
  if (!isShort && rollout === undefined) throw new FabricError('NotFound');
  const shown = isShort ? undefined : rollout;
  const domainDuration = shown?.ended ? afterLastDomain : shown?.domainDuration;
  return {
    DeploymentName: deployment.name,
    ApplicationName: deployment.application,
    UpgradeState: enumOf('upgradeState', upgradeStateOf(deployment)),
    UpgradeStatusDetails: upgrade ? detailsOf(upgrade, rollout) : '',
    UpgradeKind: enumOf('upgradeKind', shown?.policy.kind ?? 'Invalid'),
    ...(shown?.policy.kind === 'Rolling' ? policyMembers(shown) : {}),
    TargetApplicationTypeVersion: targetOf(deployment),
    UpgradeDuration: new TimeSpan(shown?.duration ?? 0),
    CurrentUpgradeDomainDuration: new TimeSpan(domainDuration ?? 0),
    ApplicationUnhealthyEvaluations: shown?.evaluations ?? [],
    CurrentUpgradeDomainProgress: domainProgress(shown ? shownDomain(shown) : noDomain, deployment),
    // Lost on the runtime's way to its gateway: always the first year, and always empty.
    StartTimestampUtc: new DateTime(),
    FailureTimestampUtc: new DateTime(),
    UpgradeDomainProgressAtFailure: domainProgress(shown?.atFailure ?? noDomain, deployment),
    ApplicationUpgradeStatusDetails: '',
  };
}

/** `ComposeDeploymentStatusInfo`. */
export function deploymentStatus({ name, application, status, statusDetails }: Deployment): Members {
  return {
    DeploymentName: name,
    ApplicationName: application,
    ComposeDeploymentStatus: enumOf('deploymentStatus', status),
    StatusDetails: statusDetails || undefined,
  };
}

/** `ApplicationUpgradeProgressInfo`: it knows the domains, the real times and the reason. */
export function applicationUpgradeProgress(deployment: Deployment): Members {
  const { rollout } = deployment;
  const current = rollout ? shownDomain(rollout) : noDomain;
  return {
    Name: deployment.application,
    TypeName: deployment.applicationType,
    TargetApplicationTypeVersion: rollout ? goalOf(rollout) : deployment.version,
    UpgradeDomains: rollout ? domainStates(rollout) : [],
    UpgradeState: enumOf('applicationUpgradeState', applicationState(rollout)),
    NextUpgradeDomain: rollout?.pending[0] ?? '',
    RollingUpgradeMode: enumOf('upgradeMode', rollout?.mode ?? 'Invalid'),
    UpgradeDescription: rollout && {
      Name: deployment.application,
      TargetApplicationTypeVersion: rollout.to,
      Parameters: [],
      UpgradeKind: enumOf('upgradeKind', rollout.policy.kind),
      ...policyMembers(rollout),
    },
    UpgradeDurationInMilliseconds: new TimeSpan(rollout?.duration ?? 0),
    UpgradeDomainDurationInMilliseconds: new TimeSpan(rollout?.domainDuration ?? 0),
    UnhealthyEvaluations: rollout?.evaluations ?? [],
    CurrentUpgradeDomainProgress: domainProgress(current, deployment),
    StartTimestampUtc: timeOf(rollout?.started),
    FailureTimestampUtc: timeOf(rollout?.failed),
    FailureReason: enumOf('failureReason', rollout?.failureReason ?? 'None'),
    UpgradeDomainProgressAtFailure: domainProgress(rollout?.atFailure ?? noDomain, deployment),
    UpgradeStatusDetails: '',
  };
}

/** The state as the gateway shows it. */
function upgradeStateOf({ upgrade, rollout }: Deployment): UpgradeState {
  if (upgrade === undefined) return 'RollingForwardCompleted';
  if (upgrade.phase !== 'Rolling') return upgrade.phase;
  if (rollout?.direction === 'back') return 'RollingBackInProgress';
  return rollout && isPending(rollout) ? 'RollingForwardPending' : 'RollingForwardInProgress';
}

/** Between two domains: for a health check or for a person. */
function isPending({ inProgress, pending, mode }: Rollout): boolean {
  return inProgress.domain === '' && pending.length > 0 && mode !== 'UnmonitoredAuto';
}

/** The version that the upgrade leads to as things stand: in every state of a rollback the old one. */
function targetOf({ version, upgrade, rollout }: Deployment): string {
  if (upgrade === undefined) return version;
  switch (upgrade.phase) {
    case 'Rolling':
      return rollout ? goalOf(rollout) : upgrade.to;
    case 'UnprovisioningTarget':
    case 'RollingBackCompleted':
      return upgrade.from;
    default:
      return upgrade.to;
  }
}

function goalOf({ direction, from, to }: Rollout): string {
  return direction === 'forward' ? to : from;
}

function detailsOf({ from, to, phase }: ComposeUpgrade, rollout: Rollout | undefined): string {
  switch (phase) {
    case 'Rolling':
      return rollout?.direction === 'back'
        ? `Rolling back from ${to} to ${from}.`
        : `Upgrading from ${from} to ${to}.`;
    case 'UnprovisioningCurrent':
    case 'RollingForwardCompleted':
      return `Upgraded to ${to}.`;
    case 'UnprovisioningTarget':
    case 'RollingBackCompleted':
      return `Rolled back to ${from}.`;
    default:
      return `Provisioning ${to}.`;
  }
}

function applicationState(rollout: Rollout | undefined): ApplicationUpgradeState {
  if (rollout === undefined) return 'RollingForwardCompleted';
  if (rollout.direction === 'back') return rollout.ended ? 'RollingBackCompleted' : 'RollingBackInProgress';
  if (rollout.ended) return 'RollingForwardCompleted';
  return isPending(rollout) ? 'RollingForwardPending' : 'RollingForwardInProgress';
}

function domainStates({ inProgress, pending, completed }: Rollout): readonly Members[] {
  const state = (name: string, is: 'InProgress' | 'Pending' | 'Completed'): Members => ({
    Name: name,
    State: enumOf('domainState', is),
  });
  return [
    ...(inProgress.domain === '' ? [] : [state(inProgress.domain, 'InProgress')]),
    ...pending.map((name) => state(name, 'Pending')),
    ...completed.map((name) => state(name, 'Completed')),
  ];
}

function policyMembers({ mode, policy }: Rollout): Members {
  return {
    RollingUpgradeMode: enumOf('upgradeMode', mode),
    // A compose upgrade ignores this flag.
    ForceRestart: false,
    UpgradeReplicaSetCheckTimeoutInSeconds: policy.replicaSetCheckTimeout,
    MonitoringPolicy: monitoringMembers(policy.monitoring),
    ApplicationHealthPolicy: policy.health && healthMembers(policy.health),
  };
}

function monitoringMembers(policy: MonitoringPolicy): Members {
  return {
    FailureAction: enumOf('failureAction', policy.failureAction),
    HealthCheckWaitDurationInMilliseconds: new TimeSpan(policy.healthCheckWait),
    HealthCheckStableDurationInMilliseconds: new TimeSpan(policy.healthCheckStable),
    HealthCheckRetryTimeoutInMilliseconds: new TimeSpan(policy.healthCheckRetry),
    UpgradeTimeoutInMilliseconds: new TimeSpan(policy.upgradeTimeout),
    UpgradeDomainTimeoutInMilliseconds: new TimeSpan(policy.domainTimeout),
  };
}

function healthMembers(policy: ApplicationHealthPolicy): Members {
  return {
    ConsiderWarningAsError: policy.considerWarningAsError,
    MaxPercentUnhealthyDeployedApplications: policy.maxPercentUnhealthyDeployedApplications,
    DefaultServiceTypeHealthPolicy: serviceTypeMembers(policy.defaultServiceType),
    ServiceTypeHealthPolicyMap: [...policy.serviceTypes].map(([type, own]) => ({
      Key: type,
      Value: serviceTypeMembers(own),
    })),
  };
}

function serviceTypeMembers(policy: ServiceTypeHealthPolicy): Members {
  return {
    MaxPercentUnhealthyServices: policy.maxPercentUnhealthyServices,
    MaxPercentUnhealthyPartitionsPerService: policy.maxPercentUnhealthyPartitionsPerService,
    MaxPercentUnhealthyReplicasPerPartition: policy.maxPercentUnhealthyReplicasPerPartition,
  };
}

function domainProgress({ domain, nodes }: DomainProgress, { application }: Deployment): Members {
  const availability: Members = {
    SafetyCheck: {
      Kind: enumOf('safetyCheck', 'EnsureAvailability'),
      PartitionId: partitionOf(application, services[0]),
    },
  };
  return {
    DomainName: domain,
    NodeUpgradeProgressList: nodes.map(({ node, phase }) => ({
      NodeName: node,
      UpgradePhase: enumOf('upgradePhase', phase),
      PendingSafetyChecks: phase === 'PreUpgradeSafetyCheck' ? [availability] : [],
    })),
  };
}

function timeOf(seconds: number | undefined): DateTime {
  return new DateTime(seconds === undefined ? undefined : seconds * 1000);
}
