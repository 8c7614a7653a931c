/** Time that ran out as a cause: whose it was, and what was going on. */
import { formatCount, formatDuration } from '../../platform/format.ts';
import { findDomain } from '../health-tree.ts';
import type { MonitoringPolicy, UpgradeDomainProgress } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { describeNode } from '../wording.ts';
import { createErrorFinding, type Finding, type FindingCode, type Place, toPlaces } from './finding.ts';
import { suggestUpgrade } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { explainHealth } from './unhealthy.ts';

const maxNodes = 10;

export function explainTimeout(snapshot: UpgradeSnapshot, lead: string, recorded: string): Finding {
  const { upgrade, application, services } = snapshot;
  const domain = upgrade.domainAtFailure ?? application?.domainAtFailure;
  const { monitoringPolicy: policy } = upgrade;
  const code = selectCode(recorded, policy);
  const judged = findDomain(upgrade.unhealthyEvaluations);
  const where = describeWhere(domain, judged);
  const limits = {
    domain: describeLimit(policy?.upgradeDomainTimeout),
    upgrade: describeLimit(policy?.upgradeTimeout),
  };
  const whats: Partial<Record<FindingCode, string>> = {
    'domain-timeout': `${describeOwner(domain, judged)} ran out of time${limits.domain}`,
    'upgrade-timeout': `the upgrade as a whole ran out of time${limits.upgrade} ${where}`,
  };
  const either = `time ran out ${where}, of the domain${limits.domain} or of the whole upgrade${limits.upgrade}`;
  const health = explainHealth(snapshot);
  const partition = (domain?.nodes ?? []).flatMap((node) => node.safetyChecks)[0]?.partitionId;
  return {
    ...createErrorFinding(code, `${lead} because ${(whats[code] ?? either).trimEnd()}`),
    where: [...listPlaces(domain), ...health.where.filter(({ kind }) => kind !== 'upgrade domain')],
    evidence: [...describeNodes(domain, services), ...health.evidence],
    next: [
      ...(partition ? [`See what holds it up: ${commands.buildPartitionHealth(partition)}`] : []),
      ...health.next,
      ...suggestUpgrade(snapshot),
    ],
  };
}

/**
 * Without nodes it was between two domains, and the one that is named had not begun.
 * @param judged the domain whose health was checked, if that is known
 */
function describeWhere(domain: UpgradeDomainProgress | undefined, judged: string | undefined): string {
  if (domain && domain.nodes.length > 0) return `in upgrade domain ${domain.name}`;
  if (judged !== undefined) return `in the health check of upgrade domain ${judged}`;
  return domain ? `before upgrade domain ${domain.name}` : '';
}

/** The domain whose time it was. */
function describeOwner(domain: UpgradeDomainProgress | undefined, judged: string | undefined): string {
  if (domain && domain.nodes.length > 0) return `upgrade domain ${domain.name}`;
  if (judged !== undefined) return `upgrade domain ${judged}, in its health check,`;
  return domain ? `the domain before upgrade domain ${domain.name}` : 'its upgrade domain';
}

/** Compose does not tell which of its timeouts it was, but often only one of them is set. */
function selectCode(recorded: string, policy: MonitoringPolicy | undefined): FindingCode {
  if (recorded === 'UpgradeDomainTimeout') return 'domain-timeout';
  if (recorded === 'OverallUpgradeTimeout') return 'upgrade-timeout';
  const { upgradeDomainTimeout: domain = Infinity, upgradeTimeout: whole = Infinity } = policy ?? {};
  if (whole === Infinity && domain !== Infinity) return 'domain-timeout';
  return domain === Infinity && whole !== Infinity ? 'upgrade-timeout' : 'timeout';
}

function describeLimit(limit: number | undefined): string {
  return limit === undefined || limit === Infinity ? '' : ` (${formatDuration(limit)})`;
}

function listPlaces(domain: UpgradeDomainProgress | undefined): readonly Place[] {
  if (domain === undefined || domain.nodes.length === 0) return [];
  const names = domain.nodes.map(({ name }) => name);
  return [
    ...toPlaces('upgrade domain', domain.name ? [domain.name] : [], 1),
    ...toPlaces('node', names, maxNodes),
  ];
}

function describeNodes(
  domain: UpgradeDomainProgress | undefined,
  services: UpgradeSnapshot['services'],
): readonly string[] {
  const nodes = domain?.nodes ?? [];
  const left = nodes.length - maxNodes;
  return [
    ...nodes.slice(0, maxNodes).map((node) => `node ${node.name} was ${describeNode(node, services)}`),
    ...(left > 0 ? [`… ${formatCount(left, 'more node')}`] : []),
  ];
}
