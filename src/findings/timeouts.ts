/** Time that ran out as a cause: whose it was, and what was going on. */
import type { Situation } from '../situation.ts';
import { counted, durationText } from '../text.ts';
import { isRollback, type MonitoringPolicy, type UpgradeDomainProgress } from '../upgrade.ts';
import { nodeWords } from '../words.ts';
import { again, wentWrong, whenFailed } from './aftermath.ts';
import * as commands from './commands.ts';
import type { Finding, FindingCode, Place } from './finding.ts';
import { healthOf } from './unhealthy.ts';

const mostNodes = 10;

export function timeout(situation: Situation, lead: string, recorded: string): Finding {
  const { upgrade, application, services } = situation;
  const domain = upgrade.domainAtFailure ?? application?.domainAtFailure;
  const { monitoringPolicy: policy } = upgrade;
  const code = timeoutCode(recorded, policy);
  const inDomain = domain?.name ? ` in upgrade domain ${domain.name}` : '';
  const limits = {
    domain: limitWords(policy?.upgradeDomainTimeout),
    upgrade: limitWords(policy?.upgradeTimeout),
  };
  const whats: Partial<Record<FindingCode, string>> = {
    'domain-timeout': `upgrade domain ${domain?.name ?? ''} ran out of time${limits.domain}`,
    'upgrade-timeout': `the upgrade as a whole ran out of time${limits.upgrade}${inDomain}`,
  };
  const either = `time ran out${inDomain}, of the domain${limits.domain} or of the whole upgrade${limits.upgrade}`;
  const health = healthOf(situation);
  const partition = (domain?.nodes ?? []).flatMap((node) => node.safetyChecks)[0]?.partitionId;
  return {
    ...wentWrong(code, `${lead} because ${whats[code] ?? either}`, situation),
    where: placesAt(domain),
    evidence: [
      ...nodesAt(domain, services),
      ...(domain && domain.nodes.length === 0 ? ['No node was at work: it was between two domains.'] : []),
      ...health.evidence,
      ...whenFailed(situation),
    ],
    next: [
      ...(partition ? [`See what holds it up: ${commands.partitionHealth(partition)}`] : []),
      ...health.next,
      ...(isRollback(upgrade) ? again(upgrade) : []),
    ],
  };
}

/** Compose does not tell which of its timeouts it was, but often only one of them is set. */
function timeoutCode(recorded: string, policy: MonitoringPolicy | undefined): FindingCode {
  if (recorded === 'UpgradeDomainTimeout') return 'domain-timeout';
  if (recorded === 'OverallUpgradeTimeout') return 'upgrade-timeout';
  const { upgradeDomainTimeout: domain = Infinity, upgradeTimeout: whole = Infinity } = policy ?? {};
  if (whole === Infinity && domain !== Infinity) return 'domain-timeout';
  return domain === Infinity && whole !== Infinity ? 'upgrade-timeout' : 'timeout';
}

function limitWords(limit: number | undefined): string {
  return limit === undefined || limit === Infinity ? '' : ` (${durationText(limit)})`;
}

function placesAt(domain: UpgradeDomainProgress | undefined): readonly Place[] {
  if (domain === undefined) return [];
  const nodes = domain.nodes.slice(0, mostNodes).map(({ name }) => ({ kind: 'node' as const, name }));
  return [...(domain.name ? [{ kind: 'upgrade domain' as const, name: domain.name }] : []), ...nodes];
}

function nodesAt(
  domain: UpgradeDomainProgress | undefined,
  services: Situation['services'],
): readonly string[] {
  const nodes = domain?.nodes ?? [];
  const left = nodes.length - mostNodes;
  return [
    ...nodes.slice(0, mostNodes).map((node) => `node ${node.name} was ${nodeWords(node, services)}`),
    ...(left > 0 ? [`… ${counted(left, 'more node')}`] : []),
  ];
}
