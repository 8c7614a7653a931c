/** Explains a timeout: which limit was exceeded, and what was in progress. */
import { formatCount, formatDuration } from '../../platform/format.ts';
import type { FailureReason } from '../enums.ts';
import { findDomain } from '../health-tree.ts';
import type { Duration, MonitoringPolicy, UpgradeDomainProgress } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { describeNode } from '../wording.ts';
import { createFinding, type Finding, type Place, toPlaces } from './finding.ts';
import { suggestUpgrade } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { explainHealth } from './unhealthy.ts';

/** Nodes that the finding names. */
const maxNodes = 10;

/**
 * Explains a timeout.
 * @param lead beginning of the sentence, such as `It was rolled back`
 * @param recorded the recorded reason, if any
 */
export function explainTimeout(
  snapshot: UpgradeSnapshot,
  lead: string,
  recorded: FailureReason | undefined,
): Finding {
  const { upgrade, application, services } = snapshot;
  const domain = upgrade.domainAtFailure ?? application?.domainAtFailure;
  const { monitoringPolicy: policy } = upgrade;
  const code = selectCode(recorded, policy);
  const judged = findDomain(upgrade.unhealthyEvaluations);
  const where = describeWhere(domain, judged);
  const domainLimit = describeLimit(policy?.upgradeDomainTimeout);
  const upgradeLimit = describeLimit(policy?.upgradeTimeout);
  const cause = {
    'domain-timeout': `${describeOwner(domain, judged)} ran out of time${domainLimit}`,
    'upgrade-timeout': `the upgrade as a whole ran out of time${upgradeLimit} ${where}`,
    timeout: `time ran out ${where}, of the domain${domainLimit} or of the whole upgrade${upgradeLimit}`,
  }[code];
  const health = explainHealth(snapshot);
  const partition = (domain?.nodes ?? []).flatMap((node) => node.safetyChecks)[0]?.partitionId;
  return createFinding(code, 'error', `${lead} because ${cause.trimEnd()}`, {
    where: [...listPlaces(domain), ...health.where.filter(({ kind }) => kind !== 'upgrade domain')],
    evidence: [...describeNodes(domain, services), ...health.evidence],
    next: [
      ...(partition
        ? [{ what: 'See what holds it up', command: commands.buildPartitionHealth(partition) }]
        : []),
      ...health.next,
      ...suggestUpgrade(snapshot),
    ],
  });
}

/**
 * Describes where the upgrade was. A domain without nodes had not begun.
 * @param judged the domain whose health was checked, if that is known
 */
function describeWhere(domain: UpgradeDomainProgress | undefined, judged: string | undefined): string {
  if (domain && domain.nodes.length > 0) return `in upgrade domain ${domain.name}`;
  if (judged !== undefined) return `in the health check of upgrade domain ${judged}`;
  return domain ? `before upgrade domain ${domain.name}` : '';
}

/** Describes the domain that exceeded its limit. */
function describeOwner(domain: UpgradeDomainProgress | undefined, judged: string | undefined): string {
  if (domain && domain.nodes.length > 0) return `upgrade domain ${domain.name}`;
  if (judged !== undefined) return `upgrade domain ${judged}, in its health check,`;
  return domain ? `the domain before upgrade domain ${domain.name}` : 'its upgrade domain';
}

/** Selects the limit that was exceeded. Compose does not report it, but often only one of the two is set. */
function selectCode(
  recorded: FailureReason | undefined,
  policy: MonitoringPolicy | undefined,
): 'domain-timeout' | 'upgrade-timeout' | 'timeout' {
  if (recorded === 'UpgradeDomainTimeout') return 'domain-timeout';
  if (recorded === 'OverallUpgradeTimeout') return 'upgrade-timeout';
  const { upgradeDomainTimeout: domain = Infinity, upgradeTimeout: whole = Infinity } = policy ?? {};
  if (whole === Infinity && domain !== Infinity) return 'domain-timeout';
  return domain === Infinity && whole !== Infinity ? 'upgrade-timeout' : 'timeout';
}

function describeLimit(limit: Duration | undefined): string {
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
