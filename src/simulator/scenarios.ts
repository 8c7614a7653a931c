/** The scenarios of the simulated cluster. */

import {
  type ApplicationHealthPolicy,
  defaultMonitoring,
  defaultPolicy,
  type UpgradePolicy,
} from './policy.ts';
import type { Failure } from './rollout.ts';

/** The events of a simulation. */
export interface Scenario {
  /** For help texts. */
  readonly description: string;
  /** Upgrades before the simulation starts, oldest first. */
  readonly past?: readonly PastUpgrade[];
  /** The upgrade that starts with the simulation. */
  readonly upgrade?: UpgradePolicy;
  /** Whether the cluster has no deployments. */
  readonly empty?: true;
  /** The failure of this upgrade, and of all later upgrades and creations. */
  readonly failure?: Failure;
  /** The behaviour of a gateway that denies access or disturbs requests. */
  readonly gateway?: 'unauthorized' | 'flaky';
  /** The fault that the first request to upgrade meets. */
  readonly upgradeFault?: UpgradeFault;
}

/** An upgrade that has ended before the simulation starts. */
export interface PastUpgrade {
  readonly hoursAgo: number;
  readonly policy: UpgradePolicy;
  readonly failure?: Failure;
  /** Seconds from its start until somebody requests a rollback. */
  readonly rollbackAfter?: number;
}

/**
 * A fault around a request to upgrade: its connection is reset after or before it was accepted, it times out and is
 * accepted 5 seconds later, or the upgrade of another client is accepted just before it.
 */
export type UpgradeFault = 'lost-answer' | 'lost-request' | 'late-accept' | 'stolen';

const health: ApplicationHealthPolicy = {
  considerWarningAsError: false,
  maxPercentUnhealthyDeployedApplications: 20,
  defaultServiceType: {
    maxPercentUnhealthyServices: 0,
    maxPercentUnhealthyPartitionsPerService: 0,
    maxPercentUnhealthyReplicasPerPartition: 0,
  },
  serviceTypes: new Map(),
};

const monitored: UpgradePolicy = {
  kind: 'Rolling',
  mode: 'Monitored',
  replicaSetCheckTimeout: 900,
  monitoring: { ...defaultMonitoring, failureAction: 'Rollback', upgradeTimeout: 7200 },
  health,
};

const impatient: UpgradePolicy = {
  ...monitored,
  monitoring: { ...monitored.monitoring, healthCheckRetry: 120 },
};

/** All scenarios by name. */
export const scenarios = {
  happy: { description: 'a monitored upgrade that succeeds', upgrade: monitored },
  rollback: {
    description: 'a health check fails in the second domain, then a rollback',
    upgrade: impatient,
    failure: 'crash',
  },
  timeout: {
    description: 'the second domain exceeds its time limit, then a rollback',
    upgrade: { ...monitored, monitoring: { ...monitored.monitoring, domainTimeout: 300 } },
    failure: 'stuck',
  },
  failed: {
    description: 'the new version cannot be provisioned',
    upgrade: monitored,
    failure: 'provisioning',
  },
  manual: {
    description: 'an upgrade that waits for approval after each domain',
    upgrade: { ...defaultPolicy, mode: 'UnmonitoredManual' },
  },
  stuck: {
    description: 'a safety check in the second domain never clears',
    upgrade: {
      ...monitored,
      replicaSetCheckTimeout: defaultPolicy.replicaSetCheckTimeout,
      monitoring: { ...monitored.monitoring, upgradeTimeout: Infinity },
    },
    failure: 'stuck',
  },
  'never-upgraded': { description: 'a deployment that was never upgraded' },
  history: {
    description: 'four past upgrades, two of which were rolled back',
    past: [
      { hoursAgo: 124, policy: monitored },
      { hoursAgo: 51, policy: { ...defaultPolicy, mode: 'UnmonitoredAuto' }, rollbackAfter: 100 },
      { hoursAgo: 6, policy: impatient, failure: 'crash' },
      { hoursAgo: 1, policy: monitored },
    ],
  },
  missing: { description: 'a cluster without deployments', empty: true },
  unauthorized: {
    description: 'a cluster that denies access',
    upgrade: monitored,
    gateway: 'unauthorized',
  },
  flaky: {
    description: 'an upgrade that succeeds, behind a gateway that often fails',
    upgrade: monitored,
    gateway: 'flaky',
  },
  busy: {
    description: 'a long monitored upgrade, which others have to wait for',
    upgrade: { ...monitored, monitoring: { ...monitored.monitoring, healthCheckStable: 900 } },
  },
  'lost-answer': {
    description: 'a request to upgrade is accepted, but its answer is lost',
    upgradeFault: 'lost-answer',
  },
  'lost-request': {
    description: 'a request to upgrade is lost',
    upgradeFault: 'lost-request',
  },
  'late-accept': {
    description: 'a request to upgrade times out, and is accepted later',
    upgradeFault: 'late-accept',
  },
  stolen: {
    description: 'an upgrade of another client starts just before yours',
    upgradeFault: 'stolen',
  },
} as const satisfies Record<string, Scenario>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios;
