/** Upgrades in an operator's words: states, modes, phases and safety checks. Pure. */
import { formatCount, formatDuration, formatElapsed } from '../platform/format.ts';
import { countPhases, listDomains } from './domain-progress.ts';
import {
  type ComposeDeploymentStatus,
  type SafetyCheckKind,
  type UpgradePhase,
  upgradeStates,
} from './enums.ts';
import type { DeploymentStatus, Duration, NodeProgress, SafetyCheck, Upgrade } from './model.ts';
import type { Contradiction, UpgradeSnapshot } from './snapshot.ts';
import {
  isHealthCheck,
  isInDomain,
  isKnownState,
  isNeverUpgraded,
  isRollback,
  isWaitingForApproval,
} from './state.ts';

/** Describes the state: what is happening, or what the upgrade waits for. */
export function describeState(snapshot: UpgradeSnapshot): string {
  const { upgrade, status } = snapshot;
  const { state, currentDomain, unhealthyEvaluations } = upgrade;
  if (isNeverUpgraded(upgrade)) return describeNeverUpgraded(status);
  if (isWaitingForApproval(upgrade))
    return `waiting for a person to let it go on${isRollback(upgrade) ? ', rolling back' : ''}`;
  const domain = currentDomain?.name;
  if (isHealthCheck(upgrade)) {
    const check = domain
      ? `health check before upgrade domain ${domain}${describePlace(snapshot, domain)}`
      : 'final health check';
    return unhealthyEvaluations.length > 0 ? `${check}, failing so far` : check;
  }
  if (snapshot.contradiction) return describeContradiction(snapshot.contradiction);
  if (!isKnownState(state)) return 'in a state that sfcompose does not know';
  const { words } = upgradeStates[state];
  return domain && isInDomain(upgrade)
    ? `${words}, upgrade domain ${domain}${describePlace(snapshot, domain)}`
    : words;
}

/** Describes the state in a few words, without the domain. */
export function describeStateBriefly({ upgrade, status, contradiction }: UpgradeSnapshot): string {
  if (contradiction) return describeContradiction(contradiction);
  if (isNeverUpgraded(upgrade)) return describeNeverUpgraded(status);
  if (isWaitingForApproval(upgrade)) return 'waiting for a person';
  if (isHealthCheck(upgrade))
    return upgrade.unhealthyEvaluations.length > 0 ? 'health check, failing so far' : 'health check';
  return isKnownState(upgrade.state) ? upgradeStates[upgrade.state].words : 'in an unknown state';
}

function describeContradiction({ verdict }: Contradiction): string {
  const words = { failed: 'failed', 'rolled-back': 'was rolled back', superseded: 'has another version' };
  return `upgraded, but the application ${words[verdict]}`;
}

/**
 * Describes the current domain: `UD1, 2 of 3`, or with the nodes that are still to do if not all domains are known.
 * @returns `undefined` if there is no current domain
 */
export function describeDomain(snapshot: UpgradeSnapshot): string | undefined {
  const { currentDomain } = snapshot.upgrade;
  if (!currentDomain?.name) return undefined;
  const { name, nodes } = currentDomain;
  const left = nodes.length > 0 ? `, ${formatCount(nodes.length, 'node')}` : '';
  return name + (describePlace(snapshot, name) || left);
}

/** Describes the place of a domain, `, 2 of 3`; empty if not all domains are known. */
function describePlace(snapshot: UpgradeSnapshot, domain: string): string {
  const { list, isComplete } = listDomains(snapshot);
  const place = list.findIndex(({ name }) => name === domain) + 1;
  return isComplete && place > 0 ? `, ${place} of ${list.length}` : '';
}

function describeNeverUpgraded(status: DeploymentStatus | undefined): string {
  if (status === undefined) return 'never upgraded, or its creation failed';
  switch (status.status) {
    case 'Failed':
      return 'its creation failed';
    case 'Upgrading':
      return 'an upgrade is just beginning';
    default:
      return 'never upgraded';
  }
}

const deploymentStatusWords = new Map<ComposeDeploymentStatus, string>([
  ['Invalid', 'in no valid state'],
  ['Provisioning', 'being created: preparing its version'],
  ['Creating', 'being created'],
  ['Ready', 'ready'],
  ['Deleting', 'being removed'],
  ['Unprovisioning', 'being removed: its version is cleaned up'],
  ['Failed', 'its creation failed'],
  ['Upgrading', 'upgrading'],
]);

/** Describes the status of a deployment, apart from its upgrade. An unknown status is given as sent. */
export function describeDeployment({ status }: DeploymentStatus): string {
  if (status === undefined) return 'status not sent';
  return deploymentStatusWords.get(status) ?? `${status}`;
}

/** Describes what usually holds up an upgrade that stalls in its present state. */
export function describeUsualCauses(upgrade: Upgrade): string {
  if (isWaitingForApproval(upgrade)) return 'nobody has let it go on';
  if (isHealthCheck(upgrade)) return 'a health check that keeps failing; see the unhealthy evaluations';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  if (nodes.some((node) => node.safetyChecks.length > 0))
    return 'a safety check that cannot clear, as when a service has too few instances or no other node has room';
  if (nodes.length > 0)
    return 'an image that is still being pulled, or a container that does not start or does not stop';
  switch (upgrade.state) {
    case 'ProvisioningTarget':
      return 'a slow or full image store, or a compose file or registry that cannot be read';
    case 'UnprovisioningCurrent':
    case 'UnprovisioningTarget':
      return 'a busy image store';
    default:
      return 'a cluster manager or failover manager that is busy or failing over';
  }
}

/** Describes what the rolling upgrade mode means; `undefined` for an unknown mode. */
export function describeMode(upgrade: Upgrade): string | undefined {
  switch (upgrade.mode) {
    case 'Monitored':
      return `health is checked after each domain, and if it is bad ${describeFailureAction(upgrade)}`;
    case 'UnmonitoredAuto':
      return 'domain after domain, without health checks';
    case 'UnmonitoredManual':
      return 'after each domain it waits for a person';
    default:
      return undefined;
  }
}

/** Describes what follows on a failure, by the monitoring policy. */
export function describeFailureAction({ monitoringPolicy }: Upgrade): string {
  return monitoringPolicy?.failureAction === 'Rollback' ? 'it rolls back' : 'it stops and waits for a person';
}

function describePhase(phase: UpgradePhase | undefined): string {
  switch (phase) {
    case 'PreUpgradeSafetyCheck':
      return 'waiting to be upgraded';
    case 'Upgrading':
      return 'upgrading';
    case 'PostUpgradeSafetyCheck':
      return 'upgraded, settling';
    default:
      return `in phase ${phase ?? '(not sent)'}`;
  }
}

/** Describes a safety check: the condition that must hold. @param services names of services by partition */
export function describeSafetyCheck(
  { kind, partitionId }: SafetyCheck,
  services: ReadonlyMap<string, string>,
): string {
  const partition = describePartition(partitionId, services);
  const condition = describeCondition(kind, partition);
  return condition ? `${condition} (${kind})` : `safety check ${kind ?? '(kind not sent)'} of ${partition}`;
}

function describePartition(partitionId: string | undefined, services: ReadonlyMap<string, string>): string {
  if (partitionId === undefined) return 'the partition';
  return services.get(partitionId) ?? `partition ${partitionId}`;
}

function describeCondition(kind: SafetyCheckKind | undefined, partition: string): string | undefined {
  switch (kind) {
    case 'EnsureSeedNodeQuorum':
      return 'enough seed nodes must stay up';
    case 'EnsurePartitionQuorum':
      return `${partition} must keep its quorum of replicas`;
    case 'WaitForPrimaryPlacement':
      return `the primary of ${partition} must be placed again`;
    case 'WaitForPrimarySwap':
      return `the primary of ${partition} must move to another node`;
    case 'WaitForReconfiguration':
      return `the reconfiguration of ${partition} must end`;
    case 'WaitForInBuildReplica':
    case 'WaitForInbuildReplica':
      return `a replica of ${partition} is still being built`;
    case 'EnsureAvailability':
      return `another instance of ${partition} must be up first`;
    case 'WaitForResourceAvailability':
      return `the cluster has no room yet for ${partition}`;
    default:
      return undefined;
  }
}

/** Describes how far the upgrade is on a node. @param services names of services by partition */
export function describeNode(node: NodeProgress, services: ReadonlyMap<string, string>): string {
  const checks = node.safetyChecks.map((check) => describeSafetyCheck(check, services));
  return [describePhase(node.phase), ...checks].join(': ');
}

/** Describes all nodes of a domain in a few words: `1 node upgrading, 1 node waiting to be upgraded`. */
export function summarizeNodes(nodes: readonly NodeProgress[]): string {
  return [...countPhases(nodes)]
    .map(([phase, count]) => `${formatCount(count, 'node')} ${describePhase(phase)}`)
    .join(', ');
}

/** Describes a clock in milliseconds and its limit: `4m 01s elapsed, 1h 55m 59s left of 2h`. */
export function describeClock(
  elapsed: Duration | undefined,
  limit: Duration | undefined,
): string | undefined {
  if (elapsed === undefined) return undefined;
  const elapsedText = `${formatElapsed(elapsed)} elapsed`;
  if (limit === undefined) return elapsedText;
  if (limit === Infinity) return `${elapsedText}, no limit`;
  return `${elapsedText}, ${formatElapsed(Math.max(0, limit - elapsed))} left of ${formatDuration(limit)}`;
}
