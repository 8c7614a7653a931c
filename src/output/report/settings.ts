/** Lists the effective settings as facts of a report, without secrets. */
import type { Connection, EffectiveSetting } from '../../config/connection.ts';
import { capitalize, formatDuration } from '../../platform/format.ts';
import type { ServiceTypeHealthPolicy, Upgrade } from '../../upgrade/model.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isRollback } from '../../upgrade/state.ts';
import { describeFailureAction } from '../../upgrade/wording.ts';
import type { Fact } from './document.ts';

/** Service types whose health policy is listed. */
const maxServiceTypes = 20;

/** Lists the settings that the upgrade was started with, as far as they are known. */
export function listPolicy(snapshot: UpgradeSnapshot): readonly Fact[] {
  const { upgrade, application, original } = snapshot;
  // Before the rollout, the document has those of the previous upgrade.
  if (endedBeforeRollout(snapshot)) return [];
  const own = original ?? upgrade;
  // A rollback changes the mode, and may change the limit.
  const isOwn = original !== undefined || !isRollback(upgrade);
  const { monitoringPolicy: policy } = own;
  const checks = application?.replicaSetCheckTimeout ?? (isOwn ? own.replicaSetCheckTimeout : undefined);
  return [
    ['Mode', isOwn && own.mode ? `${own.mode}` : undefined],
    ['After a failure', policy?.failureAction && describeFailureAction(own)],
    ['Health check, wait', formatLimit(policy?.healthCheckWait)],
    ['Health check, stable for', formatLimit(policy?.healthCheckStable)],
    ['Health check, retry for', formatLimit(policy?.healthCheckRetry)],
    ['Limit of the upgrade', formatLimit(policy?.upgradeTimeout)],
    ['Limit of an upgrade domain', formatLimit(policy?.upgradeDomainTimeout)],
    ['Limit of safety checks', formatLimit(checks)],
    ['Forced restart', own.forceRestart ? 'yes' : undefined],
    ...listHealthPolicy(own),
  ];
}

function formatLimit(duration: number | undefined): string | undefined {
  return duration === undefined ? undefined : formatDuration(duration);
}

function listHealthPolicy({ applicationHealthPolicy: policy }: Upgrade): readonly Fact[] {
  if (policy === undefined) return [];
  const { maxPercentUnhealthyDeployedApplications: nodes, defaultServiceType, serviceTypes } = policy;
  const types = [...serviceTypes].slice(0, maxServiceTypes);
  return [
    ['Warnings count as errors', policy.considerWarningAsError ? 'yes' : 'no'],
    ['Tolerated unhealthy nodes', nodes === undefined ? undefined : `${nodes}%`],
    ['Tolerated in services', describeTolerance(defaultServiceType)],
    ...types.map(([name, type]): Fact => [`Tolerated in ${name}`, describeTolerance(type)]),
  ];
}

function describeTolerance(type: ServiceTypeHealthPolicy | undefined): string | undefined {
  const parts: readonly (readonly [string, number | undefined])[] = [
    ['services', type?.maxPercentUnhealthyServices],
    ['partitions', type?.maxPercentUnhealthyPartitionsPerService],
    ['replicas', type?.maxPercentUnhealthyReplicasPerPartition],
  ];
  return parts
    .flatMap(([noun, percent]) => (percent === undefined ? [] : [`${percent}% of ${noun}`]))
    .join(', ');
}

/** Lists the settings of a connection. They name kinds of credentials, never the credentials. */
export function listConnection({
  effectiveSettings: settings,
}: Pick<Connection, 'effectiveSettings'>): readonly Fact[] {
  const isCredential = ({ name }: EffectiveSetting) => name === 'token' || name === 'client certificate';
  return [
    ...settings.map(({ name, value }): Fact => [capitalize(name), value]),
    ['Authentication', settings.some(isCredential) ? undefined : 'none'],
  ];
}
