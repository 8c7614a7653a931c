/** The enums of the gateway's documents, with the numbers that api-versions before 3.0 use. */
import { Enum } from './runtime-json.ts';

const tables = {
  upgradeState: {
    Invalid: 0,
    ProvisioningTarget: 1,
    RollingForwardInProgress: 2,
    RollingForwardPending: 3,
    UnprovisioningCurrent: 4,
    RollingForwardCompleted: 5,
    RollingBackInProgress: 6,
    UnprovisioningTarget: 7,
    RollingBackCompleted: 8,
    Failed: 9,
  },
  applicationUpgradeState: {
    Invalid: 0,
    RollingBackInProgress: 1,
    RollingBackCompleted: 2,
    RollingForwardPending: 3,
    RollingForwardInProgress: 4,
    RollingForwardCompleted: 5,
    Failed: 6,
    RollingBackPending: 7,
  },
  upgradeKind: { Invalid: 0, Rolling: 1, Rolling_ForceRestart: 2 },
  upgradeMode: { Invalid: 0, UnmonitoredAuto: 1, UnmonitoredManual: 2, Monitored: 3 },
  failureAction: { Invalid: 0, Rollback: 1, Manual: 2 },
  failureReason: {
    None: 0,
    Interrupted: 1,
    HealthCheck: 2,
    UpgradeDomainTimeout: 3,
    OverallUpgradeTimeout: 4,
    ProcessingFailure: 5,
  },
  domainState: { Invalid: 0, Pending: 1, InProgress: 2, Completed: 3 },
  upgradePhase: { Invalid: 0, PreUpgradeSafetyCheck: 1, Upgrading: 2, PostUpgradeSafetyCheck: 3 },
  safetyCheck: { Invalid: 0, EnsureAvailability: 7 },
  evaluation: {
    Event: 1,
    Replicas: 2,
    Partitions: 3,
    DeployedServicePackages: 4,
    DeployedApplications: 5,
    Services: 6,
    Nodes: 7,
    Applications: 8,
    UpgradeDomainDeployedApplications: 10,
    Node: 12,
    Replica: 13,
    Partition: 14,
    Service: 15,
    DeployedServicePackage: 16,
    DeployedApplication: 17,
    Application: 18,
  },
  entityKind: {
    Invalid: 0,
    Node: 1,
    Partition: 2,
    Service: 3,
    Application: 4,
    Replica: 5,
    DeployedApplication: 6,
    DeployedServicePackage: 7,
    Cluster: 8,
  },
  serviceKind: { Invalid: 0, Stateless: 1, Stateful: 2 },
  replicaStatus: { Invalid: 0, InBuild: 1, Standby: 2, Ready: 3, Down: 4, Dropped: 5 },
  nodeStatus: { Invalid: 0, Up: 1, Down: 2 },
  nodeDeactivationIntent: { Invalid: 0, Pause: 1, Restart: 2, RemoveData: 3 },
  nodeDeactivationStatus: { None: 0 },
  healthState: { Invalid: 0, Ok: 1, Warning: 2, Error: 3 },
  applicationStatus: { Invalid: 0, Ready: 1, Upgrading: 2, Creating: 3, Deleting: 4, Failed: 5 },
  applicationDefinitionKind: { Invalid: 0, ServiceFabricApplicationDescription: 1, Compose: 2 },
  deploymentStatus: {
    Invalid: 0,
    Provisioning: 1,
    Creating: 2,
    Ready: 3,
    Deleting: 4,
    Unprovisioning: 5,
    Failed: 6,
    Upgrading: 7,
  },
} as const;

type Tables = typeof tables;

/** Converts a name to a value that is written as api-versions require. */
export function toEnum<Kind extends keyof Tables>(kind: Kind, name: keyof Tables[Kind] & string): Enum {
  return new Enum(tables[kind], name);
}

/** State of a compose upgrade. */
export type UpgradeState = keyof Tables['upgradeState'];
/** State of an application upgrade. */
export type ApplicationUpgradeState = keyof Tables['applicationUpgradeState'];
/** Status of a deployment. */
export type DeploymentStatus = keyof Tables['deploymentStatus'];

/** Finds the name for a value in a request, which may be the name or the number. */
export function findName<Kind extends keyof Tables>(
  kind: Kind,
  value: unknown,
): (keyof Tables[Kind] & string) | undefined {
  const entry = Object.entries(tables[kind]).find(([name, number]) => value === name || value === number);
  return entry?.[0] as (keyof Tables[Kind] & string) | undefined;
}
