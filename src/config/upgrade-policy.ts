/** Resolves the policy of an upgrade: its mode, its reaction to failures, its limits and its tolerance. */
import { usageError } from '../platform/errors.ts';
import { formatDuration } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { resolve, toFlag } from './setting.ts';
import {
  failureActionSetting,
  healthCheckRetrySetting,
  healthCheckStableSetting,
  healthCheckWaitSetting,
  maxUnhealthyInstancesSetting,
  maxUnhealthyNodesSetting,
  modeSetting,
  replicaSetCheckSetting,
  upgradeDomainTimeoutSetting,
  upgradeTimeoutSetting,
} from './upgrade-settings.ts';

/** The policy of an upgrade. Times are milliseconds; `Infinity` means no limit. */
export interface UpgradePolicy {
  readonly mode: 'Monitored' | 'UnmonitoredAuto' | 'UnmonitoredManual';
  /** Longest wait for safety checks. */
  readonly replicaSetCheckTimeoutMs: number;
  /** `undefined` without health checks. */
  readonly monitoring: MonitoringPolicy | undefined;
}

/** The policy of a monitored upgrade. Percentages are from 0 to 100. */
export interface MonitoringPolicy {
  readonly failureAction: 'Rollback' | 'Manual';
  readonly healthCheckWaitMs: number;
  readonly healthCheckStableMs: number;
  readonly healthCheckRetryMs: number;
  readonly upgradeTimeoutMs: number;
  readonly upgradeDomainTimeoutMs: number;
  readonly considerWarningAsError: boolean;
  readonly maxPercentUnhealthyNodes: number;
  readonly maxPercentUnhealthyInstances: number;
}

/** Options as typed, not checked yet. */
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

const wireModes = {
  monitored: 'Monitored',
  auto: 'UnmonitoredAuto',
  manual: 'UnmonitoredManual',
} as const;

/** Options that have no effect without health checks. */
const monitoredOnly = [
  'failureAction',
  'healthCheckWait',
  'healthCheckStable',
  'healthCheckRetry',
  'upgradeTimeout',
  'upgradeDomainTimeout',
  'warningAsError',
  'maxUnhealthyNodes',
  'maxUnhealthyInstances',
] as const;

/** @throws a usage error for a wrong value, or for options that contradict each other */
export function resolveUpgradePolicy(flags: UpgradePolicyFlags, env: Host['env']): UpgradePolicy {
  const mode = resolve(modeSetting, flags.mode, env);
  const replicaSetCheckTimeoutMs = resolve(replicaSetCheckSetting, flags.replicaSetCheck, env);
  if (mode === 'monitored')
    return { mode: wireModes[mode], replicaSetCheckTimeoutMs, monitoring: resolveMonitoring(flags, env) };
  const useless = monitoredOnly.find((name) => flags[name] !== undefined);
  if (useless)
    throw usageError(
      `${toFlag(useless)} needs --mode monitored, but the mode is ${mode}: it checks no health.`,
    );
  return { mode: wireModes[mode], replicaSetCheckTimeoutMs, monitoring: undefined };
}

function resolveMonitoring(flags: UpgradePolicyFlags, env: Host['env']): MonitoringPolicy {
  const failureAction = resolve(failureActionSetting, flags.failureAction, env);
  const monitoring: MonitoringPolicy = {
    failureAction: failureAction === 'rollback' ? 'Rollback' : 'Manual',
    healthCheckWaitMs: resolve(healthCheckWaitSetting, flags.healthCheckWait, env),
    healthCheckStableMs: resolve(healthCheckStableSetting, flags.healthCheckStable, env),
    healthCheckRetryMs: resolve(healthCheckRetrySetting, flags.healthCheckRetry, env),
    upgradeTimeoutMs: resolve(upgradeTimeoutSetting, flags.upgradeTimeout, env),
    upgradeDomainTimeoutMs: resolve(upgradeDomainTimeoutSetting, flags.upgradeDomainTimeout, env),
    considerWarningAsError: flags.warningAsError ?? false,
    maxPercentUnhealthyNodes: resolve(maxUnhealthyNodesSetting, flags.maxUnhealthyNodes, env),
    maxPercentUnhealthyInstances: resolve(maxUnhealthyInstancesSetting, flags.maxUnhealthyInstances, env),
  };
  refuseContradictions(monitoring);
  return monitoring;
}

/** The runtime does not check whether the times of a compose upgrade fit together. */
function refuseContradictions(policy: MonitoringPolicy): void {
  const { healthCheckWaitMs, healthCheckStableMs, healthCheckRetryMs } = policy;
  const { upgradeTimeoutMs, upgradeDomainTimeoutMs } = policy;
  const checks = [
    { flag: '--health-check-stable', ms: healthCheckStableMs },
    { flag: '--health-check-retry', ms: healthCheckRetryMs },
  ];
  const limits = [
    { flag: '--upgrade-domain-timeout', ms: upgradeDomainTimeoutMs },
    { flag: '--upgrade-timeout', ms: upgradeTimeoutMs },
  ];
  for (const check of checks)
    for (const limit of limits)
      if (healthCheckWaitMs + check.ms >= limit.ms)
        throw usageError(
          `--health-check-wait ${formatDuration(healthCheckWaitMs)} and ${check.flag} ${formatDuration(check.ms)} together must be shorter than ${limit.flag} ${formatDuration(limit.ms)}.`,
        );
  if (upgradeTimeoutMs < upgradeDomainTimeoutMs && upgradeDomainTimeoutMs < Infinity)
    throw usageError(
      `--upgrade-timeout ${formatDuration(upgradeTimeoutMs)} must not be shorter than --upgrade-domain-timeout ${formatDuration(upgradeDomainTimeoutMs)}.`,
    );
}
