/** Describes upgrades in an operator's words: states, modes and failure actions. Pure. */
import { formatCount, formatDuration } from '../platform/format.ts';
import { findActiveDomain, nameActiveDomain } from './active-domain.ts';
import {
  type ComposeDeploymentStatus,
  type FailureAction,
  type HealthCheckPhase,
  upgradeStates,
} from './enums.ts';
import type { DeploymentStatus, Upgrade } from './model.ts';
import { nameDomain } from './names.ts';
import { type Contradiction, getHealthCheck, isCheckFailing, type UpgradeSnapshot } from './snapshot.ts';
import {
  isHealthCheck,
  isInDomain,
  isKnownState,
  isNeverUpgraded,
  isRollback,
  isRollingOut,
  isStoppedByTimeout,
  isWaitingForApproval,
} from './state.ts';

/** Describes the state or the wait in words that follow the deployment's name. */
export function describeState(snapshot: UpgradeSnapshot): string {
  const { upgrade, contradiction } = snapshot;
  const state = describeStateBriefly(snapshot);
  if (contradiction || isNeverUpgraded(upgrade)) return state;
  if (isWaitingForApproval(upgrade)) {
    const domain = upgrade.currentDomain?.name;
    const rollback = isRollback(upgrade) ? ' the rollback' : '';
    return `waiting for approval to continue${rollback}${domain ? ` with ${nameDomain(domain)}` : ''}`;
  }
  if (isHealthCheck(upgrade)) return describeHealthCheck(snapshot);
  const domain = isInDomain(upgrade) ? describeDomainInline(snapshot) : undefined;
  return domain ? `${state}, ${domain}` : state;
}

/** Describes the state in a few words, without the domain. */
export function describeStateBriefly(snapshot: UpgradeSnapshot): string {
  const { upgrade, status, contradiction } = snapshot;
  if (contradiction) return describeContradiction(contradiction);
  if (isNeverUpgraded(upgrade)) return describeNeverUpgraded(status);
  if (isWaitingForApproval(upgrade)) return 'waiting for approval';
  if (isHealthCheck(upgrade)) return `checking health${describeFailing(snapshot)}`;
  if (isRollingOut(upgrade) && isStoppedByTimeout(upgrade)) return 'stopped, waiting for approval';
  return isKnownState(upgrade.state) ? upgradeStates[upgrade.state].words : 'in an unknown state';
}

function describeHealthCheck(snapshot: UpgradeSnapshot): string {
  const { upgrade } = snapshot;
  const next = upgrade.currentDomain?.name;
  const subject =
    describeDomainInline(snapshot) ??
    (next ? `the domain before ${nameDomain(next)}` : 'the last upgrade domain');
  return `checking health of ${subject}${describeFailing(snapshot)}${describeHealthCheckPhase(snapshot)}`;
}

function describeFailing(snapshot: UpgradeSnapshot): string {
  return isCheckFailing(snapshot) ? ', unhealthy so far' : '';
}

/** Meanings of the phases of a health check. */
const healthCheckPhaseWords = new Map<HealthCheckPhase, string>([
  ['WaitDuration', 'waiting before the check'],
  ['StableDuration', 'must stay healthy'],
  ['Retry', 'retrying'],
]);

/** Describes the phase of a health check, and how unsteady health is: `, retrying, changed 4 times`. */
function describeHealthCheckPhase(snapshot: UpgradeSnapshot): string {
  const { phase, flips = 0 } = getHealthCheck(snapshot) ?? {};
  if (phase === undefined) return '';
  const words = healthCheckPhaseWords.get(phase) ?? `phase ${phase}`;
  return `, ${words}${flips > 0 ? `, changed ${formatCount(flips, 'time')} between healthy and unhealthy` : ''}`;
}

function describeContradiction({ verdict }: Contradiction): string {
  const words = {
    failed: 'the upgrade of its application failed',
    'rolled-back': 'its application was rolled back',
    superseded: 'its application has a different version',
  };
  return `reported as upgraded, but ${words[verdict]}`;
}

/** Describes the domain that the upgrade works on, inside a sentence: `UD1 (2 of 3)`. */
function describeDomainInline(snapshot: UpgradeSnapshot): string | undefined {
  const active = findActiveDomain(snapshot);
  if (active === undefined) return undefined;
  const { place, total } = active;
  const name = nameActiveDomain(active);
  return place === undefined ? name : `${name} (${place} of ${total})`;
}

function describeNeverUpgraded(status: DeploymentStatus | undefined): string {
  if (status === undefined) return 'never upgraded, or creation failed';
  switch (status.status) {
    case 'Failed':
      return 'creation failed';
    case 'Upgrading':
      return 'starting an upgrade';
    default:
      return 'never upgraded';
  }
}

const deploymentStatusWords = new Map<ComposeDeploymentStatus, string>([
  ['Invalid', 'in an invalid state'],
  ['Provisioning', 'being created, provisioning'],
  ['Creating', 'being created'],
  ['Ready', 'ready'],
  ['Deleting', 'being removed'],
  ['Unprovisioning', 'being removed, unprovisioning'],
  ['Failed', 'creation failed'],
  ['Upgrading', 'upgrading'],
]);

/** Describes the status of a deployment, apart from its upgrade. An unknown status is printed as sent. */
export function describeDeployment({ status }: DeploymentStatus): string {
  if (status === undefined) return 'status not reported';
  return deploymentStatusWords.get(status) ?? `${status}`;
}

/** Describes the usual causes of a stall in the present state. */
export function describeUsualCauses(upgrade: Upgrade): string {
  if (isWaitingForApproval(upgrade)) return 'nobody has approved the next upgrade domain';
  if (isHealthCheck(upgrade)) return 'a health check that keeps failing (see the unhealthy evaluations)';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  if (nodes.some((node) => node.safetyChecks.length > 0))
    return 'a safety check that cannot pass, because a service has too few instances or no other node has room';
  if (nodes.length > 0)
    return 'an image that is still being pulled, or a container that does not start or stop';
  switch (upgrade.state) {
    case 'ProvisioningTarget':
      return 'a slow or full image store, or an unreadable compose file or registry';
    case 'UnprovisioningCurrent':
    case 'UnprovisioningTarget':
      return 'a busy image store';
    default:
      return 'a busy cluster manager or failover manager, or one that is failing over';
  }
}

/** Describes in a few words what the rolling upgrade mode does; `undefined` for an unknown mode. */
export function describeMode({
  mode,
  monitoringPolicy,
}: Pick<Upgrade, 'mode' | 'monitoringPolicy'>): string | undefined {
  switch (mode) {
    case 'Monitored': {
      const { failureAction, healthCheckRetry = Infinity } = monitoringPolicy ?? {};
      const reaction = failureAction === undefined ? undefined : reactions.get(failureAction);
      if (reaction === undefined) return 'checks health after each domain';
      const isLimited = healthCheckRetry > 0 && healthCheckRetry !== Infinity;
      return `${reaction} if unhealthy${isLimited ? ` for ${formatDuration(healthCheckRetry)}` : ''}`;
    }
    case 'UnmonitoredAuto':
      return 'no health checks';
    case 'UnmonitoredManual':
      return 'waits for approval after each domain';
    default:
      return undefined;
  }
}

/** Reactions to a failure, by failure action. */
const reactions = new Map<FailureAction, string>([
  ['Rollback', 'rolls back'],
  ['Manual', 'stops'],
]);

/** Describes what follows a failure, by the monitoring policy: `the upgrade rolls back`. */
export function describeFailureAction({ monitoringPolicy }: Upgrade): string {
  switch (monitoringPolicy?.failureAction) {
    case 'Rollback':
      return 'the upgrade rolls back';
    case 'Manual':
      return 'the upgrade stops and waits for approval';
    case undefined:
      return 'the upgrade fails';
    default:
      return `the failure action is ${monitoringPolicy?.failureAction}`;
  }
}
