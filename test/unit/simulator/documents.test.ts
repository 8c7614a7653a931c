/** Documents of the simulated cluster, which equal those of the runtime byte by byte. */
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../../src/simulator/scenarios.ts';
import {
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  noLimit,
  toWire,
} from '../../support/documents.ts';
import {
  getProgressPath,
  post,
  resumeUpgrade,
  type SimulatedCluster,
  startSimulatedCluster,
} from '../../support/simulated-cluster.ts';

const health = {
  ConsiderWarningAsError: false,
  MaxPercentUnhealthyDeployedApplications: 20,
  DefaultServiceTypeHealthPolicy: {
    MaxPercentUnhealthyServices: 0,
    MaxPercentUnhealthyPartitionsPerService: 0,
    MaxPercentUnhealthyReplicasPerPartition: 0,
  },
  ServiceTypeHealthPolicyMap: [],
};

describe('the document of a simulated upgrade', () => {
  it('has the short form while provisioning', async () => {
    const cluster = await startSimulatedCluster('happy');
    expect((await cluster.send('GET', getProgressPath('web'))).text).toBe(toWire(createShortUpgrade()));
  });

  it('has the short form for a deployment that was never upgraded', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    expect((await cluster.send('GET', getProgressPath('web'))).text).toBe(toWire(createNeverUpgraded()));
  });

  it('has the full form while rolling forward', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(350);
    const { text } = await cluster.send('GET', getProgressPath('web'));
    const { UpgradeDuration, CurrentUpgradeDomainDuration } = JSON.parse(text);
    expect(UpgradeDuration).toMatch(/^PT0H5M2\.\d{1,4}S$/);
    expect(CurrentUpgradeDomainDuration).toMatch(/^PT0H1M0\.\d{1,4}S$/);
    expect(text).toBe(
      toWire(
        createUpgrade({
          ApplicationHealthPolicy: health,
          UpgradeDuration,
          CurrentUpgradeDomainDuration,
          CurrentUpgradeDomainProgress: {
            DomainName: 'UD1',
            NodeUpgradeProgressList: [
              { NodeName: '_node_4', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] },
            ],
          },
        }),
      ),
    );
  });

  it('has the causes of a rollback, down to the events', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(560);
    const { ApplicationUnhealthyEvaluations } = await cluster.readProgress();
    const text = toWire(ApplicationUnhealthyEvaluations);
    const ids = [...text.matchAll(/"Property":"CodePackageActivation:web\.Code:EntryPoint:(\d{18})"/g)];
    const crashes = ids.map(([, id = ''], index) => createCrash(['_node_1', '_node_4'][index] ?? '', id));
    expect(new Set(ids.map(([, id]) => id)).size).toBe(2);
    expect(text).toBe(
      toWire([
        createEvaluation(
          'UpgradeDomainDeployedApplications',
          "100% (2/2) of the deployed applications in upgrade domain 'UD1' are unhealthy; 20% is tolerated.",
          {
            UpgradeDomainName: 'UD1',
            UnhealthyEvaluations: crashes,
            MaxPercentUnhealthyDeployedApplications: 20,
            TotalCount: 2,
          },
        ),
      ]),
    );
    // The ids do not change from one health check to the next, and neither do the times.
    cluster.at(900);
    expect(toWire((await cluster.readProgress())['ApplicationUnhealthyEvaluations'])).toBe(text);
  });
});

/** Creates the evaluation of a node on which the container of `web` has crashed five seconds after its start. */
function createCrash(node: string, id: string) {
  const started = Number(BigInt(id) / 10_000n - 11_644_473_600_000n);
  const at = (milliseconds: number) => new Date(started + milliseconds).toISOString();
  const property = `CodePackageActivation:web.Code:EntryPoint:${id}`;
  const event = createEvaluation('Event', `'System.Hosting' reported Error for '${property}'.`, {
    UnhealthyEvent: {
      SourceId: 'System.Hosting',
      Property: property,
      HealthState: 'Error',
      TimeToLiveInMilliSeconds: noLimit,
      Description: `The container of web exited with code 137.`,
      SequenceNumber: String(BigInt(id) + 50_000_000n),
      RemoveWhenExpired: false,
      SourceUtcTimestamp: at(5000),
      LastModifiedUtcTimestamp: at(5757),
      IsExpired: false,
      LastOkTransitionAt: at(0),
      LastWarningTransitionAt: '0001-01-01T00:00:00.000Z',
      LastErrorTransitionAt: at(5757),
    },
    ConsiderWarningAsError: false,
  });
  const servicePackage = createEvaluation('DeployedServicePackage', "'webPkg' is in Error.", {
    Name: 'fabric:/web',
    ServiceManifestName: 'webPkg',
    NodeName: node,
    UnhealthyEvaluations: [event],
    ServicePackageActivationId: '',
  });
  const servicePackages = createEvaluation(
    'DeployedServicePackages',
    '50% (1/2) of the service packages are unhealthy.',
    { UnhealthyEvaluations: [servicePackage], TotalCount: 2 },
  );
  return createEvaluation('DeployedApplication', `The application on node '${node}' is in Error.`, {
    Name: 'fabric:/web',
    NodeName: node,
    UnhealthyEvaluations: [servicePackages],
  });
}

function createEvaluation(kind: string, description: string, own: object) {
  return {
    HealthEvaluation: {
      Kind: kind,
      Description: description,
      AggregatedHealthState: 'Error',
      ...own,
    },
  };
}

describe("the application's own record", () => {
  const path = '/Applications/web/$/GetUpgradeProgress?api-version=6.0';
  const noDomain = { DomainName: '', NodeUpgradeProgressList: [] };

  /** Creates the record of an application without an upgrade. */
  const createRecord = (members: object) => ({
    Name: 'fabric:/web',
    TypeName: 'Compose_1',
    TargetApplicationTypeVersion: 'v1',
    UpgradeDomains: [],
    UpgradeState: 'RollingForwardCompleted',
    NextUpgradeDomain: '',
    RollingUpgradeMode: 'Invalid',
    // Absent without an upgrade, but then not at the end.
    UpgradeDescription: undefined,
    UpgradeDurationInMilliseconds: 'PT0H0M0S',
    UpgradeDomainDurationInMilliseconds: 'PT0H0M0S',
    UnhealthyEvaluations: [],
    CurrentUpgradeDomainProgress: noDomain,
    StartTimestampUtc: '0001-01-01T00:00:00.000Z',
    FailureTimestampUtc: '0001-01-01T00:00:00.000Z',
    FailureReason: 'None',
    UpgradeDomainProgressAtFailure: noDomain,
    UpgradeStatusDetails: '',
    ...members,
  });

  /** Reads both documents, which have one clock. */
  async function readBoth(cluster: SimulatedCluster) {
    const { text } = await cluster.send('GET', path);
    const progress = await cluster.readProgress();
    const { StartTimestampUtc, FailureTimestampUtc } = JSON.parse(text);
    const clocks = {
      UpgradeDurationInMilliseconds: progress['UpgradeDuration'],
      UpgradeDomainDurationInMilliseconds: progress['CurrentUpgradeDomainDuration'],
    };
    return { text, clocks, times: { StartTimestampUtc, FailureTimestampUtc } };
  }

  it.each<[string, ScenarioName, number]>([
    ['that was never upgraded', 'never-upgraded', 0],
    ['whose first upgrade is being provisioned', 'happy', 10],
    ['whose new version could not be provisioned', 'failed', 60],
  ])('does not describe an upgrade of an application %s', async (_, scenario, seconds) => {
    const cluster = await startSimulatedCluster(scenario);
    cluster.at(seconds);
    expect((await cluster.send('GET', path)).text).toBe(toWire(createRecord({})));
  });

  it('describes a rollback with the old version as the target, and lists all domains', async () => {
    const cluster = await startSimulatedCluster('timeout');
    cluster.at(600);
    const { text, clocks, times } = await readBoth(cluster);
    const waiting = {
      NodeName: '_node_4',
      UpgradePhase: 'PreUpgradeSafetyCheck',
      PendingSafetyChecks: [
        {
          SafetyCheck: {
            Kind: 'EnsureAvailability',
            PartitionId: '4ee87f08-8d68-c6ba-91e4-d29d532e344b',
          },
        },
      ],
    };
    const node = { NodeName: '_node_0', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] };
    expect(text).toBe(
      toWire(
        createRecord({
          UpgradeDomains: [
            { Name: 'UD0', State: 'InProgress' },
            { Name: 'UD1', State: 'Pending' },
            { Name: 'UD2', State: 'Pending' },
          ],
          UpgradeState: 'RollingBackInProgress',
          NextUpgradeDomain: 'UD1',
          RollingUpgradeMode: 'UnmonitoredAuto',
          UpgradeDescription: {
            Name: 'fabric:/web',
            TargetApplicationTypeVersion: 'v1',
            Parameters: [],
            UpgradeKind: 'Rolling',
            RollingUpgradeMode: 'UnmonitoredAuto',
            UpgradeReplicaSetCheckTimeoutInSeconds: 900,
            ForceRestart: false,
            MonitoringPolicy: {
              FailureAction: 'Rollback',
              HealthCheckWaitDurationInMilliseconds: 'PT0H0M0S',
              HealthCheckStableDurationInMilliseconds: 'PT0H2M0S',
              HealthCheckRetryTimeoutInMilliseconds: 'PT0H10M0S',
              UpgradeTimeoutInMilliseconds: 'PT2H0M0S',
              UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S',
            },
            ApplicationHealthPolicy: health,
          },
          ...clocks,
          CurrentUpgradeDomainProgress: {
            DomainName: 'UD0',
            NodeUpgradeProgressList: [node, { ...waiting, NodeName: '_node_3' }],
          },
          ...times,
          FailureReason: 'UpgradeDomainTimeout',
          UpgradeDomainProgressAtFailure: { DomainName: 'UD1', NodeUpgradeProgressList: [waiting] },
        }),
      ),
    );
    expect(times.StartTimestampUtc).toMatch(/^2026-11-24T07:00:30/);
    expect(times.FailureTimestampUtc).toMatch(/^2026-11-24T07:09:3\d/);
    cluster.at(900);
    const ended = await readBoth(cluster);
    expect(JSON.parse(ended.text)).toMatchObject({
      UpgradeDomains: ['UD0', 'UD1', 'UD2'].map((name) => ({ Name: name, State: 'Completed' })),
      UpgradeState: 'RollingBackCompleted',
      NextUpgradeDomain: '',
      ...ended.clocks,
    });
  });

  it('tells when a manual rollback waits, and has a health policy only if the request had one', async () => {
    const cluster = await startSimulatedCluster('manual');
    cluster.at(200);
    await resumeUpgrade(cluster, 'UD1');
    cluster.at(300);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(1000);
    const { text, clocks } = await readBoth(cluster);
    const record = JSON.parse(text);
    expect(record).toMatchObject({
      UpgradeState: 'RollingBackPending',
      NextUpgradeDomain: 'UD1',
      UpgradeDomains: [
        { Name: 'UD1', State: 'Pending' },
        { Name: 'UD2', State: 'Pending' },
        { Name: 'UD0', State: 'Completed' },
      ],
      FailureReason: 'Interrupted',
      ...clocks,
    });
    expect(Object.keys(record.UpgradeDescription)).toEqual([
      'Name',
      'TargetApplicationTypeVersion',
      'Parameters',
      'UpgradeKind',
      'RollingUpgradeMode',
      'UpgradeReplicaSetCheckTimeoutInSeconds',
      'ForceRestart',
      'MonitoringPolicy',
    ]);
    await resumeUpgrade(cluster, 'UD1');
    cluster.at(1070);
    expect(JSON.parse((await readBoth(cluster)).text).UpgradeState).toBe('RollingBackInProgress');
  });
});
