/** What an upgrade that has not ended waits for, since when, what ends it, and what can be done about it. */

import { listed } from '../health.ts';
import { checkKey } from '../history.ts';
import type { Situation } from '../situation.ts';
import { counted, durationText } from '../text.ts';
import {
  type Duration,
  hasEnded,
  isHealthCheck,
  isNeverUpgraded,
  isRollback,
  type SafetyCheck,
  type Upgrade,
  waitsForPerson,
} from '../upgrade.ts';
import { safetyCheckWords } from '../words.ts';
import * as commands from './commands.ts';
import type { Finding, FindingCode, Severity } from './finding.ts';

/** Safety checks that are told one by one. */
const mostChecks = 5;

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
    where: domain ? [{ kind: 'upgrade domain', name: domain }] : [],
    next: [...(domain ? [`Let it go on: ${commands.moveNext(upgrade, domain)}`] : []), ...orBack(upgrade)],
  };
}

/** The runtime sends no clock of the check itself, only what the policy allows it. */
function healthCheck(upgrade: Upgrade): Finding {
  const { monitoringPolicy } = upgrade;
  const {
    healthCheckWait = 0,
    healthCheckStable = 0,
    healthCheckRetry,
    failureAction,
  } = monitoringPolicy ?? {};
  const action = failureAction === 'Rollback' ? 'it rolls back' : 'it stops and waits for a person';
  const before = healthCheckWait > 0 ? `for ${durationText(healthCheckWait)} nothing is checked, then ` : '';
  const isBad = upgrade.unhealthyEvaluations.length > 0;
  const what = `${before}its health must stay good for ${durationText(healthCheckStable)}`;
  const retry =
    healthCheckRetry === undefined || healthCheckRetry === Infinity
      ? ''
      : `If it stays bad for ${durationText(healthCheckWait + healthCheckRetry)}, ${action}.`;
  return {
    ...wait('health-check', sentence(what), isBad ? 'warning' : 'info'),
    evidence: retry ? [retry] : [],
    next: isBad ? orBack(upgrade) : [],
  };
}

/** One finding for each partition and kind, however many nodes wait for it. */
function safetyChecks(situation: Situation): readonly Finding[] {
  const { upgrade } = situation;
  const groups = new Map<string, { check: SafetyCheck; nodes: string[] }>();
  for (const { name, safetyChecks } of upgrade.currentDomain?.nodes ?? []) {
    for (const check of safetyChecks) {
      const key = checkKey('', check);
      const group = groups.get(key) ?? { check, nodes: [] };
      group.nodes.push(name);
      groups.set(key, group);
    }
  }
  const all = [...groups.values()];
  const told = all.slice(0, mostChecks).map(({ check, nodes }) => safetyCheck(check, nodes, situation));
  const left = all.length - told.length;
  return left > 0 ? [...told, wait('safety-check', `And ${counted(left, 'more safety check')}`)] : told;
}

function safetyCheck(check: SafetyCheck, nodes: readonly string[], situation: Situation): Finding {
  const { upgrade, services } = situation;
  const service = services.get(check.partitionId);
  const { ends, isLate } = whatEnds(upgrade);
  const isSlow = isLate || (upgrade.domainDuration ?? 0) >= slowAfter.safetyCheck;
  return {
    ...wait('safety-check', sentence(safetyCheckWords(check, services)), isSlow ? 'warning' : 'info'),
    where: [
      ...nodes.slice(0, mostChecks).map((name) => ({ kind: 'node' as const, name })),
      ...(service ? [{ kind: 'service' as const, name: service }] : []),
      ...(check.partitionId ? [{ kind: 'partition' as const, name: check.partitionId }] : []),
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
  const seen = nodes.map((node) => history.checks.get(checkKey(node, check)) ?? duration);
  const least = duration - Math.min(...seen);
  if (domainDuration - least < 60_000) return `${waits} for that, for ${durationText(domainDuration)}.`;
  return least < 1000
    ? `${waits} for that, for up to ${durationText(domainDuration)}.`
    : `${waits} for that, for ${durationText(least)} to ${durationText(domainDuration)}.`;
}

/** Three clocks of the cluster run; what the first of them brings is what happens if nothing else does. */
function whatEnds(upgrade: Upgrade): { ends: string; isLate: boolean } {
  const { replicaSetCheckTimeout = Infinity, monitoringPolicy, mode } = upgrade;
  const timeouts = mode === 'Monitored' ? monitoringPolicy : undefined;
  const action =
    monitoringPolicy?.failureAction === 'Rollback' ? 'it rolls back' : 'it stops and waits for a person';
  const left = (limit: Duration, gone: Duration | undefined) => Math.max(0, limit - (gone ?? 0));
  const check = left(replicaSetCheckTimeout, upgrade.domainDuration);
  const domain = left(timeouts?.upgradeDomainTimeout ?? Infinity, upgrade.domainDuration);
  const whole = left(timeouts?.upgradeTimeout ?? Infinity, upgrade.duration);
  const first = Math.min(check, domain, whole);
  if (first === Infinity) return { ends: 'The cluster waits without limit until that is so.', isLate: false };
  const soon = first === 0 ? 'at any moment' : `in ${durationText(first)}`;
  if (first === check) {
    const limit = durationText(replicaSetCheckTimeout);
    return { ends: `The cluster goes on without it after ${limit}: ${soon} at the earliest.`, isLate: false };
  }
  const which = first === domain ? "the domain's" : "the upgrade's";
  return {
    ends: `If that is not so before, ${which} own time runs out ${soon}: then ${action}.`,
    isLate: first <= slowAfter.safetyCheck,
  };
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
  return isRollback(upgrade) ? [] : [`Or roll it back: ${commands.rollBack(upgrade)}`];
}

function slowNodes(upgrade: Upgrade): readonly Finding[] {
  const nodes = (upgrade.currentDomain?.nodes ?? []).filter(({ phase }) => phase === 'Upgrading');
  const [first] = nodes;
  if (first === undefined || (upgrade.domainDuration ?? 0) < slowAfter.upgrading) return [];
  const names = nodes.map(({ name }) => name);
  return [
    {
      ...wait('slow-nodes', `${counted(nodes.length, 'node')} must come up with the new version`, 'warning'),
      where: names.slice(0, mostChecks).map((name) => ({ kind: 'node', name })),
      evidence: [
        `${listed(names, 3)}: this domain began ${durationText(upgrade.domainDuration ?? 0)} ago.`,
        'Usual causes: an image that is still being pulled, a container that does not start or does not stop.',
      ],
      next: [`See what the node says: ${commands.nodeHealth(upgrade, first.name)}`, ...orBack(upgrade)],
    },
  ];
}
