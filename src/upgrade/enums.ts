/**
 * The runtime's enumerations, closed except for {@link UnknownWord}. Each array is in the order of the numbers that
 * gateways send in place of words for api-versions below 3.0.
 */
import type { Verdict } from '../platform/outcome.ts';

declare const unknownWord: unique symbol;

/**
 * A word that sfcompose does not know, exactly as the gateway sent it. The value is a string; the type hides that,
 * because TypeScript accepts a misspelt literal in a comparison with any string type. Print it with `${word}`.
 */
export interface UnknownWord {
  readonly [unknownWord]: true;
  toString(): string;
}

/** Kinds of upgrades. The short form of the document has `Invalid`. */
export const upgradeKinds = [
  'Invalid',
  'Rolling',
  'Rolling_ForceRestart',
  'Rolling_NotificationOnly',
] as const;
export type UpgradeKind = (typeof upgradeKinds)[number] | UnknownWord;

/** Modes of an upgrade: whether it checks health, and whether it waits between domains. */
export const rollingUpgradeModes = [
  'Invalid',
  'UnmonitoredAuto',
  'UnmonitoredManual',
  'Monitored',
  'UnmonitoredDeferred',
] as const;
export type RollingUpgradeMode = (typeof rollingUpgradeModes)[number] | UnknownWord;

/** Reactions of a monitored upgrade to a failure. */
export const failureActions = ['Invalid', 'Rollback', 'Manual'] as const;
export type FailureAction = (typeof failureActions)[number] | UnknownWord;

/** Reasons for a failure; `None` if there was no failure. */
export const failureReasons = [
  'None',
  'Interrupted',
  'HealthCheck',
  'UpgradeDomainTimeout',
  'OverallUpgradeTimeout',
  'ProcessingFailure',
] as const;
export type FailureReason = Exclude<(typeof failureReasons)[number], 'None'> | UnknownWord;

/** Classes of failures of newer runtimes. Their enumeration is not published: these are the words seen so far. */
export type FailureClassification =
  | 'PreUpgradeSafetyCheckTimeout'
  | 'PostUpgradeSafetyCheckTimeout'
  | UnknownWord;

/**
 * Phases of a monitored upgrade's health check, which newer runtimes send (`MonitoredUpgradeHealthCheckPhase` of
 * microsoft/service-fabric-client-dotnet).
 */
export const healthCheckPhases = ['Invalid', 'WaitDuration', 'StableDuration', 'Retry'] as const;
export type HealthCheckPhase = (typeof healthCheckPhases)[number] | UnknownWord;

/** Phases of a node within its domain. */
export const upgradePhases = [
  'Invalid',
  'PreUpgradeSafetyCheck',
  'Upgrading',
  'PostUpgradeSafetyCheck',
] as const;
export type UpgradePhase = (typeof upgradePhases)[number] | UnknownWord;

/** Kinds of safety checks, which must pass before a node is upgraded, and after. */
export const safetyCheckKinds = [
  'Invalid',
  'EnsureSeedNodeQuorum',
  'EnsurePartitionQuorum',
  'WaitForPrimaryPlacement',
  'WaitForPrimarySwap',
  'WaitForReconfiguration',
  'WaitForInBuildReplica',
  'EnsureAvailability',
  'WaitForResourceAvailability',
] as const;
/** The published model spells `WaitForInbuildReplica` differently from the runtime. */
export type SafetyCheckKind = (typeof safetyCheckKinds)[number] | 'WaitForInbuildReplica' | UnknownWord;

/** States of the application's own upgrade, with numbers other than those of compose. */
export const applicationUpgradeStates = [
  'Invalid',
  'RollingBackInProgress',
  'RollingBackCompleted',
  'RollingForwardPending',
  'RollingForwardInProgress',
  'RollingForwardCompleted',
  'Failed',
  'RollingBackPending',
] as const;
export type ApplicationUpgradeState = (typeof applicationUpgradeStates)[number] | UnknownWord;

/** States of an upgrade domain in the application's record. */
export const domainUpgradeStates = ['Invalid', 'Pending', 'InProgress', 'Completed'] as const;
export type DomainUpgradeState = (typeof domainUpgradeStates)[number] | UnknownWord;

/** Statuses of a deployment. */
export const composeDeploymentStatuses = [
  'Invalid',
  'Provisioning',
  'Creating',
  'Ready',
  'Deleting',
  'Unprovisioning',
  'Failed',
  'Upgrading',
] as const;
export type ComposeDeploymentStatus = (typeof composeDeploymentStatuses)[number] | UnknownWord;

/** Health states by number. */
export const healthStates = { 0: 'Invalid', 1: 'Ok', 2: 'Warning', 3: 'Error', 65535: 'Unknown' } as const;
export type HealthState = (typeof healthStates)[keyof typeof healthStates] | UnknownWord;

/** Kinds of health evaluations. */
export const healthEvaluationKinds = [
  'Invalid',
  'Event',
  'Replicas',
  'Partitions',
  'DeployedServicePackages',
  'DeployedApplications',
  'Services',
  'Nodes',
  'Applications',
  'SystemApplication',
  'UpgradeDomainDeployedApplications',
  'UpgradeDomainNodes',
  'Node',
  'Replica',
  'Partition',
  'Service',
  'DeployedServicePackage',
  'DeployedApplication',
  'Application',
  'DeltaNodesCheck',
  'UpgradeDomainDeltaNodesCheck',
  'ApplicationTypeApplications',
] as const;
export type HealthEvaluationKind = (typeof healthEvaluationKinds)[number] | UnknownWord;

interface StateFacts {
  /** Wording for operators, as it follows the deployment's name. */
  readonly words: string;
  /** Verdict of `--exit-status`. Every verdict except `in-progress` is final. */
  readonly verdict: Verdict;
}

/** All states that the runtime defines, in the order of their numbers on the wire. */
export const upgradeStates = {
  Invalid: { words: 'in an invalid state', verdict: 'in-progress' },
  ProvisioningTarget: { words: 'provisioning the new version', verdict: 'in-progress' },
  RollingForwardInProgress: { words: 'rolling forward', verdict: 'in-progress' },
  RollingForwardPending: {
    words: 'rolling forward, waiting between upgrade domains',
    verdict: 'in-progress',
  },
  UnprovisioningCurrent: { words: 'rolled forward, removing the old version', verdict: 'in-progress' },
  RollingForwardCompleted: { words: 'upgraded', verdict: 'completed' },
  RollingBackInProgress: { words: 'rolling back', verdict: 'in-progress' },
  UnprovisioningTarget: { words: 'rolled back, removing the new version', verdict: 'in-progress' },
  RollingBackCompleted: { words: 'rolled back', verdict: 'rolled-back' },
  Failed: { words: 'failed', verdict: 'failed' },
  RollingBackPending: { words: 'rolling back, waiting between upgrade domains', verdict: 'in-progress' },
} as const satisfies Record<string, StateFacts>;

/** A state that the runtime defines. */
export type KnownUpgradeState = keyof typeof upgradeStates;

/** State of a compose deployment's upgrade. */
export type UpgradeState = KnownUpgradeState | UnknownWord;
