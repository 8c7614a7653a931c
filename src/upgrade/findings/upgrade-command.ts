/** Builds the command that starts an upgrade again, with the settings of the last one. */
import { formatArgument } from '../../platform/format.ts';
import type { Shells } from '../../platform/shell-quoting.ts';
import { isStoppedByFailure } from '../domain-progress.ts';
import type { RollingUpgradeMode } from '../enums.ts';
import type {
  ApplicationHealthPolicy,
  Duration,
  MonitoringPolicy,
  ServiceTypeHealthPolicy,
} from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { isRollback } from '../state.ts';
import { buildCommand, getCommandContext } from './own-commands.ts';

/** Builds the command. Settings that `sfcompose upgrade` has no options for need sfctl. */
export function buildUpgrade(snapshot: UpgradeSnapshot): string {
  const options = formatOptions(snapshot);
  if (options !== undefined)
    return buildCommand('upgrade', getCommandContext(snapshot), ['-f <compose file>', ...options]);
  const name = formatArgument(snapshot.upgrade.deployment, snapshot.commandTarget?.shells);
  const file = `sfctl compose upgrade --deployment-name ${name} --file-path <compose file>`;
  return [file, ...formatPolicyOptions(snapshot)].join(' ');
}

const modes: ReadonlyMap<RollingUpgradeMode, string> = new Map([
  ['Monitored', 'monitored'],
  ['UnmonitoredAuto', 'auto'],
  ['UnmonitoredManual', 'manual'],
]);

/** Formats the options of `sfcompose upgrade`, without its defaults. @returns `undefined` if they do not suffice */
function formatOptions(snapshot: UpgradeSnapshot): readonly string[] | undefined {
  const upgrade = snapshot.original ?? snapshot.upgrade;
  const { monitoringPolicy: policy, applicationHealthPolicy: health } = upgrade;
  const mode = findOriginalMode(snapshot);
  const word = modes.get(mode);
  const isForced = upgrade.forceRestart || upgrade.kind === 'Rolling_ForceRestart';
  const checkTimeout = findReplicaSetCheckTimeout(snapshot);
  if (word === undefined || isForced || checkTimeout === 0) return undefined;
  const check = formatLimit('replica-set-check', checkTimeout, formatWithUnit);
  if (word !== 'monitored') return [`--mode ${word}`, ...check];
  const { failureAction } = policy ?? {};
  const { defaultServiceType, serviceTypes } = health ?? {};
  const isCovered =
    (failureAction === undefined || failureAction === 'Rollback' || failureAction === 'Manual') &&
    isConsistent(policy) &&
    (serviceTypes?.size ?? 0) === 0 &&
    !defaultServiceType?.maxPercentUnhealthyServices &&
    !defaultServiceType?.maxPercentUnhealthyPartitionsPerService;
  if (!isCovered) return undefined;
  const nodes = health?.maxPercentUnhealthyDeployedApplications;
  const instances = defaultServiceType?.maxPercentUnhealthyReplicasPerPartition;
  return [
    ...(failureAction === 'Manual' ? ['--failure-action manual'] : []),
    ...formatHealthChecks(policy, formatWithUnit),
    ...check,
    ...(health?.considerWarningAsError ? ['--warning-as-error'] : []),
    ...(nodes ? [`--max-unhealthy-nodes ${nodes}`] : []),
    ...(instances ? [`--max-unhealthy-instances ${instances}`] : []),
  ];
}

/** Reports whether the health check fits into the limits, which `sfcompose upgrade` requires, but the runtime does not. */
function isConsistent(policy: MonitoringPolicy | undefined): boolean {
  const { wait, stable, retry } = healthCheckDefaults;
  const whole = limitOr(Infinity, policy?.upgradeTimeout);
  const domain = limitOr(Infinity, policy?.upgradeDomainTimeout);
  const check = Math.max(
    limitOr(stable, policy?.healthCheckStable),
    limitOr(retry, policy?.healthCheckRetry),
  );
  const fits = limitOr(wait, policy?.healthCheckWait) + check < Math.min(whole, domain);
  return fits && (domain === Infinity || domain <= whole);
}

/** Replaces a limit that is missing or impossible. */
function limitOr(defaultValue: Duration, limit: Duration | undefined): Duration {
  return limit === undefined || limit < 0 ? defaultValue : limit;
}

/** A rollback replaces the lack of a limit by a limit of its own. */
function findReplicaSetCheckTimeout({
  original,
  upgrade,
  application,
}: UpgradeSnapshot): Duration | undefined {
  const started = original ?? upgrade;
  return (
    (isRollback(started) ? application?.replicaSetCheckTimeout : undefined) ?? started.replicaSetCheckTimeout
  );
}

/** Formats a duration with units, without rounding: `1h30m`, `2500ms`. */
function formatWithUnit(value: Duration): string {
  const milliseconds = Math.round(value);
  if (milliseconds % 1000 !== 0) return `${milliseconds}ms`;
  const seconds = milliseconds / 1000;
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join('') || '0s';
}

/** Defaults of the runtime, and of `sfcompose upgrade`, in milliseconds. */
const healthCheckDefaults = { wait: 0, stable: 120_000, retry: 600_000 };

/** Formats the times of health checks and the limits, which have the same options in sfcompose and sfctl. */
function formatHealthChecks(
  policy: MonitoringPolicy | undefined,
  spell: (value: Duration) => string,
): readonly string[] {
  const formatUnlessDefault = (name: 'wait' | 'stable' | 'retry', value: Duration | undefined) =>
    value === healthCheckDefaults[name] ? [] : formatLimit(`health-check-${name}`, value, spell);
  return [
    ...formatUnlessDefault('wait', policy?.healthCheckWait),
    ...formatUnlessDefault('stable', policy?.healthCheckStable),
    ...formatUnlessDefault('retry', policy?.healthCheckRetry),
    ...formatLimit('upgrade-timeout', policy?.upgradeTimeout, spell),
    ...formatLimit('upgrade-domain-timeout', policy?.upgradeDomainTimeout, spell),
  ];
}

/**
 * Formats the options of sfctl 11. Without a mode sfctl starts an unmonitored upgrade; without a failure action the
 * cluster stops a monitored one where it fails.
 */
function formatPolicyOptions(snapshot: UpgradeSnapshot): readonly string[] {
  const shells = snapshot.commandTarget?.shells;
  const upgrade = snapshot.original ?? snapshot.upgrade;
  const { monitoringPolicy: policy, applicationHealthPolicy: health } = upgrade;
  const mode = findOriginalMode(snapshot);
  const isForced = upgrade.forceRestart || upgrade.kind === 'Rolling_ForceRestart';
  const common = [
    ...formatLimit('replica-set-check', findReplicaSetCheckTimeout(snapshot), (ms) => String(ms / 1000)),
    ...(isForced ? ['--force-restart'] : []),
  ];
  if (mode !== 'Monitored') return [`--upgrade-mode ${formatArgument(`${mode}`, shells)}`, ...common];
  return [
    '--upgrade-mode Monitored',
    `--failure-action ${formatArgument(`${policy?.failureAction ?? 'Rollback'}`, shells)}`,
    ...formatHealthChecks(policy, formatIsoDuration),
    ...common,
    ...(health?.considerWarningAsError ? ['--warning-as-error'] : []),
    ...(health?.maxPercentUnhealthyDeployedApplications
      ? [`--unhealthy-app ${health.maxPercentUnhealthyDeployedApplications}`]
      : []),
    ...formatServiceHealth(health, shells),
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

/** Formats the health policies of service types as JSON. */
function formatServiceHealth(
  health: ApplicationHealthPolicy | undefined,
  shells: Shells | undefined,
): readonly string[] {
  const toSfctl = (policy: ServiceTypeHealthPolicy) => ({
    max_percent_unhealthy_services: policy.maxPercentUnhealthyServices ?? 0,
    max_percent_unhealthy_partitions_per_service: policy.maxPercentUnhealthyPartitionsPerService ?? 0,
    max_percent_unhealthy_replicas_per_partition: policy.maxPercentUnhealthyReplicasPerPartition ?? 0,
  });
  const { defaultServiceType, serviceTypes = new Map<string, ServiceTypeHealthPolicy>() } = health ?? {};
  const byDefault = defaultServiceType && toSfctl(defaultServiceType);
  const isStrict = byDefault === undefined || Object.values(byDefault).every((percent) => percent === 0);
  const map = [...serviceTypes].map(([Key, value]) => ({ Key, Value: toSfctl(value) }));
  return [
    ...(isStrict ? [] : [`--default-svc-type-health-map ${formatJson(byDefault, shells)}`]),
    ...(map.length === 0 ? [] : [`--svc-type-health-map ${formatJson(map, shells)}`]),
  ];
}

/** Formats JSON as an argument, if all of it is plain and the shell passes its quotes to sfctl. */
function formatJson(value: unknown, shells: Shells | undefined): string {
  const json = JSON.stringify(value);
  const isPlain = /^[\w.~:/[\]{}",-]*$/.test(json);
  // Before version 7.3 PowerShell drops the double quotes.
  if (!isPlain || shells?.length !== 1 || shells[0] === 'powershell') return '<its health policies as JSON>';
  return shells[0] === 'cmd' ? `"${json.replaceAll('"', '\\"')}"` : `'${json}'`;
}
