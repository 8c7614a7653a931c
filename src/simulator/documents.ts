/** Builds the gateway's documents about a deployment, with the members in the runtime's order. */
import type { ComposeUpgrade } from './compose-upgrade.ts';
import type { Deployment } from './deployment.ts';
import { type ApplicationUpgradeState, toEnum, type UpgradeState } from './enums.ts';
import { FabricError } from './errors.ts';
import { createApplication } from './health/application.ts';
import { evaluateEntity } from './health/evaluation.ts';
import { getPartitionId } from './ids.ts';
import { buildPolicy } from './policy-document.ts';
import { type DomainProgress, getCurrentDomain, isPending, noDomain, type Rollout } from './rollout.ts';
import { DateTime, type Members, TimeSpan } from './runtime-json.ts';

/** Builds a `ComposeDeploymentUpgradeProgressInfo`, in the short form where the application has no part in it. */
export function buildUpgradeProgress(deployment: Deployment): Members {
  const { upgrade, rollout } = deployment;
  const isShort =
    upgrade === undefined || upgrade.phase === 'ProvisioningTarget' || upgrade.phase === 'Failed';
  // A first upgrade that was rolled back during provisioning left no record of an application upgrade.
  if (!isShort && rollout === undefined) throw new FabricError('NotFound');
  const details = isShort ? undefined : rollout;
  const domain = details ? getCurrentDomain(details) : noDomain;
  return {
    DeploymentName: deployment.name,
    ApplicationName: deployment.application,
    UpgradeState: toEnum('upgradeState', getUpgradeState(deployment)),
    UpgradeStatusDetails: upgrade ? describeStatus(upgrade, rollout) : '',
    UpgradeKind: toEnum('upgradeKind', details?.policy.kind ?? 'Invalid'),
    ...(details?.policy.kind === 'Rolling' ? buildPolicy(details, 'compose') : {}),
    TargetApplicationTypeVersion: getTargetVersion(deployment),
    UpgradeDuration: new TimeSpan(details?.duration ?? 0),
    CurrentUpgradeDomainDuration: new TimeSpan(details?.domainDuration ?? 0),
    ApplicationUnhealthyEvaluations: details?.evaluations ?? [],
    CurrentUpgradeDomainProgress: buildDomainProgress(domain, deployment),
    // The runtime loses these on the way to the gateway: the times are always in
    // year 1, and the text is empty.
    StartTimestampUtc: new DateTime(),
    FailureTimestampUtc: new DateTime(),
    UpgradeDomainProgressAtFailure: buildDomainProgress(details?.atFailure ?? noDomain, deployment),
    ApplicationUpgradeStatusDetails: '',
  };
}

/** Builds a `ComposeDeploymentStatusInfo`. */
export function buildDeploymentStatus(deployment: Deployment): Members {
  const { name, application, status, statusDetails, isUpgrading, upgrade, rollout } = deployment;
  return {
    DeploymentName: name,
    ApplicationName: application,
    ComposeDeploymentStatus: toEnum('deploymentStatus', status),
    StatusDetails: isUpgrading && upgrade ? describeStatus(upgrade, rollout) : statusDetails,
  };
}

/**
 * Builds an `ApplicationUpgradeProgressInfo`, which has all domains, the real times and the reason of a failure.
 */
export function buildApplicationProgress(deployment: Deployment): Members {
  const { rollout } = deployment;
  const domain = rollout ? getCurrentDomain(rollout) : noDomain;
  return {
    Name: deployment.application,
    TypeName: deployment.applicationType,
    TargetApplicationTypeVersion: rollout ? getRolloutTarget(rollout) : deployment.version,
    UpgradeDomains: rollout ? listDomainStates(rollout) : [],
    UpgradeState: toEnum('applicationUpgradeState', getApplicationState(deployment)),
    NextUpgradeDomain: rollout?.pending[0] ?? '',
    RollingUpgradeMode: toEnum('upgradeMode', rollout?.mode ?? 'Invalid'),
    UpgradeDescription: rollout && {
      Name: deployment.application,
      TargetApplicationTypeVersion: getRolloutTarget(rollout),
      Parameters: [],
      UpgradeKind: toEnum('upgradeKind', rollout.policy.kind),
      ...buildPolicy(rollout, 'application'),
    },
    UpgradeDurationInMilliseconds: new TimeSpan(rollout?.duration ?? 0),
    UpgradeDomainDurationInMilliseconds: new TimeSpan(rollout?.domainDuration ?? 0),
    UnhealthyEvaluations: rollout?.evaluations ?? [],
    CurrentUpgradeDomainProgress: buildDomainProgress(domain, deployment),
    StartTimestampUtc: toDateTime(rollout?.started),
    FailureTimestampUtc: toDateTime(rollout?.failed),
    FailureReason: toEnum('failureReason', rollout?.failureReason ?? 'None'),
    UpgradeDomainProgressAtFailure: buildDomainProgress(rollout?.atFailure ?? noDomain, deployment),
    UpgradeStatusDetails: '',
  };
}

/** Builds an `ApplicationInfo`. */
export function buildApplicationInfo(deployment: Deployment): Members {
  const { name, application, applicationType, version } = deployment;
  const { state } = evaluateEntity(createApplication(deployment));
  return {
    Id: name.replaceAll('/', '~'),
    Name: application,
    TypeName: applicationType,
    TypeVersion: version,
    Status: toEnum('applicationStatus', getApplicationStatus(deployment)),
    Parameters: [],
    HealthState: toEnum('healthState', state),
    ApplicationDefinitionKind: toEnum('applicationDefinitionKind', 'Compose'),
  };
}

function getApplicationStatus({ status, rollout }: Deployment): 'Ready' | 'Upgrading' | 'Deleting' {
  if (status === 'Deleting') return 'Deleting';
  return rollout && !rollout.ended ? 'Upgrading' : 'Ready';
}

function getUpgradeState({ upgrade, rollout }: Deployment): UpgradeState {
  if (upgrade === undefined) return 'RollingForwardCompleted';
  if (upgrade.phase !== 'Rolling') return upgrade.phase;
  if (rollout?.direction === 'back') return 'RollingBackInProgress';
  return rollout && isPending(rollout) ? 'RollingForwardPending' : 'RollingForwardInProgress';
}

/** Returns the version that the upgrade currently leads to: the old one in every state of a rollback. */
function getTargetVersion({ version, upgrade, rollout }: Deployment): string {
  if (upgrade === undefined) return version;
  switch (upgrade.phase) {
    case 'Rolling':
      return rollout ? getRolloutTarget(rollout) : upgrade.to;
    case 'UnprovisioningTarget':
    case 'RollingBackCompleted':
      return upgrade.from;
    default:
      return upgrade.to;
  }
}

function getRolloutTarget({ direction, from, to }: Rollout): string {
  return direction === 'forward' ? to : from;
}

function describeStatus({ from, to, phase }: ComposeUpgrade, rollout: Rollout | undefined): string {
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

function getApplicationState({ upgrade, rollout }: Deployment): ApplicationUpgradeState {
  if (rollout === undefined) return 'RollingForwardCompleted';
  if (!rollout.ended && upgrade?.phase === 'Failed') return 'Failed';
  const direction = rollout.direction === 'forward' ? 'RollingForward' : 'RollingBack';
  if (rollout.ended) return `${direction}Completed`;
  return `${direction}${isPending(rollout) ? 'Pending' : 'InProgress'}`;
}

function listDomainStates({ inProgress, pending, completed }: Rollout): readonly Members[] {
  const build = (name: string, state: 'InProgress' | 'Pending' | 'Completed'): Members => ({
    Name: name,
    State: toEnum('domainState', state),
  });
  return [
    ...(inProgress.domain === undefined ? [] : [build(inProgress.domain, 'InProgress')]),
    ...pending.map((name) => build(name, 'Pending')),
    ...completed.map((name) => build(name, 'Completed')),
  ];
}

function buildDomainProgress(
  { domain, nodes }: DomainProgress,
  { application, services }: Deployment,
): Members {
  const availability: Members = {
    SafetyCheck: {
      Kind: toEnum('safetyCheck', 'EnsureAvailability'),
      PartitionId: getPartitionId(application, services[0] ?? ''),
    },
  };
  return {
    DomainName: domain ?? '',
    NodeUpgradeProgressList: nodes.map(({ node, phase }) => ({
      NodeName: node,
      UpgradePhase: toEnum('upgradePhase', phase),
      PendingSafetyChecks: phase === 'PreUpgradeSafetyCheck' ? [availability] : [],
    })),
  };
}

function toDateTime(seconds: number | undefined): DateTime {
  return new DateTime(seconds === undefined ? undefined : seconds * 1000);
}
