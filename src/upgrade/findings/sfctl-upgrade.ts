/** The sfctl command that starts an upgrade again. Checked against sfctl 11. */
import { formatArgument } from '../../platform/format.ts';
import { isStoppedByFailure } from '../domain-progress.ts';
import type { ApplicationHealthPolicy, Duration, ServiceTypeHealthPolicy } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { isRollback } from '../state.ts';

/**
 * Builds the command that starts an upgrade with the settings of the last one. Without a mode sfctl starts an unmonitored
 * upgrade; without a failure action the cluster stops a monitored one where it fails.
 */
export function buildUpgrade(snapshot: UpgradeSnapshot): string {
  const { deployment } = snapshot.upgrade;
  const file = `sfctl compose upgrade --deployment-name ${formatArgument(deployment)} --file-path <compose file>`;
  return [file, ...formatPolicyOptions(snapshot)].join(' ');
}

/** Runtime defaults, in milliseconds. */
const healthCheckDefaults = { wait: 0, stable: 120_000, retry: 600_000 };

function formatPolicyOptions(snapshot: UpgradeSnapshot): readonly string[] {
  const upgrade = snapshot.original ?? snapshot.upgrade;
  const { monitoringPolicy: policy, applicationHealthPolicy: health, replicaSetCheckTimeout } = upgrade;
  const mode = findOriginalMode(snapshot);
  const isForced = upgrade.forceRestart || upgrade.kind === 'Rolling_ForceRestart';
  const always = [
    ...formatLimit('replica-set-check', replicaSetCheckTimeout, (ms) => String(ms / 1000)),
    ...(isForced ? ['--force-restart'] : []),
  ];
  if (mode !== 'Monitored') return [`--upgrade-mode ${formatArgument(mode)}`, ...always];
  const differing = (name: 'wait' | 'stable' | 'retry', value: Duration | undefined) =>
    value === healthCheckDefaults[name] ? [] : formatLimit(`health-check-${name}`, value, formatIsoDuration);
  return [
    '--upgrade-mode Monitored',
    `--failure-action ${policy?.failureAction ? formatArgument(policy.failureAction) : 'Rollback'}`,
    ...differing('wait', policy?.healthCheckWait),
    ...differing('stable', policy?.healthCheckStable),
    ...differing('retry', policy?.healthCheckRetry),
    ...formatLimit('upgrade-timeout', policy?.upgradeTimeout, formatIsoDuration),
    ...formatLimit('upgrade-domain-timeout', policy?.upgradeDomainTimeout, formatIsoDuration),
    ...always,
    ...(health?.considerWarningAsError ? ['--warning-as-error'] : []),
    ...(health?.maxPercentUnhealthyDeployedApplications
      ? [`--unhealthy-app ${health.maxPercentUnhealthyDeployedApplications}`]
      : []),
    ...formatServiceHealth(health),
  ];
}

/**
 * Finds the mode that the upgrade was started with. A monitored upgrade becomes `UnmonitoredAuto` in a rollback, and
 * `UnmonitoredManual` once a failure has stopped it.
 */
function findOriginalMode(snapshot: UpgradeSnapshot): string {
  const { upgrade, original } = snapshot;
  if (original) return original.mode;
  const { mode, monitoringPolicy } = upgrade;
  // The default failure action is Manual, so Rollback was original for, and with it health checks.
  const wasMonitored = isRollback(upgrade)
    ? monitoringPolicy?.failureAction === 'Rollback'
    : isStoppedByFailure(snapshot);
  return mode === '' || wasMonitored ? 'Monitored' : mode;
}

function formatLimit(
  name: string,
  value: Duration | undefined,
  spell: (value: Duration) => string,
): readonly string[] {
  return value === undefined || !Number.isFinite(value) || value < 0 ? [] : [`--${name} ${spell(value)}`];
}

function formatIsoDuration(value: Duration): string {
  return `PT${value / 1000}S`;
}

/** Formats the health policies of service types, which sfctl takes as JSON. */
function formatServiceHealth(health: ApplicationHealthPolicy | undefined): readonly string[] {
  const policyOf = (policy: ServiceTypeHealthPolicy) => ({
    max_percent_unhealthy_services: policy.maxPercentUnhealthyServices ?? 0,
    max_percent_unhealthy_partitions_per_service: policy.maxPercentUnhealthyPartitionsPerService ?? 0,
    max_percent_unhealthy_replicas_per_partition: policy.maxPercentUnhealthyReplicasPerPartition ?? 0,
  });
  const { defaultServiceType, serviceTypes = new Map<string, ServiceTypeHealthPolicy>() } = health ?? {};
  const byDefault = defaultServiceType && policyOf(defaultServiceType);
  const isStrict = byDefault === undefined || Object.values(byDefault).every((percent) => percent === 0);
  const isTypable = [...serviceTypes.keys()].every((name) => formatArgument(name) === name);
  const map = [...serviceTypes].map(([Key, value]) => ({ Key, Value: policyOf(value) }));
  return [
    ...(isStrict ? [] : [`--default-svc-type-health-map '${JSON.stringify(byDefault)}'`]),
    ...(map.length === 0
      ? []
      : [
          `--svc-type-health-map ${isTypable ? `'${JSON.stringify(map)}'` : '<its health policies as JSON>'}`,
        ]),
  ];
}
