/** What an operator can type next, with the names of this upgrade filled in. Checked against sfctl 11. */

import type { Reach } from '../connection/reach.ts';
import { isStopped } from '../progress.ts';
import type { Situation } from '../situation.ts';
import { timeText, typed } from '../text.ts';
import {
  type ApplicationHealthPolicy,
  type Duration,
  isRollback,
  type ServiceTypeHealthPolicy,
  type Upgrade,
} from '../upgrade.ts';

type Named = Pick<Upgrade, 'deployment' | 'application'>;

/** `fabric:/a/b` is `a~b` in REST. */
function applicationId({ application, deployment }: Named): string {
  return typed(application.replace(/^fabric:\//, '').replaceAll('/', '~') || deployment);
}

export function moveNext(upgrade: Named, domain: string): string {
  return `sfctl application upgrade-resume --application-id ${applicationId(upgrade)} --upgrade-domain-name ${typed(domain)}`;
}

export function rollBack({ deployment }: Named): string {
  return `sfctl compose upgrade-rollback --deployment-name ${typed(deployment)}`;
}

/**
 * Builds the command that starts an upgrade with the settings of the last one. Without a mode sfctl starts an unmonitored
 * upgrade; without a failure action the cluster stops a monitored one where it fails.
 */
export function startUpgrade(situation: Situation): string {
  const { deployment } = situation.upgrade;
  const file = `sfctl compose upgrade --deployment-name ${typed(deployment)} --file-path <compose file>`;
  return [file, ...policyOptions(situation)].join(' ');
}

/** Runtime defaults, in milliseconds. */
const healthCheckDefaults = { wait: 0, stable: 120_000, retry: 600_000 };

function policyOptions(situation: Situation): readonly string[] {
  const upgrade = situation.asked ?? situation.upgrade;
  const { monitoringPolicy: policy, applicationHealthPolicy: health, replicaSetCheckTimeout } = upgrade;
  const mode = modeAsked(situation);
  const isForced = upgrade.forceRestart || upgrade.kind === 'Rolling_ForceRestart';
  const always = [
    ...limitOption('replica-set-check', replicaSetCheckTimeout, (ms) => String(ms / 1000)),
    ...(isForced ? ['--force-restart'] : []),
  ];
  if (mode !== 'Monitored') return [`--upgrade-mode ${typed(mode)}`, ...always];
  const differing = (name: 'wait' | 'stable' | 'retry', value: Duration | undefined) =>
    value === healthCheckDefaults[name] ? [] : limitOption(`health-check-${name}`, value, isoDuration);
  return [
    '--upgrade-mode Monitored',
    `--failure-action ${policy?.failureAction ? typed(policy.failureAction) : 'Rollback'}`,
    ...differing('wait', policy?.healthCheckWait),
    ...differing('stable', policy?.healthCheckStable),
    ...differing('retry', policy?.healthCheckRetry),
    ...limitOption('upgrade-timeout', policy?.upgradeTimeout, isoDuration),
    ...limitOption('upgrade-domain-timeout', policy?.upgradeDomainTimeout, isoDuration),
    ...always,
    ...(health?.considerWarningAsError ? ['--warning-as-error'] : []),
    ...(health?.maxPercentUnhealthyDeployedApplications
      ? [`--unhealthy-app ${health.maxPercentUnhealthyDeployedApplications}`]
      : []),
    ...serviceHealthOptions(health),
  ];
}

/**
 * Finds the mode that the upgrade was started with. A monitored upgrade becomes `UnmonitoredAuto` in a rollback, and
 * `UnmonitoredManual` once a failure has stopped it.
 */
function modeAsked(situation: Situation): string {
  const { upgrade, asked } = situation;
  if (asked) return asked.mode;
  const { mode, monitoringPolicy } = upgrade;
  // The default failure action is Manual, so Rollback was asked for, and with it health checks.
  const wasMonitored = isRollback(upgrade)
    ? monitoringPolicy?.failureAction === 'Rollback'
    : isStopped(situation);
  return mode === '' || wasMonitored ? 'Monitored' : mode;
}

function limitOption(
  name: string,
  value: Duration | undefined,
  spell: (value: Duration) => string,
): readonly string[] {
  return value === undefined || !Number.isFinite(value) || value < 0 ? [] : [`--${name} ${spell(value)}`];
}

function isoDuration(value: Duration): string {
  return `PT${value / 1000}S`;
}

/** Formats the health policies of service types, which sfctl takes as JSON. */
function serviceHealthOptions(health: ApplicationHealthPolicy | undefined): readonly string[] {
  const policyOf = (policy: ServiceTypeHealthPolicy) => ({
    max_percent_unhealthy_services: policy.maxPercentUnhealthyServices ?? 0,
    max_percent_unhealthy_partitions_per_service: policy.maxPercentUnhealthyPartitionsPerService ?? 0,
    max_percent_unhealthy_replicas_per_partition: policy.maxPercentUnhealthyReplicasPerPartition ?? 0,
  });
  const { defaultServiceType, serviceTypes = new Map<string, ServiceTypeHealthPolicy>() } = health ?? {};
  const byDefault = defaultServiceType && policyOf(defaultServiceType);
  const isStrict = byDefault === undefined || Object.values(byDefault).every((percent) => percent === 0);
  const isTypable = [...serviceTypes.keys()].every((name) => typed(name) === name);
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

/** Puts the command that selects the cluster in sfctl before other sfctl commands. */
export function afterSelect(next: readonly string[], reach: Reach | undefined): readonly string[] {
  const select = reach?.sfctlSelect;
  if (select === undefined || !next.some((line) => line.includes(': sfctl '))) return next;
  return [`Select this cluster in sfctl: ${select}`, ...next];
}

export function removeDeployment({ deployment }: Named): string {
  return `sfctl compose remove --deployment-name ${typed(deployment)}`;
}

export function createDeployment({ deployment }: Named): string {
  return `sfctl compose create --deployment-name ${typed(deployment)} --file-path <compose file>`;
}

export function deploymentStatus({ deployment }: Named): string {
  return `sfctl compose status --deployment-name ${typed(deployment)}`;
}

export function applicationHealth(upgrade: Named): string {
  return `sfctl application health --application-id ${applicationId(upgrade)}`;
}

export function nodeHealth(upgrade: Named, node: string): string {
  return `sfctl application deployed-health --application-id ${applicationId(upgrade)} --node-name ${typed(node)}`;
}

export function containerLogs(
  upgrade: Named,
  node: string,
  servicePackage: string,
  codePackage: string,
): string {
  return (
    `sfctl service get-container-logs --application-id ${applicationId(upgrade)} --node-name ${typed(node)}` +
    ` --service-manifest-name ${typed(servicePackage)} --code-package-name ${typed(codePackage)} --previous`
  );
}

export function partitionHealth(partition: string): string {
  return `sfctl partition health --partition-id ${typed(partition)}`;
}

export function instances(partition: string): string {
  return `sfctl replica list --partition-id ${typed(partition)}`;
}

export const nodes = 'sfctl node list';

export const clusterHealth = 'sfctl cluster health';

/** The cluster keeps events only where its EventStore is on. */
export function events(upgrade: Named, from: Date, to: Date): string {
  return (
    `sfctl events application-list --application-id ${applicationId(upgrade)}` +
    ` --start-time-utc ${timeText(from)} --end-time-utc ${timeText(to)}`
  );
}
