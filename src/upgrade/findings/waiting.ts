/** What an upgrade that has not ended waits for, since when, what ends it, and what can be done about it. */
import { formatCount, formatDuration, formatList } from '../../platform/format.ts';
import { getCheckKey } from '../history.ts';
import type { Duration, SafetyCheck, Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isHealthCheck, isNeverUpgraded, isRollback, isWaitingForApproval } from '../state.ts';
import { describeFailureAction, describeSafetyCheck } from '../wording.ts';
import { type Finding, type FindingCode, type Severity, toPlaces } from './finding.ts';
import * as commands from './sfctl-commands.ts';

/** Safety checks that are told one by one. */
const maxChecks = 5;

/** Nodes that a finding names. */
const maxPlaces = 5;

/** From when on it is worth a look that a node waits for a safety check, or is being upgraded. */
const slowAfterMs = { safetyCheck: 300_000, upgrading: 600_000 };

export function collectWaits(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade } = snapshot;
  if (isNeverUpgraded(upgrade) || hasEnded(upgrade)) return [];
  if (isWaitingForApproval(upgrade)) return [explainApproval(upgrade)];
  if (isHealthCheck(upgrade)) return [explainHealthCheck(upgrade)];
  switch (upgrade.state) {
    case 'ProvisioningTarget':
      return [
        createWait(
          'provisioning',
          'The new version must be built from the compose file and registered; images are pulled later',
        ),
      ];
    case 'UnprovisioningCurrent':
      return [createWait('unprovisioning', 'The old version must be removed; it is too late for a rollback')];
    case 'UnprovisioningTarget':
      return [createWait('unprovisioning', 'The failed version must be removed')];
    default:
      return [...explainSafetyChecks(snapshot), ...explainSlowNodes(upgrade)];
  }
}

function createWait(code: FindingCode, what: string, severity: Severity = 'info'): Finding {
  return { code, severity, what, where: [], evidence: [], next: [] };
}

function explainApproval(upgrade: Upgrade): Finding {
  const domain = upgrade.currentDomain?.name;
  const to = domain ? ` to upgrade domain ${domain}` : '';
  return {
    ...createWait('person', `A person must let it go on${to}`, 'warning'),
    where: toPlaces('upgrade domain', domain ? [domain] : [], 1),
    next: [
      ...(domain ? [`To let it go on: ${commands.buildMoveNext(upgrade, domain)}`] : []),
      ...suggestRollback(upgrade),
    ],
  };
}

/** The runtime sends no clock of the check itself, only what the policy allows it. */
function explainHealthCheck(upgrade: Upgrade): Finding {
  const {
    healthCheckWait = 0,
    healthCheckStable = 0,
    healthCheckRetry = Infinity,
  } = upgrade.monitoringPolicy ?? {};
  const before =
    healthCheckWait > 0 ? `for ${formatDuration(healthCheckWait)} nothing is checked, then ` : '';
  const isBad = upgrade.unhealthyEvaluations.length > 0;
  const what = `${before}its health must stay good for ${formatDuration(healthCheckStable)}`;
  const longest = healthCheckWait + healthCheckRetry;
  const timeout = findFirstTimeout(upgrade);
  return {
    ...createWait('health-check', capitalize(what), isBad ? 'warning' : 'info'),
    evidence: [
      ...(longest === Infinity
        ? []
        : [`If it stays bad for ${formatDuration(longest)}, ${describeFailureAction(upgrade)}.`]),
      ...(timeout && timeout.left < Math.max(longest, healthCheckWait + healthCheckStable)
        ? [`${capitalize(timeout.words)}.`]
        : []),
    ],
    next: isBad ? suggestRollback(upgrade) : [],
  };
}

/** A safety check, and all nodes that wait for it. */
interface PendingCheck {
  readonly check: SafetyCheck;
  readonly nodes: readonly string[];
}

/** One for each partition and kind, however many nodes wait for it. */
export function listPendingChecks({ currentDomain }: Upgrade): readonly PendingCheck[] {
  const pending = new Map<string, { check: SafetyCheck; nodes: string[] }>();
  for (const { name, safetyChecks } of currentDomain?.nodes ?? []) {
    for (const check of safetyChecks) {
      const key = getCheckKey('', check);
      const one = pending.get(key) ?? { check, nodes: [] };
      one.nodes.push(name);
      pending.set(key, one);
    }
  }
  return [...pending.values()];
}

function explainSafetyChecks(snapshot: UpgradeSnapshot): readonly Finding[] {
  const pending = listPendingChecks(snapshot.upgrade);
  const told = pending.slice(0, maxChecks).map((one) => explainSafetyCheck(one, snapshot));
  const left = pending.length - told.length;
  const last = told.at(-1);
  if (last === undefined || left === 0) return told;
  const evidence = [...last.evidence, `… ${formatCount(left, 'more safety check')}`];
  return [...told.slice(0, -1), { ...last, evidence }];
}

function explainSafetyCheck({ check, nodes }: PendingCheck, snapshot: UpgradeSnapshot): Finding {
  const { upgrade, services } = snapshot;
  const service = services.get(check.partitionId);
  const { ends, isLate } = describeEnd(upgrade);
  const isSlow = isLate || (upgrade.domainDuration ?? 0) >= slowAfterMs.safetyCheck;
  return {
    ...createWait(
      'safety-check',
      capitalize(describeSafetyCheck(check, services)),
      isSlow ? 'warning' : 'info',
    ),
    where: [
      ...toPlaces('node', nodes, maxPlaces),
      ...toPlaces('service', service ? [service] : [], 1),
      ...toPlaces('partition', check.partitionId ? [check.partitionId] : [], 1),
    ],
    evidence: [describeSince(check, nodes, snapshot), ends].filter(Boolean),
    next: isSlow ? [...suggestSteps(check), ...suggestRollback(upgrade)] : [],
  };
}

function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The cluster does not say since when. It cannot be longer than the domain, nor shorter than it was seen. */
function describeSince(
  check: SafetyCheck,
  nodes: readonly string[],
  { upgrade, history }: UpgradeSnapshot,
): string {
  const { duration, domainDuration } = upgrade;
  const waits = `${nodes.length === 1 ? 'Node' : 'Nodes'} ${formatList(nodes, 3)} ${nodes.length === 1 ? 'waits' : 'wait'}`;
  if (duration === undefined || domainDuration === undefined || domainDuration < 1000)
    return `${waits} for that.`;
  const first = nodes
    .map((node) => history.checks.get(getCheckKey(node, check)) ?? duration)
    .reduce((one, other) => Math.min(one, other), duration);
  const least = duration - first;
  if (domainDuration - least < 60_000) return `${waits} for that, for ${formatDuration(domainDuration)}.`;
  return least < 1000
    ? `${waits} for that, for up to ${formatDuration(domainDuration)}.`
    : `${waits} for that, for ${formatDuration(least)} to ${formatDuration(domainDuration)}.`;
}

/** Three clocks of the cluster run; what the first of them brings is what happens if nothing else does. */
function describeEnd(upgrade: Upgrade): { ends: string; isLate: boolean } {
  const { replicaSetCheckTimeout = Infinity, domainDuration = 0 } = upgrade;
  const check = Math.max(0, replicaSetCheckTimeout - domainDuration);
  const timeout = findFirstTimeout(upgrade);
  if (timeout && timeout.left < check)
    return {
      ends: `If that is not so before, ${timeout.words}.`,
      isLate: timeout.left <= slowAfterMs.safetyCheck,
    };
  if (check === Infinity) return { ends: 'The cluster waits without limit until that is so.', isLate: false };
  const limit = formatDuration(replicaSetCheckTimeout);
  return {
    ends: `The cluster goes on without it after ${limit}: ${describeSoon(check)} at the earliest.`,
    isLate: false,
  };
}

/** Which of the upgrade's own clocks runs out first; they run for monitored upgrades only. */
function findFirstTimeout(upgrade: Upgrade): { left: Duration; words: string } | undefined {
  const { monitoringPolicy: policy, mode, duration = 0, domainDuration = 0 } = upgrade;
  if (policy === undefined || mode !== 'Monitored') return undefined;
  const domain = Math.max(0, (policy.upgradeDomainTimeout ?? Infinity) - domainDuration);
  const whole = Math.max(0, (policy.upgradeTimeout ?? Infinity) - duration);
  const left = Math.min(domain, whole);
  if (left === Infinity) return undefined;
  const whose = domain <= whole ? "the domain's" : "the upgrade's";
  return {
    left,
    words: `${whose} own time runs out ${describeSoon(left)}: then ${describeFailureAction(upgrade)}`,
  };
}

function describeSoon(left: Duration): string {
  return left === 0 ? 'at any moment' : `in ${formatDuration(left)}`;
}

function suggestSteps(check: SafetyCheck): readonly string[] {
  const { kind, partitionId } = check;
  const health = partitionId ? [`See its health: ${commands.buildPartitionHealth(partitionId)}`] : [];
  switch (kind.toLowerCase()) {
    case 'ensureavailability':
      return partitionId
        ? [`See which instances are up, and where: ${commands.buildReplicaList(partitionId)}`, ...health]
        : health;
    case 'waitforresourceavailability':
    case 'waitforprimaryplacement':
      return [
        `See whether a node has room, and is up: ${commands.nodeListCommand}`,
        'Make room, add nodes, or ask for less in its resource limits and placement constraints.',
        ...health,
      ];
    case 'ensureseednodequorum':
      return [`See which seed nodes are down: ${commands.nodeListCommand}`];
    default:
      return health;
  }
}

/** A rollback that has begun cannot be turned round. */
function suggestRollback(upgrade: Upgrade): readonly string[] {
  return isRollback(upgrade) ? [] : [`To roll it back: ${commands.buildRollback(upgrade)}`];
}

function explainSlowNodes(upgrade: Upgrade): readonly Finding[] {
  const nodes = (upgrade.currentDomain?.nodes ?? []).filter(({ phase }) => phase === 'Upgrading');
  const [first] = nodes;
  if (first === undefined || (upgrade.domainDuration ?? 0) < slowAfterMs.upgrading) return [];
  const names = nodes.map(({ name }) => name);
  return [
    {
      ...createWait(
        'slow-nodes',
        `${formatCount(nodes.length, 'node')} must come up with the new version`,
        'warning',
      ),
      where: toPlaces('node', names, maxPlaces),
      evidence: [
        `${formatList(names, 3)}: this domain began ${formatDuration(upgrade.domainDuration ?? 0)} ago.`,
        'Usual causes: an image that is still being pulled, a container that does not start or does not stop.',
      ],
      next: [
        `See what the node says: ${commands.buildNodeHealth(upgrade, first.name)}`,
        ...suggestRollback(upgrade),
      ],
    },
  ];
}
