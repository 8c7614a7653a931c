/** Resolves the policy of an upgrade from its options, and checks that it is consistent. */
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { resolve, type Setting, toFlag } from './setting.ts';
import {
  type FailureAction,
  failureActionSetting,
  healthCheckRetrySetting,
  healthCheckStableSetting,
  healthCheckWaitSetting,
  maxUnhealthyInstancesSetting,
  maxUnhealthyNodesSetting,
  modeSetting,
  replicaSetCheckSetting,
  spellDuration,
  type UpgradeMode,
  upgradeDomainTimeoutSetting,
  upgradeTimeoutSetting,
} from './upgrade-settings.ts';

/** The policy of an upgrade. */
export interface UpgradePolicy {
  readonly mode: UpgradeMode;
  /** Whole seconds, in milliseconds; `Infinity` for no limit. */
  readonly replicaSetCheckTimeoutMs: number;
  /** `undefined` unless the mode is `Monitored`. */
  readonly monitoring: MonitoringPolicy | undefined;
}

/** The policy of a monitored upgrade. */
export interface MonitoringPolicy {
  readonly failureAction: FailureAction;
  readonly healthCheckWaitMs: number;
  readonly healthCheckStableMs: number;
  readonly healthCheckRetryMs: number;
  /** `Infinity` for no limit. */
  readonly upgradeTimeoutMs: number;
  /** `Infinity` for no limit. */
  readonly upgradeDomainTimeoutMs: number;
  readonly considerWarningAsError: boolean;
  /** The cluster's `MaxPercentUnhealthyDeployedApplications`. */
  readonly maxPercentUnhealthyNodes: number;
  /** The cluster's `MaxPercentUnhealthyReplicasPerPartition`: compose services have one partition. */
  readonly maxPercentUnhealthyInstances: number;
}

/** Policy options as typed, unchecked. */
export interface UpgradePolicyFlags {
  readonly mode?: string | undefined;
  readonly failureAction?: string | undefined;
  readonly healthCheckWait?: string | undefined;
  readonly healthCheckStable?: string | undefined;
  readonly healthCheckRetry?: string | undefined;
  readonly upgradeTimeout?: string | undefined;
  readonly upgradeDomainTimeout?: string | undefined;
  readonly replicaSetCheck?: string | undefined;
  readonly warningAsError?: boolean | undefined;
  readonly maxUnhealthyNodes?: string | undefined;
  readonly maxUnhealthyInstances?: string | undefined;
}

/** Flags that only a monitored upgrade uses. */
const monitoringFlags = [
  'failureAction',
  'healthCheckWait',
  'healthCheckStable',
  'healthCheckRetry',
  'upgradeTimeout',
  'upgradeDomainTimeout',
  'warningAsError',
  'maxUnhealthyNodes',
  'maxUnhealthyInstances',
] as const satisfies readonly (keyof UpgradePolicyFlags)[];

/**
 * Resolves the policy of an upgrade.
 * @throws a usage error for a wrong value, an option that the mode does not use, or durations that contradict each other,
 * which the cluster does not check
 */
export function resolveUpgradePolicy(flags: UpgradePolicyFlags, env: Host['env']): UpgradePolicy {
  const mode = resolve(modeSetting, flags.mode, env);
  const replicaSetCheckTimeoutMs = resolve(replicaSetCheckSetting, flags.replicaSetCheck, env);
  if (mode === 'Monitored')
    return { mode, replicaSetCheckTimeoutMs, monitoring: resolveMonitoring(flags, env) };
  const useless = monitoringFlags.find((name) => flags[name] !== undefined);
  if (useless)
    throw usageError(
      `${toFlag(useless)} requires --mode monitored, but --mode is ${flags.mode}: the cluster would not check health.`,
    );
  return { mode, replicaSetCheckTimeoutMs, monitoring: undefined };
}

function resolveMonitoring(flags: UpgradePolicyFlags, env: Host['env']): MonitoringPolicy {
  const policy: MonitoringPolicy = {
    failureAction: resolve(failureActionSetting, flags.failureAction, env),
    healthCheckWaitMs: resolve(healthCheckWaitSetting, flags.healthCheckWait, env),
    healthCheckStableMs: resolve(healthCheckStableSetting, flags.healthCheckStable, env),
    healthCheckRetryMs: resolve(healthCheckRetrySetting, flags.healthCheckRetry, env),
    upgradeTimeoutMs: resolve(upgradeTimeoutSetting, flags.upgradeTimeout, env),
    upgradeDomainTimeoutMs: resolve(upgradeDomainTimeoutSetting, flags.upgradeDomainTimeout, env),
    considerWarningAsError: flags.warningAsError ?? false,
    maxPercentUnhealthyNodes: resolve(maxUnhealthyNodesSetting, flags.maxUnhealthyNodes, env),
    maxPercentUnhealthyInstances: resolve(maxUnhealthyInstancesSetting, flags.maxUnhealthyInstances, env),
  };
  rejectContradictions(policy);
  return policy;
}

function rejectContradictions(policy: MonitoringPolicy): void {
  const wait: Named = [healthCheckWaitSetting, policy.healthCheckWaitMs];
  const upgradeTimeout: Named = [upgradeTimeoutSetting, policy.upgradeTimeoutMs];
  const domainTimeout: Named = [upgradeDomainTimeoutSetting, policy.upgradeDomainTimeoutMs];
  for (const limit of [domainTimeout, upgradeTimeout])
    for (const check of [
      [healthCheckStableSetting, policy.healthCheckStableMs],
      [healthCheckRetrySetting, policy.healthCheckRetryMs],
    ] as const)
      if (wait[1] + check[1] >= limit[1])
        throw usageError(
          `${format(wait)} and ${format(check)} together must be shorter than ${format(limit)}: the upgrade would always time out.`,
        );
  if (upgradeTimeout[1] < domainTimeout[1] && domainTimeout[1] !== Infinity)
    throw usageError(`${format(upgradeTimeout)} must not be shorter than ${format(domainTimeout)}.`);
}

/** A setting and its value in milliseconds. */
type Named = readonly [setting: Setting<number>, value: number];

function format([{ flag, defaultValue }, value]: Named): string {
  const text = spellDuration(value);
  return `${flag} ${text}${text === defaultValue ? ' (default)' : ''}`;
}
