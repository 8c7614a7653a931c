/** Time that ran out as a cause: whose it was, and what was going on. */
import { counted, durationText } from '../../platform/format.ts';
import { domainIn } from '../health-tree.ts';
import type { MonitoringPolicy, UpgradeDomainProgress } from '../model.ts';
import type { Situation } from '../snapshot.ts';
import { nodeWords } from '../wording.ts';
import { type Finding, type FindingCode, type Place, placesOf, wentWrong } from './finding.ts';
import { again } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { healthOf } from './unhealthy.ts';

const mostNodes = 10;

export function timeout(situation: Situation, lead: string, recorded: string): Finding {
  const { upgrade, application, services } = situation;
  const domain = upgrade.domainAtFailure ?? application?.domainAtFailure;
  const { monitoringPolicy: policy } = upgrade;
  const code = timeoutCode(recorded, policy);
  const judged = domainIn(upgrade.unhealthyEvaluations);
  const where = whereWords(domain, judged);
  const limits = {
    domain: limitWords(policy?.upgradeDomainTimeout),
    upgrade: limitWords(policy?.upgradeTimeout),
  };
  const whats: Partial<Record<FindingCode, string>> = {
    'domain-timeout': `${whose(domain, judged)} ran out of time${limits.domain}`,
    'upgrade-timeout': `the upgrade as a whole ran out of time${limits.upgrade} ${where}`,
  };
  const either = `time ran out ${where}, of the domain${limits.domain} or of the whole upgrade${limits.upgrade}`;
  const health = healthOf(situation);
  const partition = (domain?.nodes ?? []).flatMap((node) => node.safetyChecks)[0]?.partitionId;
  return {
    ...wentWrong(code, `${lead} because ${(whats[code] ?? either).trimEnd()}`),
    where: [...placesAt(domain), ...health.where.filter(({ kind }) => kind !== 'upgrade domain')],
    evidence: [...nodesAt(domain, services), ...health.evidence],
    next: [
      ...(partition ? [`See what holds it up: ${commands.partitionHealth(partition)}`] : []),
      ...health.next,
      ...again(situation),
    ],
  };
}

/**
 * Without nodes it was between two domains, and the one that is named had not begun.
 * @param judged the domain whose health was checked, if that is known
 */
function whereWords(domain: UpgradeDomainProgress | undefined, judged: string | undefined): string {
  if (domain && domain.nodes.length > 0) return `in upgrade domain ${domain.name}`;
  if (judged !== undefined) return `in the health check of upgrade domain ${judged}`;
  return domain ? `before upgrade domain ${domain.name}` : '';
}

/** The domain whose time it was. */
function whose(domain: UpgradeDomainProgress | undefined, judged: string | undefined): string {
  if (domain && domain.nodes.length > 0) return `upgrade domain ${domain.name}`;
  if (judged !== undefined) return `upgrade domain ${judged}, in its health check,`;
  return domain ? `the domain before upgrade domain ${domain.name}` : 'its upgrade domain';
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
  if (domain === undefined || domain.nodes.length === 0) return [];
  const names = domain.nodes.map(({ name }) => name);
  return [
    ...placesOf('upgrade domain', domain.name ? [domain.name] : [], 1),
    ...placesOf('node', names, mostNodes),
  ];
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
