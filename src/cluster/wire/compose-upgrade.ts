/**
 * Parses a ComposeDeploymentUpgradeProgressInfo, both in the form that the runtime sends
 * (`ServiceModel/ComposeDeploymentUpgradeProgress.h`) and in the published form.
 */
import * as v from 'valibot';
import {
  failureActions,
  type KnownUpgradeState,
  rollingUpgradeModes,
  upgradeKinds,
  upgradeStates,
} from '../../upgrade/enums.ts';
import type {
  ApplicationHealthPolicy,
  HealthEvaluation,
  MonitoringPolicy,
  Upgrade,
} from '../../upgrade/model.ts';
import { parseEvaluations } from './health-evaluation.ts';
import {
  collectUnknown,
  createList,
  duration,
  elapsedDuration,
  enumeration,
  flag,
  identifier,
  isObject,
  lenient,
  list,
  maxListLength,
  number,
  optionalName,
  requiredName,
  seconds,
  text,
  time,
} from './schema.ts';
import {
  domainProgress,
  failureClassification,
  failureReason,
  healthCheckMembers,
  toHealthCheck,
} from './upgrade-domain.ts';

const monitoringPolicySchema = v.pipe(
  v.object({
    FailureAction: enumeration(failureActions),
    HealthCheckWaitDurationInMilliseconds: duration,
    HealthCheckStableDurationInMilliseconds: duration,
    HealthCheckRetryTimeoutInMilliseconds: duration,
    UpgradeTimeoutInMilliseconds: duration,
    UpgradeDomainTimeoutInMilliseconds: duration,
  }),
  v.transform(
    (policy): MonitoringPolicy => ({
      failureAction: policy.FailureAction,
      healthCheckWait: policy.HealthCheckWaitDurationInMilliseconds,
      healthCheckStable: policy.HealthCheckStableDurationInMilliseconds,
      healthCheckRetry: policy.HealthCheckRetryTimeoutInMilliseconds,
      upgradeTimeout: policy.UpgradeTimeoutInMilliseconds,
      upgradeDomainTimeout: policy.UpgradeDomainTimeoutInMilliseconds,
    }),
  ),
);

const serviceTypeHealthPolicySchema = v.pipe(
  v.object({
    MaxPercentUnhealthyServices: number,
    MaxPercentUnhealthyPartitionsPerService: number,
    MaxPercentUnhealthyReplicasPerPartition: number,
  }),
  v.transform((policy) => ({
    maxPercentUnhealthyServices: policy.MaxPercentUnhealthyServices,
    maxPercentUnhealthyPartitionsPerService: policy.MaxPercentUnhealthyPartitionsPerService,
    maxPercentUnhealthyReplicasPerPartition: policy.MaxPercentUnhealthyReplicasPerPartition,
  })),
);

const applicationHealthPolicySchema = v.pipe(
  v.object({
    ConsiderWarningAsError: flag,
    MaxPercentUnhealthyDeployedApplications: number,
    DefaultServiceTypeHealthPolicy: lenient(serviceTypeHealthPolicySchema, undefined),
    ServiceTypeHealthPolicyMap: createList(
      v.object({ Key: requiredName, Value: serviceTypeHealthPolicySchema }),
    ),
  }),
  v.transform(
    (policy): ApplicationHealthPolicy => ({
      considerWarningAsError: policy.ConsiderWarningAsError,
      maxPercentUnhealthyDeployedApplications: policy.MaxPercentUnhealthyDeployedApplications,
      defaultServiceType: policy.DefaultServiceTypeHealthPolicy,
      serviceTypes: new Map(policy.ServiceTypeHealthPolicyMap.map(({ Key, Value }) => [Key, Value])),
    }),
  ),
);

const progressSchema = v.object({
  DeploymentName: identifier,
  ApplicationName: optionalName,
  UpgradeState: enumeration(Object.keys(upgradeStates) as readonly KnownUpgradeState[]),
  UpgradeStatusDetails: text,
  UpgradeKind: enumeration(upgradeKinds),
  RollingUpgradeMode: enumeration(rollingUpgradeModes),
  ForceRestart: flag,
  UpgradeReplicaSetCheckTimeoutInSeconds: seconds,
  MonitoringPolicy: lenient(monitoringPolicySchema, undefined),
  ApplicationHealthPolicy: lenient(applicationHealthPolicySchema, undefined),
  TargetApplicationTypeVersion: identifier,
  UpgradeDuration: elapsedDuration,
  CurrentUpgradeDomainDuration: elapsedDuration,
  ApplicationUnhealthyEvaluations: list,
  CurrentUpgradeDomainProgress: domainProgress,
  StartTimestampUtc: time,
  FailureTimestampUtc: time,
  // Published, but never sent by the runtime.
  FailureReason: failureReason,
  FailureClassification: failureClassification,
  ...healthCheckMembers,
  UpgradeDomainProgressAtFailure: domainProgress,
  ApplicationUpgradeStatusDetails: text,
});

const knownMembers = Object.keys(progressSchema.entries);

/** Parses the document; `undefined` for JSON with neither a state nor a target version. */
export function parseComposeUpgrade(value: unknown): Upgrade | undefined {
  if (!isObject(value) || !('UpgradeState' in value || 'TargetApplicationTypeVersion' in value))
    return undefined;
  const members = v.parse(progressSchema, value);
  const budget = { left: maxListLength };
  const evaluations = parseEvaluations(members.ApplicationUnhealthyEvaluations, budget);
  // A truncated list is reported as an unknown member.
  const cut = [
    ...(budget.left < 0 ? ['ApplicationUnhealthyEvaluations'] : []),
    ...(hasTooManyNodes(value['CurrentUpgradeDomainProgress']) ? ['NodeUpgradeProgressList'] : []),
  ].map((name) => ({ name, value: `no more than ${maxListLength} are read` }));
  return {
    // Replaced by the Gateway with the requested name.
    deployment: members.DeploymentName ?? '',
    application: members.ApplicationName,
    state: members.UpgradeState,
    statusDetails: members.UpgradeStatusDetails,
    kind: members.UpgradeKind,
    mode: members.RollingUpgradeMode,
    forceRestart: members.ForceRestart,
    replicaSetCheckTimeout: members.UpgradeReplicaSetCheckTimeoutInSeconds,
    monitoringPolicy: members.MonitoringPolicy,
    applicationHealthPolicy: members.ApplicationHealthPolicy,
    targetVersion: members.TargetApplicationTypeVersion,
    duration: members.UpgradeDuration,
    domainDuration: members.CurrentUpgradeDomainDuration,
    unhealthyEvaluations: evaluations.filter((one) => !isWarning(one)),
    healthWarnings: evaluations.filter(isWarning),
    currentDomain: members.CurrentUpgradeDomainProgress,
    startedAt: members.StartTimestampUtc,
    failedAt: members.FailureTimestampUtc,
    failureReason: members.FailureReason,
    failureClassification: members.FailureClassification,
    healthCheck: toHealthCheck(members),
    domainAtFailure: members.UpgradeDomainProgressAtFailure,
    applicationStatusDetails: members.ApplicationUpgradeStatusDetails,
    others: [...collectUnknown(value, knownMembers), ...cut],
  };
}

/** Reports whether a tree fails no health check. Where the policy takes warnings for errors, its state is `Error`. */
function isWarning({ healthState }: HealthEvaluation): boolean {
  return healthState === 'Warning' || healthState === 'Ok';
}

function hasTooManyNodes(domain: unknown): boolean {
  const nodes = isObject(domain) ? domain['NodeUpgradeProgressList'] : undefined;
  return Array.isArray(nodes) && nodes.length > maxListLength;
}
