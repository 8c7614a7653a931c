/** The policy of an upgrade: its mode, monitoring and health policy. */

/** How an upgrade continues after a domain: at once, after approval, or after a health check. */
export type RollingUpgradeMode = 'UnmonitoredAuto' | 'UnmonitoredManual' | 'Monitored';

type UpgradeKind = 'Rolling' | 'Rolling_ForceRestart';

/** The policy that a request to upgrade contains. */
export interface UpgradePolicy {
  readonly kind: UpgradeKind;
  readonly mode: RollingUpgradeMode;
  /** Longest wait of a node for its safety checks, in seconds. */
  readonly replicaSetCheckTimeout: number;
  readonly monitoring: MonitoringPolicy;
  /** `undefined` if the request has none, which tolerates nothing unhealthy. */
  readonly health: ApplicationHealthPolicy | undefined;
}

/** Durations in seconds; `Infinity` for no limit. */
export interface MonitoringPolicy {
  readonly failureAction: 'Rollback' | 'Manual';
  readonly healthCheckWait: number;
  readonly healthCheckStable: number;
  readonly healthCheckRetry: number;
  readonly upgradeTimeout: number;
  readonly domainTimeout: number;
}

/** The share of unhealthy parts of an application that is tolerated. */
export interface ApplicationHealthPolicy {
  readonly considerWarningAsError: boolean;
  readonly maxPercentUnhealthyDeployedApplications: number;
  readonly defaultServiceType: ServiceTypeHealthPolicy;
  readonly serviceTypes: ReadonlyMap<string, ServiceTypeHealthPolicy>;
}

/** The share of unhealthy parts of a service type that is tolerated. */
export interface ServiceTypeHealthPolicy {
  readonly maxPercentUnhealthyServices: number;
  readonly maxPercentUnhealthyPartitionsPerService: number;
  readonly maxPercentUnhealthyReplicasPerPartition: number;
}

/** The replica set check timeout that means no limit: the largest unsigned 32-bit integer. */
export const noReplicaSetCheckTimeout = 4_294_967_295;

/** The runtime's defaults for members that a request omits. */
export const defaultMonitoring: MonitoringPolicy = {
  failureAction: 'Manual',
  healthCheckWait: 0,
  healthCheckStable: 120,
  healthCheckRetry: 600,
  upgradeTimeout: Infinity,
  domainTimeout: Infinity,
};

/** The runtime's defaults for members that a request omits. */
export const defaultPolicy: UpgradePolicy = {
  kind: 'Rolling',
  mode: 'UnmonitoredAuto',
  replicaSetCheckTimeout: noReplicaSetCheckTimeout,
  monitoring: defaultMonitoring,
  health: undefined,
};
