/** Builds the sfctl command that starts an upgrade again. Checked against sfctl 11. */
import { formatArgument } from '../../platform/format.ts';
import { isStoppedByFailure } from '../domain-progress.ts';
import type { RollingUpgradeMode } from '../enums.ts';
import type { ApplicationHealthPolicy, Duration, ServiceTypeHealthPolicy } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { isRollback } from '../state.ts';

/**
 * Builds the command that starts an upgrade with the settings of the last one. Without a mode sfctl starts an
 * unmonitored upgrade; without a failure action the cluster stops a monitored one where it fails.
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
  const { monitoringPolicy: policy, applicationHealthPolicy: health } = upgrade;
  // A rollback replaces the lack of a limit by a limit of its own.
  const replicaSetCheckTimeout =
    (isRollback(upgrade) ? snapshot.application?.replicaSetCheckTimeout : undefined) ??
    upgrade.replicaSetCheckTimeout;
  const mode = findOriginalMode(snapshot);
  const isForced = upgrade.forceRestart || upgrade.kind === 'Rolling_ForceRestart';
  const common = [
    ...formatLimit('replica-set-check', replicaSetCheckTimeout, (ms) => String(ms / 1000)),
    ...(isForced ? ['--force-restart'] : []),
  ];
  if (mode !== 'Monitored') return [`--upgrade-mode ${formatArgument(`${mode}`)}`, ...common];
  const formatUnlessDefault = (name: 'wait' | 'stable' | 'retry', value: Duration | undefined) =>
    value === healthCheckDefaults[name] ? [] : formatLimit(`health-check-${name}`, value, formatIsoDuration);
  return [
    '--upgrade-mode Monitored',
    `--failure-action ${formatArgument(`${policy?.failureAction ?? 'Rollback'}`)}`,
    ...formatUnlessDefault('wait', policy?.healthCheckWait),
    ...formatUnlessDefault('stable', policy?.healthCheckStable),
    ...formatUnlessDefault('retry', policy?.healthCheckRetry),
    ...formatLimit('upgrade-timeout', policy?.upgradeTimeout, formatIsoDuration),
    ...formatLimit('upgrade-domain-timeout', policy?.upgradeDomainTimeout, formatIsoDuration),
    ...common,
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
function findOriginalMode(snapshot: UpgradeSnapshot): RollingUpgradeMode {
  const { upgrade, original } = snapshot;
  if (original?.mode) return original.mode;
  const { mode, monitoringPolicy } = upgrade;
  // The default failure action is Manual: Rollback was requested, and with it health checks.
  const wasMonitored = isRollback(upgrade)
    ? monitoringPolicy?.failureAction === 'Rollback'
    : isStoppedByFailure(snapshot);
  return mode === undefined || wasMonitored ? 'Monitored' : mode;
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

/** Formats the health policies of service types as JSON, if a shell cannot misread their names. */
function formatServiceHealth(health: ApplicationHealthPolicy | undefined): readonly string[] {
  const toSfctl = (policy: ServiceTypeHealthPolicy) => ({
    max_percent_unhealthy_services: policy.maxPercentUnhealthyServices ?? 0,
    max_percent_unhealthy_partitions_per_service: policy.maxPercentUnhealthyPartitionsPerService ?? 0,
    max_percent_unhealthy_replicas_per_partition: policy.maxPercentUnhealthyReplicasPerPartition ?? 0,
  });
  const { defaultServiceType, serviceTypes = new Map<string, ServiceTypeHealthPolicy>() } = health ?? {};
  const byDefault = defaultServiceType && toSfctl(defaultServiceType);
  const isStrict = byDefault === undefined || Object.values(byDefault).every((percent) => percent === 0);
  const isTypable = [...serviceTypes.keys()].every((name) => formatArgument(name) === name);
  const map = [...serviceTypes].map(([Key, value]) => ({ Key, Value: toSfctl(value) }));
  return [
    ...(isStrict ? [] : [`--default-svc-type-health-map '${JSON.stringify(byDefault)}'`]),
    ...(map.length === 0
      ? []
      : [
          `--svc-type-health-map ${isTypable ? `'${JSON.stringify(map)}'` : '<its health policies as JSON>'}`,
        ]),
  ];
}
