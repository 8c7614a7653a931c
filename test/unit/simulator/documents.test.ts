/** Documents of the simulated cluster, which equal those of the runtime byte by byte. */
import { describe, expect, it } from 'vitest';
import { createNeverUpgraded, createShortUpgrade, createUpgrade, toWire } from '../../support/documents.ts';
import { getProgressPath, startSimulatedCluster, startTime } from '../../support/simulated-cluster.ts';

describe('the document of a simulated upgrade', () => {
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

  it('has the causes of a rollback, down to the event', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(560);
    const document = await cluster.readProgress();
    const at = (seconds: number) => new Date(startTime + seconds * 1000).toISOString().slice(0, 19);
    const [tree] = document['ApplicationUnhealthyEvaluations'] as [unknown];
    const text = toWire(tree);
    expect(text).toMatch(
      /^{"HealthEvaluation":{"Kind":"UpgradeDomainDeployedApplications","Description":"50% \(1\\\/2\)[^"]*","AggregatedHealthState":"Error","UpgradeDomainName":"UD1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedApplication","Description":"[^"]*","AggregatedHealthState":"Error","Name":"fabric:\\\/web","NodeName":"_node_1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedServicePackages","Description":"[^"]*","AggregatedHealthState":"Error","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedServicePackage","Description":"[^"]*","AggregatedHealthState":"Error","Name":"fabric:\\\/web","ServiceManifestName":"webPkg","NodeName":"_node_1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"Event",.*}}\],"ServicePackageActivationId":""}}\],"TotalCount":2}}\]}}\],"MaxPercentUnhealthyDeployedApplications":20,"TotalCount":2}}$/,
    );
    expect(text).toContain(
      '"UnhealthyEvent":{"SourceId":"System.Hosting","Property":"CodePackageActivation:web:EntryPoint","HealthState":"Error","TimeToLiveInMilliSeconds":"P10675199DT2H48M5.4775807S","Description":"The container of web on _node_1 exited with code 137.","SequenceNumber":"1343',
    );
    // The container crashed some time after the start of the second domain.
    expect(text).toContain(`"SourceUtcTimestamp":"${at(317)}`);
    expect(text).toContain('"LastWarningTransitionAt":"0001-01-01T00:00:00.000Z"');
  });
});
