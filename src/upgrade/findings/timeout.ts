/** Explains a timeout: which limit was exceeded, and what was in progress. */
import { formatDuration } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { FailureReason } from '../enums.ts';
import { findDomain } from '../health-tree.ts';
import type { Duration, MonitoringPolicy, UpgradeDomainProgress } from '../model.ts';
import { nameDomain } from '../names.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { isRollback } from '../state.ts';
import { createFinding, type Finding } from './finding.ts';
import { suggestEvents, suggestUpgrade } from './next-steps.ts';
import { describePendingNodes, listPendingPlaces, suggestPartitionHealth } from './pending-nodes.ts';
import { explainHealth } from './unhealthy.ts';

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
  // Where nothing tells what took so long, there is no cause to fix.
  // The nodes of an upgrade that has stopped still wait, which is a finding of its own.
  const isWaiting = !isRollback(upgrade) && (upgrade.currentDomain?.nodes ?? []).length > 0;
  const isFault = (domain?.nodes ?? []).length > 0 || health.evidence.length > 0;
  return createFinding(code, 'error', what, {
    where: [...listPendingPlaces(domain), ...health.where.filter(({ kind }) => kind !== 'upgrade domain')],
    evidence: [...(isWaiting ? [] : describePendingNodes(domain, services)), ...health.evidence],
    next: [
      ...(isWaiting ? [] : suggestPartitionHealth(domain)),
      ...health.next,
      ...suggestEvents(snapshot),
      ...suggestUpgrade(snapshot, isFault),
      ...suggestLimits(code, policy),
      ...(!isWaiting && waitedForSafetyChecks(snapshot, domain) ? [safetyCheckStep] : []),
    ],
  });
}

/** Names the option that keeps safety checks from using up the time of a domain. */
const safetyCheckStep: NextStep = {
  what: 'To continue without safety checks that do not pass in time, set --replica-set-check <seconds> below the time limit.',
};

/** Reports whether nodes waited for safety checks before their upgrade. */
function waitedForSafetyChecks(
  { upgrade, application }: UpgradeSnapshot,
  domain: UpgradeDomainProgress | undefined,
): boolean {
  const classification = upgrade.failureClassification ?? application?.failureClassification;
  const isClassified = classification === 'PreUpgradeSafetyCheckTimeout';
  return isClassified || (domain?.nodes ?? []).some(({ phase }) => phase === 'PreUpgradeSafetyCheck');
}

/** Suggests the options that raise the limits: that of the limit that was exceeded, and those of other finite ones. */
function suggestLimits(code: TimeoutCode, policy: MonitoringPolicy | undefined): readonly NextStep[] {
  const { upgradeDomainTimeout: domain = Infinity, upgradeTimeout: whole = Infinity } = policy ?? {};
  const options = [
    ...(code !== 'domain-timeout' || whole !== Infinity ? ['--upgrade-timeout'] : []),
    ...(code !== 'upgrade-timeout' || domain !== Infinity ? ['--upgrade-domain-timeout'] : []),
  ];
  return [{ what: `If the upgrade needs more time, raise ${options.join(' and ')}.` }];
}

/**
 * Explains a rollback without a recorded reason whose clock has passed the upgrade's time limit. The clock runs on during
 * the rollback, so that the rollback may have begun before. @returns `undefined` if the clock does not show that
 */
export function explainProbableTimeout(snapshot: UpgradeSnapshot, lead: string): Finding | undefined {
  const { upgrade, application } = snapshot;
  const { monitoringPolicy: policy } = upgrade;
  const limit = policy?.upgradeTimeout ?? Infinity;
  const startedAt = upgrade.startedAt ?? application?.startedAt;
  const failedAt = upgrade.failedAt ?? application?.failedAt;
  const isTimed = startedAt !== undefined && failedAt !== undefined;
  const time = isTimed ? failedAt.getTime() - startedAt.getTime() : (upgrade.duration ?? 0);
  if (limit === 0 || limit === Infinity || time < limit) return undefined;
  const what = `${lead}, probably because the upgrade exceeded its time limit of ${formatDuration(limit)}`;
  return createFinding('timeout', 'error', what, {
    evidence: [
      isTimed
        ? `The cluster recorded no reason, but the failure came after ${formatDuration(time)}.`
        : `The cluster recorded no reason, but the upgrade took ${formatDuration(time)}, including the rollback. A request for the rollback is possible, too.`,
    ],
    next: [
      ...suggestEvents(snapshot),
      ...suggestUpgrade(snapshot, false),
      ...suggestLimits('upgrade-timeout', policy),
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
    return {
      subject: nameDomain(domain.name, 'Domain'),
      phase: '',
      where: ` in ${nameDomain(domain.name)}`,
    };
  if (judged !== undefined)
    return {
      subject: nameDomain(judged, 'Domain'),
      phase: ' during its health check',
      where: ` during the health check of ${nameDomain(judged)}`,
    };
  return domain
    ? {
        subject: `The domain before ${nameDomain(domain.name)}`,
        phase: '',
        where: ` before ${nameDomain(domain.name)}`,
      }
    : { subject: 'An upgrade domain', phase: '', where: '' };
}

function describeBoth(domainLimit: string, upgradeLimit: string): string {
  const limits = [
    ...(domainLimit ? [`${domainLimit} for the domain`] : []),
    ...(upgradeLimit ? [`${upgradeLimit} for the upgrade`] : []),
  ];
  return limits.length > 0 ? `: ${limits.join(', ')}` : '';
}

type TimeoutCode = 'domain-timeout' | 'upgrade-timeout' | 'timeout';

/** Selects the limit that was exceeded. Compose does not report it, but often only one of the two is set. */
function selectCode(recorded: FailureReason | undefined, policy: MonitoringPolicy | undefined): TimeoutCode {
  if (recorded === 'UpgradeDomainTimeout') return 'domain-timeout';
  if (recorded === 'OverallUpgradeTimeout') return 'upgrade-timeout';
  const { upgradeDomainTimeout: domain = Infinity, upgradeTimeout: whole = Infinity } = policy ?? {};
  if (whole === Infinity && domain !== Infinity) return 'domain-timeout';
  return domain === Infinity && whole !== Infinity ? 'upgrade-timeout' : 'timeout';
}

function formatLimit(limit: Duration | undefined): string {
  return limit === undefined || limit === Infinity ? '' : formatDuration(limit);
}
