/** What to say of an upgrade: states, modes, phases and safety checks in an operator's words. Pure. */
import { formatCount, formatDuration } from '../platform/format.ts';
import { listDomains } from './domain-progress.ts';
import type { DeploymentStatus, NodeProgress, SafetyCheck, Upgrade } from './model.ts';
import type { Contradiction, UpgradeSnapshot } from './snapshot.ts';
import {
  isHealthCheck,
  isKnownState,
  isNeverUpgraded,
  isRollback,
  isWaitingForApproval,
  upgradeStates,
} from './state.ts';

/** The state in words: what is happening, or what is being waited for. */
export function describeState(snapshot: UpgradeSnapshot): string {
  const { upgrade, status } = snapshot;
  if (isNeverUpgraded(upgrade)) return describeNeverUpgraded(status);
  if (isWaitingForApproval(upgrade))
    return `waiting for a person to let it go on${isRollback(upgrade) ? ', rolling back' : ''}`;
  const domain = upgrade.currentDomain?.name;
  if (isHealthCheck(upgrade)) {
    const check = domain
      ? `health check before upgrade domain ${domain}${describePlace(snapshot, domain)}`
      : 'final health check';
    return upgrade.unhealthyEvaluations.length > 0 ? `${check}, failing so far` : check;
  }
  if (snapshot.contradiction) return describeContradiction(snapshot.contradiction);
  if (!isKnownState(upgrade.state)) return 'in a state that sfcompose does not know';
  const { words } = upgradeStates[upgrade.state];
  return domain && upgrade.state.endsWith('InProgress')
    ? `${words}, upgrade domain ${domain}${describePlace(snapshot, domain)}`
    : words;
}

/** The same in few words, and without the domain. */
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

/** `UD1, 2 of 3`, or how many of its nodes are still to do where the cluster does not tell all domains. */
export function describeDomain(snapshot: UpgradeSnapshot): string {
  const { currentDomain } = snapshot.upgrade;
  if (!currentDomain?.name) return '';
  const { name, nodes } = currentDomain;
  const left = nodes.length > 0 ? `, ${formatCount(nodes.length, 'node')}` : '';
  return name + (describePlace(snapshot, name) || left);
}

/** Which of how many it is, where the cluster has told all of them. */
function describePlace(snapshot: UpgradeSnapshot, domain: string): string {
  const { list, isWhole } = listDomains(snapshot);
  const place = list.findIndex(({ name }) => name === domain) + 1;
  return isWhole && place > 0 ? `, ${place} of ${list.length}` : '';
}

function describeNeverUpgraded(status: DeploymentStatus | undefined): string {
  switch (status?.status) {
    case 'Failed':
      return 'its creation failed';
    case 'Upgrading':
      return 'an upgrade is just beginning';
    case undefined:
      return 'never upgraded, or its creation failed';
    default:
      return 'never upgraded';
  }
}

const deploymentStatusWords: Readonly<Record<string, string>> = {
  Invalid: 'in no valid state',
  Provisioning: 'being created: preparing its version',
  Creating: 'being created',
  Ready: 'ready',
  Deleting: 'being removed',
  Unprovisioning: 'being removed: its version is cleaned up',
  Failed: 'its creation failed',
  Upgrading: 'upgrading',
};

/** How a deployment stands, apart from its upgrade. A word that is not known is said as it came. */
export function describeDeployment({ status }: DeploymentStatus): string {
  return (
    (Object.hasOwn(deploymentStatusWords, status) && deploymentStatusWords[status]) ||
    status ||
    'status not sent'
  );
}

/** What usually holds up an upgrade that stands still like this. */
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

/** What the rolling upgrade mode means; `''` for one that is not known. */
export function describeMode(upgrade: Upgrade): string {
  switch (upgrade.mode) {
    case 'Monitored':
      return `health is checked after each domain, and if it is bad ${describeFailureAction(upgrade)}`;
    case 'UnmonitoredAuto':
      return 'domain after domain, without health checks';
    case 'UnmonitoredManual':
      return 'after each domain it waits for a person';
    default:
      return '';
  }
}

const phaseWords: ReadonlyMap<string, string> = new Map([
  ['PreUpgradeSafetyCheck', 'waiting to be upgraded'],
  ['Upgrading', 'upgrading'],
  ['PostUpgradeSafetyCheck', 'upgraded, settling'],
]);

/** What follows on a failure, by the policy. */
export function describeFailureAction({ monitoringPolicy }: Upgrade): string {
  return monitoringPolicy?.failureAction === 'Rollback' ? 'it rolls back' : 'it stops and waits for a person';
}

function describePhase(phase: string): string {
  return phaseWords.get(phase) ?? `in phase ${phase || '(not sent)'}`;
}

/** By kind in lower case: the runtime and the published model do not spell all of them alike. */
const safetyCheckWords = new Map<string, (partition: string) => string>([
  ['ensureseednodequorum', () => 'enough seed nodes must stay up'],
  ['ensurepartitionquorum', (partition) => `${partition} must keep its quorum of replicas`],
  ['waitforprimaryplacement', (partition) => `the primary of ${partition} must be placed again`],
  ['waitforprimaryswap', (partition) => `the primary of ${partition} must move to another node`],
  ['waitforreconfiguration', (partition) => `the reconfiguration of ${partition} must end`],
  ['waitforinbuildreplica', (partition) => `a replica of ${partition} is still being built`],
  ['ensureavailability', (partition) => `another instance of ${partition} must be up first`],
  ['waitforresourceavailability', (partition) => `the cluster has no room yet for ${partition}`],
]);

/** @param services names of services by partition, as far as they are known */
export function describeSafetyCheck(
  { kind, partitionId }: SafetyCheck,
  services: ReadonlyMap<string, string>,
): string {
  const partition = services.get(partitionId) ?? (partitionId ? `partition ${partitionId}` : 'the partition');
  const words = safetyCheckWords.get(kind.toLowerCase());
  return words
    ? `${words(partition)} (${kind})`
    : `safety check ${kind || '(kind not sent)'} of ${partition}`;
}

export function describeNode(node: NodeProgress, services: ReadonlyMap<string, string>): string {
  const checks = node.safetyChecks.map((check) => describeSafetyCheck(check, services));
  return [describePhase(node.phase), ...checks].join(': ');
}

/** All nodes of a domain in a few words: `1 upgrading, 1 waiting to be upgraded`. */
export function summarizeNodes(nodes: readonly NodeProgress[]): string {
  const counts = new Map<string, number>();
  for (const { phase } of nodes) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return [...counts]
    .map(([phase, count]) => `${formatCount(count, 'node')} ${describePhase(phase)}`)
    .join(', ');
}

/** `4m 01s elapsed, 1h 55m 59s left of 2h 00m 00s`. */
export function describeClock(elapsed: number | undefined, limit: number | undefined): string {
  if (elapsed === undefined) return '';
  const gone = `${formatDuration(elapsed)} elapsed`;
  if (limit === undefined) return gone;
  if (limit === Number.POSITIVE_INFINITY) return `${gone}, no limit`;
  return `${gone}, ${formatDuration(Math.max(0, limit - elapsed))} left of ${formatDuration(limit)}`;
}
