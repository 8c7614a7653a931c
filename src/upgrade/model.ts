/**
 * The upgrade of a compose deployment as the cluster reports it. Pure.
 *
 * The meaning of the states comes from the runtime's source (`ClusterManager/ComposeDeploymentUpgradeContext.cpp` and
 * `ServiceModel/ComposeDeploymentUpgradeProgress.cpp` of microsoft/service-fabric).
 */
import type {
  ApplicationUpgradeState,
  ComposeDeploymentStatus,
  DomainUpgradeState,
  FailureAction,
  FailureClassification,
  FailureReason,
  HealthCheckPhase,
  HealthEvaluationKind,
  HealthState,
  RollingUpgradeMode,
  SafetyCheckKind,
  UpgradeKind,
  UpgradePhase,
  UpgradeState,
} from './enums.ts';
/** Milliseconds; `Infinity` where the cluster sets no limit. */
export type Duration = number;

/** One ComposeDeploymentUpgradeProgressInfo. Members that the gateway left out or sent empty are `undefined`. */
export interface Upgrade {
  readonly deployment: string;
  /** Name of the application that the deployment became, `fabric:/<deployment>`. */
  readonly application: string | undefined;
  readonly state: UpgradeState | undefined;
  /** A sentence of the cluster naming the versions. On `Failed` it is the last step, not the reason. */
  readonly statusDetails: string | undefined;
  /** `Invalid` in the short form (provisioning, failed, never upgraded). */
  readonly kind: UpgradeKind | undefined;
  /** `undefined` in the short form. */
  readonly mode: RollingUpgradeMode | undefined;
  readonly forceRestart: boolean;
  /** How long the cluster waits for a safety check before it continues without it. */
  readonly replicaSetCheckTimeout: Duration | undefined;
  readonly monitoringPolicy: MonitoringPolicy | undefined;
  readonly applicationHealthPolicy: ApplicationHealthPolicy | undefined;
  /** During and after a rollback, the version that it returns to. */
  readonly targetVersion: string | undefined;
  /** Time since the application's upgrade began, which includes a rollback but not provisioning. */
  readonly duration: Duration | undefined;
  readonly domainDuration: Duration | undefined;
  /** Trees that fail a health check. */
  readonly unhealthyEvaluations: readonly HealthEvaluation[];
  /** Trees of warnings, which the health policy accepts. */
  readonly healthWarnings: readonly HealthEvaluation[];
  /** Between two domains, the next one with no nodes. */
  readonly currentDomain: UpgradeDomainProgress | undefined;
  readonly startedAt: Date | undefined;
  readonly failedAt: Date | undefined;
  readonly failureReason: FailureReason | undefined;
  /** Sent by newer runtimes. */
  readonly failureClassification: FailureClassification | undefined;
  /** Sent by newer runtimes. */
  readonly healthCheck: HealthCheckProgress | undefined;
  /** Progress when a domain or the upgrade timed out; `undefined` for any other failure. */
  readonly domainAtFailure: UpgradeDomainProgress | undefined;
  readonly applicationStatusDetails: string | undefined;
  /** Members that this version of sfcompose does not know, shortened for display. */
  readonly others: readonly UnknownMember[];
}

/** A member of a document that sfcompose does not know, with its value shortened for display. */
export interface UnknownMember {
  readonly name: string;
  readonly value: string;
}

/** Settings of a monitored upgrade: when its health is checked, and what happens if it fails. */
export interface MonitoringPolicy {
  readonly failureAction: FailureAction | undefined;
  readonly healthCheckWait: Duration | undefined;
  readonly healthCheckStable: Duration | undefined;
  readonly healthCheckRetry: Duration | undefined;
  readonly upgradeTimeout: Duration | undefined;
  readonly upgradeDomainTimeout: Duration | undefined;
}

/** Tolerated ill health, in percent from 0 to 100. */
export interface ApplicationHealthPolicy {
  readonly considerWarningAsError: boolean;
  readonly maxPercentUnhealthyDeployedApplications: number | undefined;
  readonly defaultServiceType: ServiceTypeHealthPolicy | undefined;
  /** By name of the service type. */
  readonly serviceTypes: ReadonlyMap<string, ServiceTypeHealthPolicy>;
}

/** Tolerated ill health of one type of service, in percent from 0 to 100. */
export interface ServiceTypeHealthPolicy {
  readonly maxPercentUnhealthyServices: number | undefined;
  readonly maxPercentUnhealthyPartitionsPerService: number | undefined;
  readonly maxPercentUnhealthyReplicasPerPartition: number | undefined;
}

/** Progress of the health check of a monitored upgrade. */
export interface HealthCheckProgress {
  readonly phase: HealthCheckPhase;
  /** Time in the phase. */
  readonly elapsed: Duration | undefined;
  /** Number of changes between healthy and unhealthy, each of which restarts the phase. */
  readonly flips: number | undefined;
}

/** An upgrade domain and its nodes, without those that are done or have nothing to do. */
export interface UpgradeDomainProgress {
  readonly name: string;
  readonly nodes: readonly NodeProgress[];
}

/** How far the upgrade is on one node. */
export interface NodeProgress {
  readonly name: string;
  readonly phase: UpgradePhase | undefined;
  /** Time that the upgrade of the node has taken; sent by newer runtimes. */
  readonly duration: Duration | undefined;
  /** Safety checks that have not passed yet. */
  readonly safetyChecks: readonly SafetyCheck[];
}

/** A condition that must hold before the node is upgraded, or after. */
export interface SafetyCheck {
  readonly kind: SafetyCheckKind | undefined;
  readonly partitionId: string | undefined;
}

/** Kinds of entities that health evaluations are about, in an operator's words. */
export type EntityKind =
  | 'application type'
  | 'application'
  | 'service type'
  | 'service'
  | 'partition'
  | 'replica'
  | 'node type'
  | 'upgrade domain'
  | 'node'
  | 'service package'
  | 'activation';

/** One node of the tree that explains why an entity is unhealthy. Its kind determines which members it has. */
export interface HealthEvaluation {
  readonly kind: HealthEvaluationKind | undefined;
  readonly description: string | undefined;
  readonly healthState: HealthState | undefined;
  /** The entity, from the general to the particular: `[['application', 'fabric:/web'], ['node', '_web_1']]`. */
  readonly subject: readonly (readonly [kind: EntityKind, name: string])[];
  /** Percentage that the policy tolerates. */
  readonly maxPercentUnhealthy: number | undefined;
  readonly totalCount: number | undefined;
  /** Entities in error, and entities in total, when a cluster upgrade began. */
  readonly baseline: { readonly errorCount: number; readonly totalCount: number } | undefined;
  readonly event: HealthEvent | undefined;
  readonly children: readonly HealthEvaluation[];
  readonly others: readonly UnknownMember[];
}

/** A health report, at the end of a branch of the tree. */
export interface HealthEvent {
  readonly source: string;
  readonly property: string;
  readonly healthState: HealthState | undefined;
  readonly description: string | undefined;
  /** Digits, because the number can exceed those of JavaScript. */
  readonly sequenceNumber: string | undefined;
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
 * The application's own record of its last upgrade, as far as it adds to compose's document. The record may
 * describe an older upgrade than that document.
 */
export interface ApplicationUpgrade {
  /** `fabric:/<name>`. */
  readonly application: string | undefined;
  /** As in {@link Upgrade}: in a rollback, the version that it returns to. */
  readonly targetVersion: string;
  /** In a rollback, the version that it leaves, if the runtime names it. Runtime 6.4 does not. */
  readonly leaves: string | undefined;
  /** Limit as requested. During a rollback, the cluster may set a different one in the deployment's own document. */
  readonly replicaSetCheckTimeout: Duration | undefined;
  /** Without provisioning, which the application does not see. */
  readonly state: ApplicationUpgradeState | undefined;
  /** In the order in which they are upgraded. */
  readonly domains: readonly UpgradeDomain[];
  readonly startedAt: Date | undefined;
  readonly failedAt: Date | undefined;
  readonly failureReason: FailureReason | undefined;
  readonly failureClassification: FailureClassification | undefined;
  readonly healthCheck: HealthCheckProgress | undefined;
  readonly domainAtFailure: UpgradeDomainProgress | undefined;
  readonly statusDetails: string | undefined;
}

/** A version of an application: `Compose_3`, `v7`. */
export interface ApplicationType {
  readonly name: string;
  readonly version: string;
}

/** The content of a version of an application, as far as an upgrade replaces it. */
export interface ApplicationManifest {
  /** Each with the name of its service manifest, such as `webPkg`. */
  readonly services: readonly { readonly name: string; readonly manifest: string }[];
  /** Whether the version has credentials for an image registry. */
  readonly hasCredentials: boolean;
}

/** An upgrade domain in the application's record. */
export interface UpgradeDomain {
  readonly name: string;
  readonly state: DomainUpgradeState | undefined;
}

/** A node of the cluster. */
export interface ClusterNode {
  readonly name: string;
  readonly domain: string;
}

/** Status of a deployment, from `GET /ComposeDeployments/{name}`, and the cluster's explanation of it. */
export interface DeploymentStatus {
  readonly status: ComposeDeploymentStatus | undefined;
  readonly details: string | undefined;
  /** `fabric:/<name>`. */
  readonly application?: string | undefined;
}

/** A deployment in the list of all deployments. */
export interface Deployment extends DeploymentStatus {
  readonly name: string;
  /** `fabric:/<name>`. */
  readonly application: string | undefined;
  /** JSON text of the element, as the gateway sent it. */
  readonly document: string;
}
