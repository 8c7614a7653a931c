/** Describes a plan in an operator's words. Pure. */
import type { UpgradePolicy } from '../../config/upgrade-policy.ts';
import { formatDuration, formatList } from '../../platform/format.ts';
import { describeMode } from '../../upgrade/wording.ts';
import type { UpgradePlan } from './plan.ts';
import { hasSameImages } from './plan.ts';
import { formatNextVersion } from './versions.ts';

/** Services of one kind of change that a plan names. */
const maxServices = 5;

/** Describes the versions: `v1 to v2`. */
export function describeVersions({ fromVersion, toVersion }: UpgradePlan): string {
  const to = toVersion ? formatNextVersion(toVersion) : 'a new version';
  return fromVersion === undefined ? `to ${to}` : `from ${fromVersion} to ${to}`;
}

/** Describes policy and changes, one or two sentences a line. */
export function describePlan(plan: UpgradePlan): readonly string[] {
  return [...describePolicy(plan.policy), ...describeChanges(plan)];
}

function describePolicy({ mode, monitoring, replicaSetCheckTimeoutMs }: UpgradePolicy): readonly string[] {
  const effect = describeMode({
    mode,
    monitoringPolicy: monitoring && {
      failureAction: monitoring.failureAction,
      healthCheckWait: monitoring.healthCheckWaitMs,
      healthCheckStable: monitoring.healthCheckStableMs,
      healthCheckRetry: monitoring.healthCheckRetryMs,
      upgradeTimeout: monitoring.upgradeTimeoutMs,
      upgradeDomainTimeout: monitoring.upgradeDomainTimeoutMs,
    },
  });
  const { healthCheckWaitMs = 0, healthCheckStableMs = 0 } = monitoring ?? {};
  const { upgradeTimeoutMs = Infinity, upgradeDomainTimeoutMs = Infinity } = monitoring ?? {};
  const wait = healthCheckWaitMs > 0 ? `Waits ${formatDuration(healthCheckWaitMs)} after each domain. ` : '';
  const limits = [
    ...(upgradeTimeoutMs < Infinity ? [`${formatDuration(upgradeTimeoutMs)} for the upgrade`] : []),
    ...(upgradeDomainTimeoutMs < Infinity ? [`${formatDuration(upgradeDomainTimeoutMs)} for a domain`] : []),
    ...(replicaSetCheckTimeoutMs < Infinity
      ? [`${formatDuration(replicaSetCheckTimeoutMs)} for safety checks`]
      : []),
  ];
  return [
    `${mode}: ${effect}.${monitoring ? ` ${wait}Continues once a domain was healthy for ${formatDuration(healthCheckStableMs)}.` : ''}`,
    ...(limits.length > 0 ? [`Time limits: ${limits.join(', ')}.`] : []),
    ...describeTolerance(monitoring),
  ];
}

function describeTolerance(monitoring: UpgradePolicy['monitoring']): readonly string[] {
  const { maxPercentUnhealthyNodes = 0, maxPercentUnhealthyInstances = 0 } = monitoring ?? {};
  const parts = [
    ...(maxPercentUnhealthyNodes > 0 ? [`${maxPercentUnhealthyNodes}% unhealthy nodes`] : []),
    ...(maxPercentUnhealthyInstances > 0 ? [`${maxPercentUnhealthyInstances}% unhealthy instances`] : []),
  ];
  const warnings = monitoring?.considerWarningAsError ? 'Warnings count as errors.' : '';
  const tolerance = parts.length > 0 ? `Tolerates ${parts.join(' and ')}.` : '';
  const text = [tolerance, warnings].filter((sentence) => sentence !== '').join(' ');
  return text === '' ? [] : [text];
}

function describeChanges(plan: UpgradePlan): readonly string[] {
  const { changes } = plan;
  if (changes === undefined) return ['Changes of services: unknown.'];
  const { added, deleted, changed } = changes;
  if (hasSameImages(plan)) return ['Services and images: the same as now.'];
  const withImage = added.map(({ name, image }) => (image === undefined ? name : `${name} (${image})`));
  const images = changed.map(({ name, from, to }) => `${name} from ${from} to ${to}`);
  return [...listLine('New image', images), ...listLine('Added', withImage), ...listLine('Deleted', deleted)];
}

function listLine(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`${title}: ${formatList(items, maxServices)}.`];
}
