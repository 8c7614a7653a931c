/** Documents with the runtime's members in the runtime's order. */

const noDomain = { DomainName: '', NodeUpgradeProgressList: [] };
const never = '0001-01-01T00:00:00.000Z';

/** Partition of every safety check in these documents. */
export const partition = '5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940';

/** The runtime's duration for "no limit". */
export const noLimit = 'P10675199DT2H48M5.4775807S';

const policy = {
  FailureAction: 'Rollback',
  HealthCheckWaitDurationInMilliseconds: 'PT0H0M0S',
  HealthCheckStableDurationInMilliseconds: 'PT0H2M0S',
  HealthCheckRetryTimeoutInMilliseconds: 'PT0H10M0S',
  UpgradeTimeoutInMilliseconds: 'PT2H0M0S',
  UpgradeDomainTimeoutInMilliseconds: noLimit,
};

export type Members = Readonly<Record<string, unknown>>;

/** Creates an upgrade in the short form: while provisioning, after a failure, and without any upgrade. */
export function createShortUpgrade(members: Members = {}): Record<string, unknown> {
  return { ...head, ...tail, ...members };
}

const head = {
  DeploymentName: 'web',
  ApplicationName: 'fabric:/web',
  UpgradeState: 'ProvisioningTarget',
  UpgradeStatusDetails: 'Provisioning v2.',
  UpgradeKind: 'Invalid',
};

const tail = {
  TargetApplicationTypeVersion: 'v2',
  UpgradeDuration: 'PT0H0M0S',
  CurrentUpgradeDomainDuration: 'PT0H0M0S',
  ApplicationUnhealthyEvaluations: [],
  CurrentUpgradeDomainProgress: noDomain,
  StartTimestampUtc: never,
  FailureTimestampUtc: never,
  UpgradeDomainProgressAtFailure: noDomain,
  ApplicationUpgradeStatusDetails: '',
};

export function createNeverUpgraded(): Record<string, unknown> {
  return createShortUpgrade({
    UpgradeState: 'RollingForwardCompleted',
    UpgradeStatusDetails: '',
    TargetApplicationTypeVersion: 'v1',
  });
}

/** Creates an upgrade in the full form, which the runtime sends after provisioning; by default it rolls forward. */
export function createUpgrade(members: Members = {}): Record<string, unknown> {
  return {
    ...head,
    UpgradeState: 'RollingForwardInProgress',
    UpgradeStatusDetails: 'Upgrading from v1 to v2.',
    UpgradeKind: 'Rolling',
    RollingUpgradeMode: 'Monitored',
    ForceRestart: false,
    UpgradeReplicaSetCheckTimeoutInSeconds: 900,
    MonitoringPolicy: policy,
    // The runtime puts the policy here, if the upgrade request had one.
    ApplicationHealthPolicy: undefined,
    ...tail,
    UpgradeDuration: 'PT0H4M0.6412S',
    CurrentUpgradeDomainDuration: 'PT0H1M0.0412S',
    ...members,
  };
}

export const runningUpgrade = createUpgrade({
  CurrentUpgradeDomainProgress: {
    DomainName: 'UD1',
    NodeUpgradeProgressList: [
      { NodeName: '_node_1', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] },
      {
        NodeName: '_node_4',
        UpgradePhase: 'PreUpgradeSafetyCheck',
        PendingSafetyChecks: [
          {
            SafetyCheck: { Kind: 'EnsureAvailability', PartitionId: partition },
          },
        ],
      },
    ],
  },
});

export const unhealthyEvent = {
  HealthEvaluation: {
    Kind: 'Event',
    Description: 'An error was reported.',
    AggregatedHealthState: 'Error',
    UnhealthyEvent: {
      SourceId: 'System.Hosting',
      Property: 'CodePackageActivation:web:EntryPoint',
      HealthState: 'Error',
      TimeToLiveInMilliSeconds: noLimit,
      Description: 'The container exited with code 137.',
      SequenceNumber: '133512345678901234',
      RemoveWhenExpired: false,
      SourceUtcTimestamp: '2026-11-24T07:10:00.250Z',
      LastModifiedUtcTimestamp: '2026-11-24T07:10:01.007Z',
      IsExpired: false,
      LastOkTransitionAt: never,
      LastWarningTransitionAt: never,
      LastErrorTransitionAt: '2026-11-24T07:10:01.007Z',
    },
    ConsiderWarningAsError: false,
  },
};

/** Creates the evaluation of a deployed application on a node, down to an event with this description. */
export function createNodeEvaluation(node: string, text: string, members: object = {}) {
  return {
    HealthEvaluation: {
      Kind: 'DeployedApplication',
      Description: `The application on node '${node}' is in Error.`,
      AggregatedHealthState: 'Error',
      Name: 'fabric:/web',
      NodeName: node,
      UnhealthyEvaluations: [
        {
          HealthEvaluation: {
            ...unhealthyEvent.HealthEvaluation,
            UnhealthyEvent: { ...event, Description: text, ...members },
          },
        },
      ],
    },
  };
}

const event = unhealthyEvent.HealthEvaluation.UnhealthyEvent;

/** Creates the evaluation of a compose service's package on a node, down to an event with these members. */
export function createPackageEvaluation(node: string, service: string, members: object) {
  return {
    HealthEvaluation: {
      Kind: 'DeployedServicePackage',
      AggregatedHealthState: 'Error',
      Name: 'fabric:/web',
      ServiceManifestName: `${service}Pkg`,
      NodeName: node,
      UnhealthyEvaluations: [createEvent(members)],
    },
  };
}

/** Creates the evaluation of a service, down to an event of its partition with these members. */
export function createServiceEvaluation(name: string, members: object) {
  return {
    HealthEvaluation: {
      Kind: 'Service',
      AggregatedHealthState: 'Error',
      ServiceName: name,
      UnhealthyEvaluations: [
        {
          HealthEvaluation: {
            Kind: 'Partition',
            AggregatedHealthState: 'Error',
            PartitionId: partition,
            UnhealthyEvaluations: [createEvent(members)],
          },
        },
      ],
    },
  };
}

function createEvent(members: object) {
  return {
    HealthEvaluation: { ...unhealthyEvent.HealthEvaluation, UnhealthyEvent: { ...event, ...members } },
  };
}

/** Creates the evaluation of upgrade domain UD1. */
export const createDomainEvaluation = (children: object[], totalCount = children.length) => ({
  HealthEvaluation: {
    Kind: 'UpgradeDomainDeployedApplications',
    Description: 'Some are unhealthy.',
    AggregatedHealthState: 'Error',
    UpgradeDomainName: 'UD1',
    UnhealthyEvaluations: children,
    MaxPercentUnhealthyDeployedApplications: 20,
    TotalCount: totalCount,
  },
});

export const rollingBackUpgrade = createUpgrade({
  UpgradeState: 'RollingBackInProgress',
  RollingUpgradeMode: 'UnmonitoredAuto',
  TargetApplicationTypeVersion: 'v1',
  ApplicationUnhealthyEvaluations: [
    {
      HealthEvaluation: {
        Kind: 'UpgradeDomainDeployedApplications',
        Description: '100% (2/2) are unhealthy.',
        AggregatedHealthState: 'Error',
        UpgradeDomainName: 'UD1',
        UnhealthyEvaluations: [
          {
            HealthEvaluation: {
              Kind: 'DeployedApplication',
              Description: 'It is in Error.',
              AggregatedHealthState: 'Error',
              Name: 'fabric:/web',
              NodeName: '_node_1',
              UnhealthyEvaluations: [unhealthyEvent],
            },
          },
        ],
        MaxPercentUnhealthyDeployedApplications: 20,
        TotalCount: 2,
      },
    },
  ],
});

export const completedUpgrade = createUpgrade({ UpgradeState: 'RollingForwardCompleted' });

export const rolledBackUpgrade = { ...rollingBackUpgrade, UpgradeState: 'RollingBackCompleted' };

/** Creates a node that waits for a safety check of {@link partition} before its upgrade. */
export const createWaitingNode = (name: string, kind = 'EnsureAvailability') => ({
  NodeName: name,
  UpgradePhase: 'PreUpgradeSafetyCheck',
  PendingSafetyChecks: [{ SafetyCheck: { Kind: kind, PartitionId: partition } }],
});

/** Upgrade domain UD1 with a node that waits for a safety check. */
export const stuckDomain = { DomainName: 'UD1', NodeUpgradeProgressList: [createWaitingNode('_node_4')] };

/** Upgrade domain UD1 before it starts. */
export const nextDomain = { DomainName: 'UD1', NodeUpgradeProgressList: [] };

/** Creates a monitoring policy that differs from the default in these members. */
export const createPolicy = (members: Members) => ({ MonitoringPolicy: { ...policy, ...members } });

/** Members of the application's record after a rollback to v1. */
export const rolledBackRecord = { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackCompleted' };

/** Creates the application's own record, by default that of {@link runningUpgrade}. */
export function createApplication(members: Members = {}): Record<string, unknown> {
  return {
    Name: 'fabric:/web',
    TypeName: 'Compose_0',
    TargetApplicationTypeVersion: 'v2',
    UpgradeDomains: [
      { Name: 'UD1', State: 'InProgress' },
      { Name: 'UD2', State: 'Pending' },
      { Name: 'UD0', State: 'Completed' },
    ],
    UpgradeState: 'RollingForwardInProgress',
    NextUpgradeDomain: 'UD2',
    RollingUpgradeMode: 'Monitored',
    UpgradeDescription: { Name: 'fabric:/web', TargetApplicationTypeVersion: 'v2', Parameters: [] },
    UpgradeDurationInMilliseconds: 'PT0H4M0.6412S',
    UpgradeDomainDurationInMilliseconds: 'PT0H1M0.0412S',
    UnhealthyEvaluations: [],
    CurrentUpgradeDomainProgress: noDomain,
    StartTimestampUtc: '2026-11-24T07:00:00.000Z',
    FailureTimestampUtc: never,
    FailureReason: 'None',
    UpgradeDomainProgressAtFailure: noDomain,
    UpgradeStatusDetails: '',
    ...members,
  };
}

/** Writes a document as the runtime does: compact, and with every slash escaped. */
export function toWire(document: unknown): string {
  return JSON.stringify(document).replaceAll('/', '\\/');
}
