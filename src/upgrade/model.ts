/**
 * What the upgrade of a compose deployment is: the states it goes through, when it has ended and how.
 * Pure.
 *
 * Enumerations are open: a newer runtime may send a word that is not known here, and it is kept as it came.
 * The meaning of the states is read from the runtime's source (`ClusterManager/ComposeDeploymentUpgradeContext.cpp`
 * and `ServiceModel/ComposeDeploymentUpgradeProgress.cpp` of microsoft/service-fabric).
 */
import type { Outcome } from '../platform/outcome.ts';
import { upgradeStates } from './state.ts';

/** Milliseconds; `Infinity` where the cluster sets no limit. */
export type Duration = number;

/** One ComposeDeploymentUpgradeProgressInfo. What the gateway left out is `undefined`, `''` or empty. */
export interface Upgrade {
  readonly deployment: string;
  /** The application that the deployment became, `fabric:/<deployment>`. */
  readonly application: string;
  /** A key of {@link upgradeStates}, or whatever the gateway sent; `''` when it sent none. */
  readonly state: string;
  /** A sentence of the cluster naming the versions. On `Failed` it is the last step, not the reason. */
  readonly statusDetails: string;
  /** `Rolling`, `Rolling_ForceRestart`, …; `Invalid` in the short form (provisioning, failed, never upgraded). */
  readonly kind: string;
  /** `Monitored`, `UnmonitoredAuto`, `UnmonitoredManual`, …; `''` in the short form. */
  readonly mode: string;
  readonly forceRestart: boolean;
  /** How long the cluster waits for a safety check before it goes on without it. */
  readonly replicaSetCheckTimeout: Duration | undefined;
  readonly monitoringPolicy: MonitoringPolicy | undefined;
  readonly applicationHealthPolicy: ApplicationHealthPolicy | undefined;
  /** While rolling back and after: the version it goes back to. */
  readonly targetVersion: string;
  /** Time since the application's upgrade began; provisioning is not counted, a rollback is. */
  readonly duration: Duration | undefined;
  readonly domainDuration: Duration | undefined;
  readonly unhealthyEvaluations: readonly HealthEvaluation[];
  /** While an upgrade is between two domains this names the next one, with no nodes. */
  readonly currentDomain: UpgradeDomainProgress | undefined;
  readonly startedAt: Date | undefined;
  readonly failedAt: Date | undefined;
  readonly failureReason: string;
  /** What was going on when a domain or the upgrade ran out of time; `undefined` for any other failure. */
  readonly domainAtFailure: UpgradeDomainProgress | undefined;
  readonly applicationStatusDetails: string;
  /** Members that this version of sfcompose does not know, shortened for display. */
  readonly others: readonly UnknownMember[];
}

/** A member that is not known here: its name, and its value in a form fit to be shown. */
export interface UnknownMember {
  readonly name: string;
  readonly value: string;
}

export interface MonitoringPolicy {
  /** `Rollback` or `Manual`. */
  readonly failureAction: string;
  readonly healthCheckWait: Duration | undefined;
  readonly healthCheckStable: Duration | undefined;
  readonly healthCheckRetry: Duration | undefined;
  readonly upgradeTimeout: Duration | undefined;
  readonly upgradeDomainTimeout: Duration | undefined;
}

/** Percentages from 0 to 100. */
export interface ApplicationHealthPolicy {
  readonly considerWarningAsError: boolean;
  readonly maxPercentUnhealthyDeployedApplications: number | undefined;
  readonly defaultServiceType: ServiceTypeHealthPolicy | undefined;
  /** By name of the service type. */
  readonly serviceTypes: ReadonlyMap<string, ServiceTypeHealthPolicy>;
}

export interface ServiceTypeHealthPolicy {
  readonly maxPercentUnhealthyServices: number | undefined;
  readonly maxPercentUnhealthyPartitionsPerService: number | undefined;
  readonly maxPercentUnhealthyReplicasPerPartition: number | undefined;
}

/** Nodes that are done, or have nothing to do, are not listed by the cluster. */
export interface UpgradeDomainProgress {
  readonly name: string;
  readonly nodes: readonly NodeProgress[];
}

export interface NodeProgress {
  readonly name: string;
  /** `PreUpgradeSafetyCheck`, `Upgrading` or `PostUpgradeSafetyCheck`. */
  readonly phase: string;
  readonly safetyChecks: readonly SafetyCheck[];
}

export interface SafetyCheck {
  /** `EnsureAvailability`, `WaitForPrimaryPlacement`, … */
  readonly kind: string;
  readonly partitionId: string;
}

/** One node of the tree that says why an entity is not healthy. Which members it has depends on its kind. */
export interface HealthEvaluation {
  readonly kind: string;
  readonly description: string;
  /** `Ok`, `Warning`, `Error` or `Unknown`. */
  readonly healthState: string;
  /** What is judged, from the general to the particular: `['node', '_web_1']`. */
  readonly subject: readonly (readonly [noun: string, name: string])[];
  /** The percentage that the policy tolerates. */
  readonly maxPercentUnhealthy: number | undefined;
  readonly totalCount: number | undefined;
  /** How many were in error, and how many there were, when a cluster upgrade began. */
  readonly baseline: { readonly errorCount: number; readonly totalCount: number } | undefined;
  readonly event: HealthEvent | undefined;
  readonly children: readonly HealthEvaluation[];
  readonly others: readonly UnknownMember[];
}

/** A health report, at the end of a branch of the tree. */
export interface HealthEvent {
  readonly source: string;
  readonly property: string;
  readonly healthState: string;
  readonly description: string;
  readonly sequenceNumber: string;
  readonly timeToLive: Duration | undefined;
  readonly removeWhenExpired: boolean;
  readonly expired: boolean;
  readonly reportedAt: Date | undefined;
  readonly modifiedAt: Date | undefined;
  readonly lastOkAt: Date | undefined;
  readonly lastWarningAt: Date | undefined;
  readonly lastErrorAt: Date | undefined;
}

/**
 * The application's own record of its last upgrade, as far as it says more than compose's document does. It may be of
 * an older upgrade than that one.
 */
export interface ApplicationUpgrade {
  /** `fabric:/<name>`; `''` when none was sent. */
  readonly application: string;
  /** As in {@link Upgrade}: in a rollback the version it goes back to. */
  readonly targetVersion: string;
  /** The version that was original for, whatever the direction; `''` when none was sent. */
  readonly requestedVersion: string;
  /** `RollingForwardInProgress`, `RollingBackCompleted`, …; it knows nothing of provisioning. */
  readonly state: string;
  /** In the order in which they are upgraded. */
  readonly domains: readonly UpgradeDomain[];
  readonly startedAt: Date | undefined;
  readonly failedAt: Date | undefined;
  /** `HealthCheck`, `UpgradeDomainTimeout`, `OverallUpgradeTimeout`, `Interrupted`, `ProcessingFailure`; `''` for none. */
  readonly failureReason: string;
  readonly domainAtFailure: UpgradeDomainProgress | undefined;
  readonly statusDetails: string;
}

export interface UpgradeDomain {
  readonly name: string;
  /** `Completed`, `InProgress` or `Pending`. */
  readonly state: string;
}

/** What `GET /ComposeDeployments/{name}` says: `Ready`, `Upgrading`, `Failed`, …, and why. */
export interface DeploymentStatus {
  readonly status: string;
  readonly details: string;
}

/** One of all deployments, as their list tells of it; `''` is what it leaves out. */
export interface Deployment extends DeploymentStatus {
  readonly name: string;
  /** `fabric:/<name>`. */
  readonly application: string;
  /** The gateway's own JSON text of it, as it came. */
  readonly document: string;
}

/** How an upgrade stands, in the words of the exit-code table. */
export type Verdict = Extract<
  Outcome,
  'completed' | 'rolled-back' | 'failed' | 'not-found' | 'superseded' | 'in-progress'
>;
