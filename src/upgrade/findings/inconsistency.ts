/** Points out data that contradict each other: clocks that do not fit the state, and a record that says otherwise. */
import { formatDuration, formatProseTime } from '../../platform/format.ts';
import type { Duration } from '../model.ts';
import { nameDomain } from '../names.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { isRollback, isRollingOut } from '../state.ts';
import { findStart } from '../times.ts';
import { createFinding, type Finding, toPlaces } from './finding.ts';
import { systemHealthSteps } from './next-steps.ts';

/** Time after which an upgrade without a clock is late. The clocks of this machine and of the cluster can disagree. */
const lateAfterMs: Duration = 3_600_000;

/** Explains an upgrade that started long ago by its start time, while its own clock still stands at zero. */
export function explainLateStart(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade, now } = snapshot;
  const startedAt = findStart(snapshot);
  if (!isRollingOut(upgrade) || upgrade.duration !== 0) return [];
  if (startedAt === undefined || now === undefined) return [];
  const since = now.getTime() - startedAt.getTime();
  if (!(since >= lateAfterMs)) return [];
  const what = upgrade.currentDomain ? "The upgrade's clock stands still" : 'The rollout has not begun';
  return [
    createFinding('late-start', 'warning', `${what}, although the upgrade started long ago`, {
      evidence: [
        `The upgrade started ${formatDuration(since)} ago (${formatProseTime(startedAt)}), but its own clock is still at zero.`,
        'Usual causes: the cluster manager or the failover manager has not answered, or a service that the new version no longer has cannot be removed.',
      ],
      next: systemHealthSteps,
    }),
  ];
}

/** Time that a limit may be exceeded by: the cluster's clocks move in steps of up to a minute, and so do its checks. */
const graceMs: Duration = 180_000;

/** Explains a time limit that has long passed without the failure that should follow. Only monitored upgrades have limits. */
export function explainOverdue({ upgrade }: UpgradeSnapshot): readonly Finding[] {
  const { mode, monitoringPolicy: policy, duration = 0, domainDuration = 0, currentDomain } = upgrade;
  if (mode !== 'Monitored' || policy === undefined || !isRollingOut(upgrade) || isRollback(upgrade))
    return [];
  const toLimit = (limit = Infinity) => (limit > 0 ? limit : Infinity);
  const upgradeTimeout = toLimit(policy.upgradeTimeout);
  const upgradeDomainTimeout = toLimit(policy.upgradeDomainTimeout);
  const isWhole = duration > upgradeTimeout + graceMs;
  if (!isWhole && domainDuration <= upgradeDomainTimeout + graceMs) return [];
  const domain = currentDomain && currentDomain.nodes.length > 0 ? currentDomain.name : undefined;
  const owner = isWhole ? 'The upgrade' : domain ? nameDomain(domain, 'Domain') : 'The upgrade domain';
  const [time, limit] = isWhole ? [duration, upgradeTimeout] : [domainDuration, upgradeDomainTimeout];
  return [
    createFinding('overdue', 'warning', `${owner} has exceeded its time limit, but still rolls forward`, {
      where: toPlaces('upgrade domain', isWhole || !domain ? [] : [domain], 1),
      evidence: [
        `Its clock is at ${formatDuration(time)}, its limit is ${formatDuration(limit)}.`,
        'Usual cause: the cluster manager, which ends an upgrade then, is busy or failing over.',
      ],
      next: systemHealthSteps,
    }),
  ];
}

/** Explains a record of the application that has ended differently from the deployment's own document. */
export function explainDifference({ upgrade, differing }: UpgradeSnapshot): readonly Finding[] {
  if (differing === undefined) return [];
  const { state, targetVersion } = differing;
  const record = `the record of its application says ${state} (${targetVersion})`;
  const what = `The deployment reports ${upgrade.state} (${upgrade.targetVersion ?? 'no version'}), but ${record}`;
  const evidence = [
    'The deployment follows its application within a minute or so, unless the cluster manager is busy.',
  ];
  return [createFinding('record-differs', 'warning', what, { evidence, next: systemHealthSteps })];
}
