/** What an upgrade that has not ended waits for, since when, what ends it, and what can be done about it. */
import { counted, durationText, listed } from '../../platform/format.ts';
import { checkKey } from '../history.ts';
import type { Duration, SafetyCheck, Upgrade } from '../model.ts';
import type { Situation } from '../snapshot.ts';
import { hasEnded, isHealthCheck, isNeverUpgraded, isRollback, waitsForPerson } from '../state.ts';
import { failureActionWords, safetyCheckWords } from '../wording.ts';
import { type Finding, type FindingCode, placesOf, type Severity } from './finding.ts';
import * as commands from './sfctl-commands.ts';

/** Safety checks that are told one by one. */
const mostChecks = 5;

/** Nodes that a finding names. */
const mostPlaces = 5;

/** From when on it is worth a look that a node waits for a safety check, or is being upgraded. */
const slowAfter = { safetyCheck: 300_000, upgrading: 600_000 };

export function waitFindings(situation: Situation): readonly Finding[] {
  const { upgrade } = situation;
  if (isNeverUpgraded(upgrade) || hasEnded(upgrade)) return [];
  if (waitsForPerson(upgrade)) return [person(upgrade)];
  if (isHealthCheck(upgrade)) return [healthCheck(upgrade)];
  switch (upgrade.state) {
    case 'ProvisioningTarget':
      return [
        wait(
          'provisioning',
          'The new version must be built from the compose file and registered; images are pulled later',
        ),
      ];
    case 'UnprovisioningCurrent':
      return [wait('unprovisioning', 'The old version must be removed; it is too late for a rollback')];
    case 'UnprovisioningTarget':
      return [wait('unprovisioning', 'The failed version must be removed')];
    default:
      return [...safetyChecks(situation), ...slowNodes(upgrade)];
  }
}

function wait(code: FindingCode, what: string, severity: Severity = 'info'): Finding {
  return { code, severity, what, where: [], evidence: [], next: [] };
}

function person(upgrade: Upgrade): Finding {
  const domain = upgrade.currentDomain?.name;
  const to = domain ? ` to upgrade domain ${domain}` : '';
  return {
    ...wait('person', `A person must let it go on${to}`, 'warning'),
    where: placesOf('upgrade domain', domain ? [domain] : [], 1),
    next: [...(domain ? [`To let it go on: ${commands.moveNext(upgrade, domain)}`] : []), ...orBack(upgrade)],
  };
}

/** The runtime sends no clock of the check itself, only what the policy allows it. */
function healthCheck(upgrade: Upgrade): Finding {
  const {
    healthCheckWait = 0,
    healthCheckStable = 0,
    healthCheckRetry = Infinity,
  } = upgrade.monitoringPolicy ?? {};
  const before = healthCheckWait > 0 ? `for ${durationText(healthCheckWait)} nothing is checked, then ` : '';
  const isBad = upgrade.unhealthyEvaluations.length > 0;
  const what = `${before}its health must stay good for ${durationText(healthCheckStable)}`;
  const longest = healthCheckWait + healthCheckRetry;
  const timeout = firstTimeout(upgrade);
  return {
    ...wait('health-check', sentence(what), isBad ? 'warning' : 'info'),
    evidence: [
      ...(longest === Infinity
        ? []
        : [`If it stays bad for ${durationText(longest)}, ${failureActionWords(upgrade)}.`]),
      ...(timeout && timeout.left < Math.max(longest, healthCheckWait + healthCheckStable)
        ? [`${sentence(timeout.words)}.`]
        : []),
    ],
    next: isBad ? orBack(upgrade) : [],
  };
}

/** A safety check, and all nodes that wait for it. */
interface PendingCheck {
  readonly check: SafetyCheck;
  readonly nodes: readonly string[];
}

/** One for each partition and kind, however many nodes wait for it. */
export function pendingChecks({ currentDomain }: Upgrade): readonly PendingCheck[] {
  const pending = new Map<string, { check: SafetyCheck; nodes: string[] }>();
  for (const { name, safetyChecks } of currentDomain?.nodes ?? []) {
    for (const check of safetyChecks) {
      const key = checkKey('', check);
      const one = pending.get(key) ?? { check, nodes: [] };
      one.nodes.push(name);
      pending.set(key, one);
    }
  }
  return [...pending.values()];
}

function safetyChecks(situation: Situation): readonly Finding[] {
  const pending = pendingChecks(situation.upgrade);
  const told = pending.slice(0, mostChecks).map((one) => safetyCheck(one, situation));
  const left = pending.length - told.length;
  const last = told.at(-1);
  if (last === undefined || left === 0) return told;
  const evidence = [...last.evidence, `… ${counted(left, 'more safety check')}`];
  return [...told.slice(0, -1), { ...last, evidence }];
}

function safetyCheck({ check, nodes }: PendingCheck, situation: Situation): Finding {
  const { upgrade, services } = situation;
  const service = services.get(check.partitionId);
  const { ends, isLate } = whatEnds(upgrade);
  const isSlow = isLate || (upgrade.domainDuration ?? 0) >= slowAfter.safetyCheck;
  return {
    ...wait('safety-check', sentence(safetyCheckWords(check, services)), isSlow ? 'warning' : 'info'),
    where: [
      ...placesOf('node', nodes, mostPlaces),
      ...placesOf('service', service ? [service] : [], 1),
      ...placesOf('partition', check.partitionId ? [check.partitionId] : [], 1),
    ],
    evidence: [sinceWords(check, nodes, situation), ends].filter(Boolean),
    next: isSlow ? [...whatToDo(check), ...orBack(upgrade)] : [],
  };
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The cluster does not say since when. It cannot be longer than the domain, nor shorter than it was seen. */
function sinceWords(check: SafetyCheck, nodes: readonly string[], { upgrade, history }: Situation): string {
  const { duration, domainDuration } = upgrade;
  const waits = `${nodes.length === 1 ? 'Node' : 'Nodes'} ${listed(nodes, 3)} ${nodes.length === 1 ? 'waits' : 'wait'}`;
  if (duration === undefined || domainDuration === undefined || domainDuration < 1000)
    return `${waits} for that.`;
  const first = nodes
    .map((node) => history.checks.get(checkKey(node, check)) ?? duration)
    .reduce((one, other) => Math.min(one, other), duration);
  const least = duration - first;
  if (domainDuration - least < 60_000) return `${waits} for that, for ${durationText(domainDuration)}.`;
  return least < 1000
    ? `${waits} for that, for up to ${durationText(domainDuration)}.`
    : `${waits} for that, for ${durationText(least)} to ${durationText(domainDuration)}.`;
}

/** Three clocks of the cluster run; what the first of them brings is what happens if nothing else does. */
function whatEnds(upgrade: Upgrade): { ends: string; isLate: boolean } {
  const { replicaSetCheckTimeout = Infinity, domainDuration = 0 } = upgrade;
  const check = Math.max(0, replicaSetCheckTimeout - domainDuration);
  const timeout = firstTimeout(upgrade);
  if (timeout && timeout.left < check)
    return {
      ends: `If that is not so before, ${timeout.words}.`,
      isLate: timeout.left <= slowAfter.safetyCheck,
    };
  if (check === Infinity) return { ends: 'The cluster waits without limit until that is so.', isLate: false };
  const limit = durationText(replicaSetCheckTimeout);
  return {
    ends: `The cluster goes on without it after ${limit}: ${soonWords(check)} at the earliest.`,
    isLate: false,
  };
}

/** Which of the upgrade's own clocks runs out first; they run for monitored upgrades only. */
function firstTimeout(upgrade: Upgrade): { left: Duration; words: string } | undefined {
  const { monitoringPolicy: policy, mode, duration = 0, domainDuration = 0 } = upgrade;
  if (policy === undefined || mode !== 'Monitored') return undefined;
  const domain = Math.max(0, (policy.upgradeDomainTimeout ?? Infinity) - domainDuration);
  const whole = Math.max(0, (policy.upgradeTimeout ?? Infinity) - duration);
  const left = Math.min(domain, whole);
  if (left === Infinity) return undefined;
  const whose = domain <= whole ? "the domain's" : "the upgrade's";
  return {
    left,
    words: `${whose} own time runs out ${soonWords(left)}: then ${failureActionWords(upgrade)}`,
  };
}

function soonWords(left: Duration): string {
  return left === 0 ? 'at any moment' : `in ${durationText(left)}`;
}

function whatToDo(check: SafetyCheck): readonly string[] {
  const { kind, partitionId } = check;
  const health = partitionId ? [`See its health: ${commands.partitionHealth(partitionId)}`] : [];
  switch (kind.toLowerCase()) {
    case 'ensureavailability':
      return partitionId
        ? [`See which instances are up, and where: ${commands.instances(partitionId)}`, ...health]
        : health;
    case 'waitforresourceavailability':
    case 'waitforprimaryplacement':
      return [
        `See whether a node has room, and is up: ${commands.nodes}`,
        'Make room, add nodes, or ask for less in its resource limits and placement constraints.',
        ...health,
      ];
    case 'ensureseednodequorum':
      return [`See which seed nodes are down: ${commands.nodes}`];
    default:
      return health;
  }
}

/** A rollback that has begun cannot be turned round. */
function orBack(upgrade: Upgrade): readonly string[] {
  return isRollback(upgrade) ? [] : [`To roll it back: ${commands.rollBack(upgrade)}`];
}

function slowNodes(upgrade: Upgrade): readonly Finding[] {
  const nodes = (upgrade.currentDomain?.nodes ?? []).filter(({ phase }) => phase === 'Upgrading');
  const [first] = nodes;
  if (first === undefined || (upgrade.domainDuration ?? 0) < slowAfter.upgrading) return [];
  const names = nodes.map(({ name }) => name);
  return [
    {
      ...wait('slow-nodes', `${counted(nodes.length, 'node')} must come up with the new version`, 'warning'),
      where: placesOf('node', names, mostPlaces),
      evidence: [
        `${listed(names, 3)}: this domain began ${durationText(upgrade.domainDuration ?? 0)} ago.`,
        'Usual causes: an image that is still being pulled, a container that does not start or does not stop.',
      ],
      next: [`See what the node says: ${commands.nodeHealth(upgrade, first.name)}`, ...orBack(upgrade)],
    },
  ];
}
