/** Explains a timeout: which limit was exceeded, and what was in progress. */
import { formatCount, formatDuration } from '../../platform/format.ts';
import type { FailureReason } from '../enums.ts';
import { findDomain } from '../health/causes.ts';
import type { Duration, MonitoringPolicy, UpgradeDomainProgress } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { describeNode } from '../wording.ts';
import { createFinding, type Finding, type Place, toPlaces } from './finding.ts';
import { suggestUpgrade } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { explainHealth } from './unhealthy.ts';

/** Nodes that the finding names. */
const maxNodes = 10;

/** Explains a timeout. @param recorded the recorded reason, if any */
export function explainTimeout(snapshot: UpgradeSnapshot, recorded: FailureReason | undefined): Finding {
  const { upgrade, application, services } = snapshot;
  const domain = upgrade.domainAtFailure ?? application?.domainAtFailure;
  const { monitoringPolicy: policy } = upgrade;
  const code = selectCode(recorded, policy);
  const place = describePlace(domain, findDomain(upgrade.unhealthyEvaluations));
  const domainLimit = formatLimit(policy?.upgradeDomainTimeout);
  const upgradeLimit = formatLimit(policy?.upgradeTimeout);
  const what = {
    'domain-timeout': `${place.subject} exceeded its time limit${domainLimit && ` of ${domainLimit}`}${place.phase}`,
    'upgrade-timeout': `The upgrade exceeded its time limit${upgradeLimit && ` of ${upgradeLimit}`}${place.where}`,
    timeout: `The upgrade exceeded a time limit${place.where}${describeBoth(domainLimit, upgradeLimit)}`,
  }[code];
  const health = explainHealth(snapshot);
  const partition = (domain?.nodes ?? []).flatMap((node) => node.safetyChecks)[0]?.partitionId;
  return createFinding(code, 'error', what, {
    where: [...listPlaces(domain), ...health.where.filter(({ kind }) => kind !== 'upgrade domain')],
    evidence: [...describeNodes(domain, services), ...health.evidence],
    next: [
      ...(partition
        ? [{ what: 'Show the health of the partition', command: commands.buildPartitionHealth(partition) }]
        : []),
      ...health.next,
      ...suggestUpgrade(snapshot),
    ],
  });
}

/**
 * Describes where the upgrade was, as the subject of a sentence and as its end. A domain without nodes had not begun.
 * @param judged the domain whose health was checked, if that is known
 */
function describePlace(
  domain: UpgradeDomainProgress | undefined,
  judged: string | undefined,
): { readonly subject: string; readonly phase: string; readonly where: string } {
  if (domain && domain.nodes.length > 0)
    return { subject: domain.name, phase: '', where: ` in ${domain.name}` };
  if (judged !== undefined)
    return {
      subject: judged,
      phase: ' during its health check',
      where: ` during the health check of ${judged}`,
    };
  return domain
    ? { subject: `The domain before ${domain.name}`, phase: '', where: ` before ${domain.name}` }
    : { subject: 'An upgrade domain', phase: '', where: '' };
}

function describeBoth(domainLimit: string, upgradeLimit: string): string {
  const limits = [
    ...(domainLimit ? [`${domainLimit} for the domain`] : []),
    ...(upgradeLimit ? [`${upgradeLimit} for the upgrade`] : []),
  ];
  return limits.length > 0 ? `: ${limits.join(', ')}` : '';
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

function formatLimit(limit: Duration | undefined): string {
  return limit === undefined || limit === Infinity ? '' : formatDuration(limit);
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
    ...nodes.slice(0, maxNodes).map((node) => `${node.name} was ${describeNode(node, services)}.`),
    ...(left > 0 ? [`And ${formatCount(left, 'more node')}.`] : []),
  ];
}
