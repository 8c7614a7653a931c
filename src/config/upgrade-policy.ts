/** Resolves the policy of an upgrade. */

/** How the cluster runs an upgrade. */
export interface UpgradePolicy {
  readonly mode: 'Monitored' | 'UnmonitoredAuto' | 'UnmonitoredManual';
  /** `Infinity` for no limit. */
  readonly replicaSetCheckTimeoutMs: number;
  /** Only for the mode `Monitored`. */
  readonly monitoring: MonitoringPolicy | undefined;
}

/** How the cluster checks the health of a monitored upgrade. */
export interface MonitoringPolicy {
  readonly failureAction: 'Rollback' | 'Manual';
  readonly healthCheckWaitMs: number;
  readonly healthCheckStableMs: number;
  readonly healthCheckRetryMs: number;
  /** `Infinity` for no limit. */
  readonly upgradeTimeoutMs: number;
  /** `Infinity` for no limit. */
  readonly upgradeDomainTimeoutMs: number;
  readonly considerWarningAsError: boolean;
  readonly maxPercentUnhealthyNodes: number;
  readonly maxPercentUnhealthyInstances: number;
}
