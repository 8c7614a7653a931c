/** Explains a timeout: which limit was exceeded, and what was in progress. */
import { formatDuration } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { FailureReason } from '../enums.ts';
import { findDomain } from '../health/causes.ts';
import type { Duration, MonitoringPolicy, UpgradeDomainProgress } from '../model.ts';
import { nameDomain } from '../names.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { isRollback } from '../state.ts';
import { findFailure, findStart } from '../times.ts';
import { createFinding, type Finding } from './finding.ts';
import { clusterHealthStep, suggestEvents, suggestUpgrade } from './next-steps.ts';
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
  // The nodes of an upgrade that has stopped still wait, which is a finding of its own.
  const isWaiting = !isRollback(upgrade) && (upgrade.currentDomain?.nodes ?? []).length > 0;
  // Where nothing tells what took so long, there is no cause to fix.
  const isFault = (domain?.nodes ?? []).length > 0 || health.evidence.length > 0;
  const pending = isWaiting ? [] : describePendingNodes(domain, services);
  return createFinding(code, 'error', what, {
    where: [...listPendingPlaces(domain), ...health.where.filter(({ kind }) => kind !== 'upgrade domain')],
    evidence: [...pending, ...health.evidence],
    ...(health.causes.length > 0 ? { causes: [...pending.slice(0, 1), ...health.causes] } : {}),
    next: [
      ...(isWaiting ? [] : suggestPartitionHealth(domain, snapshot)),
      ...(isClassifiedAsWait(snapshot) ? [clusterHealthStep] : []),
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
  what: 'To continue without safety checks that do not pass in time, set --replica-set-check <duration> below the time limit.',
};

/** Reports whether the runtime puts the failure down to safety checks before the upgrade of a node. */
function isClassifiedAsWait({ upgrade, application }: UpgradeSnapshot): boolean {
  const classification = upgrade.failureClassification ?? application?.failureClassification;
  return classification === 'PreUpgradeSafetyCheckTimeout';
}

/** Reports whether nodes waited for safety checks before their upgrade. */
function waitedForSafetyChecks(
  snapshot: UpgradeSnapshot,
  domain: UpgradeDomainProgress | undefined,
): boolean {
  return (
    isClassifiedAsWait(snapshot) ||
    (domain?.nodes ?? []).some(({ phase }) => phase === 'PreUpgradeSafetyCheck')
  );
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
 * Explains a rollback without a recorded reason when the clocks show that a time limit had passed.
 * @param lead begins the sentence: `Rolled back`
 * @returns `undefined` if the clocks do not show that
 */
export function explainProbableTimeout(snapshot: UpgradeSnapshot, lead: string): Finding | undefined {
  const { monitoringPolicy: policy } = snapshot.upgrade;
  const exceeded = findExceededLimit(snapshot);
  if (exceeded === undefined) return undefined;
  const { owner, limit, fact } = exceeded;
  const what = `${lead}, probably because ${owner} exceeded its time limit of ${formatDuration(limit)}`;
  return createFinding('timeout', 'error', what, {
    evidence: [`The cluster recorded no reason, but ${fact}`],
    next: [
      ...suggestEvents(snapshot),
      ...suggestUpgrade(snapshot, false),
      ...suggestLimits('timeout', policy),
    ],
  });
}

/** Finds the time limit that had passed when the rollback began. */
function findExceededLimit(snapshot: UpgradeSnapshot) {
  const { upgrade, course, original } = snapshot;
  const { failureAction, upgradeTimeout, upgradeDomainTimeout } = upgrade.monitoringPolicy ?? {};
  // Only monitored upgrades have limits; without this action, somebody asked for the rollback.
  if (failureAction !== 'Rollback' || (original?.mode ?? 'Monitored') !== 'Monitored') return undefined;
  const { finished = [], turnedIn } = course.forward ?? {};
  const last = finished.find(({ name }) => name === turnedIn);
  if (last && isExceeded(upgradeDomainTimeout, last.took))
    return {
      owner: nameDomain(last.name),
      limit: upgradeDomainTimeout,
      fact: `the domain took ${formatDuration(last.took)}.`,
    };
  const startedAt = findStart(snapshot);
  const failedAt = findFailure(snapshot);
  const isTimed = startedAt !== undefined && failedAt !== undefined;
  const before = isTimed ? failedAt.getTime() - startedAt.getTime() : last && last.began + last.took;
  const { duration = 0 } = upgrade;
  if (!isExceeded(upgradeTimeout, before ?? duration)) return undefined;
  // The clock runs on during the rollback, which may have begun before.
  const fact =
    before === undefined
      ? `the upgrade took ${formatDuration(duration)}, including the rollback. A request for the rollback is possible, too.`
      : `the rollback began after ${formatDuration(before)}.`;
  return { owner: 'the upgrade', limit: upgradeTimeout, fact };
}

function isExceeded(limit: Duration | undefined, time: Duration): limit is Duration {
  return limit !== undefined && limit > 0 && limit !== Infinity && time >= limit;
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
  return limit === undefined || limit === Infinity || limit <= 0 ? '' : formatDuration(limit);
}
