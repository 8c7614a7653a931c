/** What the gateway shows of a deployment: its documents, member by member in the runtime's order. */
import { type ComposeUpgrade, type Deployment, services } from './deployment.ts';
import { type ApplicationUpgradeState, toEnum, type UpgradeState } from './enums.ts';
import { FabricError } from './errors.ts';
import { getPartitionId } from './health.ts';
import type { ApplicationHealthPolicy, MonitoringPolicy, ServiceTypeHealthPolicy } from './policy.ts';
import { type DomainProgress, getCurrentDomain, noDomain, type Rollout } from './rollout.ts';
import { DateTime, type Members, TimeSpan } from './runtime-json.ts';

/** Seconds: what is left on the clock of the current domain when there is none any more. */
const afterLastDomain = 0.0312;

/** `ComposeDeploymentUpgradeProgressInfo`, short or in full. */
export function buildUpgradeProgress(deployment: Deployment): Members {
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
    UpgradeState: toEnum('upgradeState', getUpgradeState(deployment)),
    UpgradeStatusDetails: upgrade ? describeDetails(upgrade, rollout) : '',
    UpgradeKind: toEnum('upgradeKind', shown?.policy.kind ?? 'Invalid'),
    ...(shown?.policy.kind === 'Rolling' ? buildPolicy(shown) : {}),
    TargetApplicationTypeVersion: getTarget(deployment),
    UpgradeDuration: new TimeSpan(shown?.duration ?? 0),
    CurrentUpgradeDomainDuration: new TimeSpan(domainDuration ?? 0),
    ApplicationUnhealthyEvaluations: shown?.evaluations ?? [],
    CurrentUpgradeDomainProgress: buildDomainProgress(shown ? getCurrentDomain(shown) : noDomain, deployment),
    // Lost on the runtime's way to its gateway: always the first year, and always empty.
    StartTimestampUtc: new DateTime(),
    FailureTimestampUtc: new DateTime(),
    UpgradeDomainProgressAtFailure: buildDomainProgress(shown?.atFailure ?? noDomain, deployment),
    ApplicationUpgradeStatusDetails: '',
  };
}

/** `ComposeDeploymentStatusInfo`. */
export function buildDeploymentStatus({ name, application, status, statusDetails }: Deployment): Members {
  return {
    DeploymentName: name,
    ApplicationName: application,
    ComposeDeploymentStatus: toEnum('deploymentStatus', status),
    StatusDetails: statusDetails || undefined,
  };
}

/** `ApplicationUpgradeProgressInfo`: it knows the domains, the real times and the reason. */
export function buildApplicationProgress(deployment: Deployment): Members {
  const { rollout } = deployment;
  const current = rollout ? getCurrentDomain(rollout) : noDomain;
  return {
    Name: deployment.application,
    TypeName: deployment.applicationType,
    TargetApplicationTypeVersion: rollout ? getGoal(rollout) : deployment.version,
    UpgradeDomains: rollout ? listDomainStates(rollout) : [],
    UpgradeState: toEnum('applicationUpgradeState', getApplicationState(rollout)),
    NextUpgradeDomain: rollout?.pending[0] ?? '',
    RollingUpgradeMode: toEnum('upgradeMode', rollout?.mode ?? 'Invalid'),
    UpgradeDescription: rollout && {
      Name: deployment.application,
      TargetApplicationTypeVersion: rollout.to,
      Parameters: [],
      UpgradeKind: toEnum('upgradeKind', rollout.policy.kind),
      ...buildPolicy(rollout),
    },
    UpgradeDurationInMilliseconds: new TimeSpan(rollout?.duration ?? 0),
    UpgradeDomainDurationInMilliseconds: new TimeSpan(rollout?.domainDuration ?? 0),
    UnhealthyEvaluations: rollout?.evaluations ?? [],
    CurrentUpgradeDomainProgress: buildDomainProgress(current, deployment),
    StartTimestampUtc: toDate(rollout?.started),
    FailureTimestampUtc: toDate(rollout?.failed),
    FailureReason: toEnum('failureReason', rollout?.failureReason ?? 'None'),
    UpgradeDomainProgressAtFailure: buildDomainProgress(rollout?.atFailure ?? noDomain, deployment),
    UpgradeStatusDetails: '',
  };
}

/** The state as the gateway shows it. */
function getUpgradeState({ upgrade, rollout }: Deployment): UpgradeState {
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
function getTarget({ version, upgrade, rollout }: Deployment): string {
  if (upgrade === undefined) return version;
  switch (upgrade.phase) {
    case 'Rolling':
      return rollout ? getGoal(rollout) : upgrade.to;
    case 'UnprovisioningTarget':
    case 'RollingBackCompleted':
      return upgrade.from;
    default:
      return upgrade.to;
  }
}

function getGoal({ direction, from, to }: Rollout): string {
  return direction === 'forward' ? to : from;
}

function describeDetails({ from, to, phase }: ComposeUpgrade, rollout: Rollout | undefined): string {
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

function getApplicationState(rollout: Rollout | undefined): ApplicationUpgradeState {
  if (rollout === undefined) return 'RollingForwardCompleted';
  if (rollout.direction === 'back') return rollout.ended ? 'RollingBackCompleted' : 'RollingBackInProgress';
  if (rollout.ended) return 'RollingForwardCompleted';
  return isPending(rollout) ? 'RollingForwardPending' : 'RollingForwardInProgress';
}

function listDomainStates({ inProgress, pending, completed }: Rollout): readonly Members[] {
  const state = (name: string, is: 'InProgress' | 'Pending' | 'Completed'): Members => ({
    Name: name,
    State: toEnum('domainState', is),
  });
  return [
    ...(inProgress.domain === '' ? [] : [state(inProgress.domain, 'InProgress')]),
    ...pending.map((name) => state(name, 'Pending')),
    ...completed.map((name) => state(name, 'Completed')),
  ];
}

function buildPolicy({ mode, policy }: Rollout): Members {
  return {
    RollingUpgradeMode: toEnum('upgradeMode', mode),
    // A compose upgrade ignores this flag.
    ForceRestart: false,
    UpgradeReplicaSetCheckTimeoutInSeconds: policy.replicaSetCheckTimeout,
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

function buildDomainProgress({ domain, nodes }: DomainProgress, { application }: Deployment): Members {
  const availability: Members = {
    SafetyCheck: {
      Kind: toEnum('safetyCheck', 'EnsureAvailability'),
      PartitionId: getPartitionId(application, services[0]),
    },
  };
  return {
    DomainName: domain,
    NodeUpgradeProgressList: nodes.map(({ node, phase }) => ({
      NodeName: node,
      UpgradePhase: toEnum('upgradePhase', phase),
      PendingSafetyChecks: phase === 'PreUpgradeSafetyCheck' ? [availability] : [],
    })),
  };
}

function toDate(seconds: number | undefined): DateTime {
  return new DateTime(seconds === undefined ? undefined : seconds * 1000);
}
