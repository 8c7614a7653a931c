/** What a request to upgrade asks for: mode, monitoring, tolerated ill health. */

export type RollingUpgradeMode = 'UnmonitoredAuto' | 'UnmonitoredManual' | 'Monitored';

type UpgradeKind = 'Rolling' | 'Rolling_ForceRestart';

export interface UpgradePolicy {
  readonly kind: UpgradeKind;
  readonly mode: RollingUpgradeMode;
  /** Seconds that a node waits at most for its safety checks. */
  readonly replicaSetCheckTimeout: number;
  readonly monitoring: MonitoringPolicy;
  /** `undefined` when the request carried none; nothing unhealthy is tolerated then. */
  readonly health: ApplicationHealthPolicy | undefined;
}

/** Times in seconds; `Infinity` for no limit. */
export interface MonitoringPolicy {
  readonly failureAction: 'Rollback' | 'Manual';
  readonly healthCheckWait: number;
  readonly healthCheckStable: number;
  readonly healthCheckRetry: number;
  readonly upgradeTimeout: number;
  readonly domainTimeout: number;
}

export interface ApplicationHealthPolicy {
  readonly considerWarningAsError: boolean;
  readonly maxPercentUnhealthyDeployedApplications: number;
  readonly defaultServiceType: ServiceTypeHealthPolicy;
  readonly serviceTypes: ReadonlyMap<string, ServiceTypeHealthPolicy>;
}

export interface ServiceTypeHealthPolicy {
  readonly maxPercentUnhealthyServices: number;
  readonly maxPercentUnhealthyPartitionsPerService: number;
  readonly maxPercentUnhealthyReplicasPerPartition: number;
}

/** Without limit, as 32 unsigned bits say it. */
export const noReplicaSetCheckTimeout = 4_294_967_295;

/** The server's defaults for what a request leaves out. */
export const defaultMonitoring: MonitoringPolicy = {
  failureAction: 'Manual',
  healthCheckWait: 0,
  healthCheckStable: 120,
  healthCheckRetry: 600,
  upgradeTimeout: Infinity,
  domainTimeout: Infinity,
};

export const defaultPolicy: UpgradePolicy = {
  kind: 'Rolling',
  mode: 'UnmonitoredAuto',
  replicaSetCheckTimeout: noReplicaSetCheckTimeout,
  monitoring: defaultMonitoring,
  health: undefined,
};
