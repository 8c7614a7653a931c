/**
 * What the upgrade of a compose deployment is: the states it goes through, when it has ended and how.
 * Pure.
 *
 * Enumerations are open: a newer runtime may send a word that is not known here, and it is kept as it came.
 * The meaning of the states is read from the runtime's source (`ClusterManager/ComposeDeploymentUpgradeContext.cpp`
 * and `ServiceModel/ComposeDeploymentUpgradeProgress.cpp` of microsoft/service-fabric).
 */
import type { Outcome } from '../platform/outcome.ts';

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
  readonly others: readonly Other[];
}

/** A member that is not known here: its name, and its value in a form fit to be shown. */
export interface Other {
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
  readonly others: readonly Other[];
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
  /** The version that was asked for, whatever the direction; `''` when none was sent. */
  readonly askedVersion: string;
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

interface StateFacts {
  /** In an operator's words, to be read after the deployment's name. */
  readonly words: string;
  /** What `--exit-status` says of it. An end is whatever is not `in-progress`. */
  readonly verdict: Verdict;
}

/** All states that the runtime defines, in the order of their numbers on the wire. */
export const upgradeStates = {
  Invalid: { words: 'in no valid state', verdict: 'in-progress' },
  ProvisioningTarget: { words: 'preparing the new version', verdict: 'in-progress' },
  RollingForwardInProgress: { words: 'rolling forward', verdict: 'in-progress' },
  RollingForwardPending: { words: 'waiting between upgrade domains', verdict: 'in-progress' },
  UnprovisioningCurrent: { words: 'rolled forward, removing the old version', verdict: 'in-progress' },
  RollingForwardCompleted: { words: 'upgraded', verdict: 'completed' },
  RollingBackInProgress: { words: 'rolling back', verdict: 'in-progress' },
  UnprovisioningTarget: { words: 'rolled back, removing the failed version', verdict: 'in-progress' },
  RollingBackCompleted: { words: 'rolled back', verdict: 'rolled-back' },
  Failed: { words: 'failed', verdict: 'failed' },
  RollingBackPending: { words: 'waiting between upgrade domains, rolling back', verdict: 'in-progress' },
} as const satisfies Record<string, StateFacts>;

export function isKnownState(state: string): state is keyof typeof upgradeStates {
  return Object.hasOwn(upgradeStates, state);
}

/** An unknown state is never an end. */
export function hasEnded(upgrade: Upgrade): boolean {
  return isKnownState(upgrade.state) && upgradeStates[upgrade.state].verdict !== 'in-progress';
}

const rollbackStates = new Set([
  'RollingBackInProgress',
  'RollingBackPending',
  'UnprovisioningTarget',
  'RollingBackCompleted',
]);

/** True from the first moment of a rollback, and after it. */
export function isRollback(upgrade: Upgrade): boolean {
  return rollbackStates.has(upgrade.state);
}

/**
 * A deployment that was never upgraded, and one whose creation failed, answer `RollingForwardCompleted` too:
 * then nothing else in the document speaks of an upgrade. The status endpoint tells the two apart.
 */
export function isNeverUpgraded(upgrade: Upgrade): boolean {
  return (
    upgrade.state === 'RollingForwardCompleted' &&
    (upgrade.kind === 'Invalid' || upgrade.kind === '') &&
    upgrade.statusDetails === '' &&
    upgrade.mode === '' &&
    (upgrade.duration ?? 0) === 0
  );
}

/** Through all domains, forward or back: what is left, if anything, is to clean up. */
export function isRolledOut(upgrade: Upgrade): boolean {
  return upgrade.state !== 'Failed' && (hasEnded(upgrade) || upgrade.state.startsWith('Unprovisioning'));
}

/** Waiting for somebody to let it go on: between two domains of a manual upgrade, or after a failure with action Manual. */
export function waitsForPerson(upgrade: Upgrade): boolean {
  if (upgrade.mode !== 'UnmonitoredManual') return false;
  const between = upgrade.currentDomain !== undefined && upgrade.currentDomain.nodes.length === 0;
  switch (upgrade.state) {
    case 'RollingForwardPending':
    case 'RollingBackPending':
      return true;
    case 'RollingBackInProgress':
      return between;
    case 'RollingForwardInProgress':
      // The last health check of a monitored upgrade has failed: there is no next domain that it could wait for.
      return upgrade.currentDomain === undefined && upgrade.unhealthyEvaluations.length > 0;
    default:
      return false;
  }
}

/** With failure action Manual time that ran out leaves the upgrade in the domain where it did, or before that one. */
export function isStoppedByTime(upgrade: Upgrade): boolean {
  const { mode, currentDomain, domainAtFailure } = upgrade;
  if (mode !== 'UnmonitoredManual' || isRollback(upgrade) || domainAtFailure === undefined) return false;
  const isThere = domainAtFailure.name === currentDomain?.name;
  return isThere && (domainAtFailure.nodes.length > 0 || currentDomain.nodes.length === 0);
}

/** Judging the health of what was upgraded: after a domain, or once more after the last one. */
export function isHealthCheck(upgrade: Upgrade): boolean {
  if (upgrade.mode !== 'Monitored') return false;
  if (upgrade.state === 'RollingForwardPending') return true;
  // The first seconds look like the final check, but for the clock that has not started.
  return (
    upgrade.state === 'RollingForwardInProgress' &&
    upgrade.currentDomain === undefined &&
    (upgrade.duration ?? 0) > 0
  );
}
