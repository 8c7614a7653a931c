/** Describes upgrades in an operator's words: states, modes, phases and safety checks. Pure. */
import { formatCount, formatDuration } from '../platform/format.ts';
import { countPhases, findActiveDomain } from './domain-progress.ts';
import {
  type ComposeDeploymentStatus,
  type SafetyCheckKind,
  type UpgradePhase,
  upgradeStates,
} from './enums.ts';
import type { DeploymentStatus, NodeProgress, SafetyCheck, Upgrade } from './model.ts';
import type { Contradiction, UpgradeSnapshot } from './snapshot.ts';
import {
  isHealthCheck,
  isInDomain,
  isKnownState,
  isNeverUpgraded,
  isRollback,
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
    return `waiting for approval to continue${rollback}${domain ? ` with ${domain}` : ''}`;
  }
  if (isHealthCheck(upgrade)) return describeHealthCheck(snapshot);
  const domain = isInDomain(upgrade) ? describeDomainInline(snapshot) : undefined;
  return domain ? `${state}, ${domain}` : state;
}

/** Describes the state in a few words, without the domain. */
export function describeStateBriefly({ upgrade, status, contradiction }: UpgradeSnapshot): string {
  if (contradiction) return describeContradiction(contradiction);
  if (isNeverUpgraded(upgrade)) return describeNeverUpgraded(status);
  if (isWaitingForApproval(upgrade)) return 'waiting for approval';
  if (isHealthCheck(upgrade)) return `checking health${describeFailing(upgrade)}`;
  return isKnownState(upgrade.state) ? upgradeStates[upgrade.state].words : 'in an unknown state';
}

function describeHealthCheck(snapshot: UpgradeSnapshot): string {
  const { upgrade } = snapshot;
  const next = upgrade.currentDomain?.name;
  const subject =
    describeDomainInline(snapshot) ?? (next ? `the domain before ${next}` : 'the last upgrade domain');
  return `checking health of ${subject}${describeFailing(upgrade)}`;
}

function describeFailing({ unhealthyEvaluations }: Upgrade): string {
  return unhealthyEvaluations.length > 0 ? ', unhealthy so far' : '';
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
  return active?.place === undefined ? active?.name : `${active.name} (${active.place} of ${active.total})`;
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
export function describeMode({ mode, monitoringPolicy }: Upgrade): string | undefined {
  switch (mode) {
    case 'Monitored': {
      const { failureAction, healthCheckRetry = Infinity } = monitoringPolicy ?? {};
      const reaction = failureAction === 'Rollback' ? 'rolls back' : 'stops';
      const limit = healthCheckRetry === Infinity ? '' : ` for ${formatDuration(healthCheckRetry)}`;
      return `${reaction} if unhealthy${limit}`;
    }
    case 'UnmonitoredAuto':
      return 'no health checks';
    case 'UnmonitoredManual':
      return 'waits for approval after each domain';
    default:
      return undefined;
  }
}

/** Describes what follows a failure, by the monitoring policy: `the upgrade rolls back`. */
export function describeFailureAction({ monitoringPolicy }: Upgrade): string {
  return monitoringPolicy?.failureAction === 'Rollback'
    ? 'the upgrade rolls back'
    : 'the upgrade stops and waits for approval';
}

/** Describes the phase of a node. */
export function describePhase(phase: UpgradePhase | undefined): string {
  switch (phase) {
    case 'PreUpgradeSafetyCheck':
      return 'waiting';
    case 'Upgrading':
      return 'upgrading';
    case 'PostUpgradeSafetyCheck':
      return 'upgraded, waiting';
    default:
      return phase === undefined ? 'in an unknown phase' : `in phase ${phase}`;
  }
}

/**
 * Describes what a node waits for: `until another instance of fabric:/web/web is up`.
 * @param services names of services by partition
 */
export function describeSafetyCheck(
  { kind, partitionId }: SafetyCheck,
  services: ReadonlyMap<string, string>,
): string {
  const partition = describePartition(partitionId, services);
  const condition = describeCondition(kind, partition);
  return condition
    ? `until ${condition}`
    : `for safety check ${kind ?? '(kind not reported)'} of ${partition}`;
}

function describePartition(partitionId: string | undefined, services: ReadonlyMap<string, string>): string {
  if (partitionId === undefined) return 'the partition';
  return services.get(partitionId) ?? `partition ${partitionId}`;
}

function describeCondition(kind: SafetyCheckKind | undefined, partition: string): string | undefined {
  switch (kind) {
    case 'EnsureSeedNodeQuorum':
      return 'enough other seed nodes are up';
    case 'EnsurePartitionQuorum':
      return `${partition} can spare a replica without losing its quorum`;
    case 'WaitForPrimaryPlacement':
      return `the primary replica of ${partition} is back on the node`;
    case 'WaitForPrimarySwap':
      return `the primary replica of ${partition} has moved to another node`;
    case 'WaitForReconfiguration':
      return `the reconfiguration of ${partition} has finished`;
    case 'WaitForInBuildReplica':
    case 'WaitForInbuildReplica':
      return `the new replica of ${partition} is built`;
    case 'EnsureAvailability':
      return `another instance of ${partition} is up`;
    case 'WaitForResourceAvailability':
      return `the cluster has room for ${partition}`;
    default:
      return undefined;
  }
}

/**
 * Describes how far the upgrade is on a node: `waiting until another instance of fabric:/web/web is up
 * (EnsureAvailability)`.
 * @param services names of services by partition
 */
export function describeNode(
  { phase, safetyChecks }: NodeProgress,
  services: ReadonlyMap<string, string>,
): string {
  const words = describePhase(phase);
  if (safetyChecks.length === 0) return words;
  const waiting = words.endsWith('waiting') ? words : `${words}, waiting`;
  const checks = safetyChecks.map((check) => {
    const condition = describeSafetyCheck(check, services);
    return check.kind && condition.startsWith('until') ? `${condition} (${check.kind})` : condition;
  });
  return `${waiting} ${checks.join(', ')}`;
}

/** Describes all nodes of a domain in a few words: `1 node upgrading, 1 node waiting`. */
export function summarizeNodes(nodes: readonly NodeProgress[]): string {
  return [...countPhases(nodes)]
    .map(([phase, count]) => `${formatCount(count, 'node')} ${describePhase(phase)}`)
    .join(', ');
}
