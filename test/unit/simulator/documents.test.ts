/** The documents of the simulated cluster, byte by byte those of the runtime. */
import { describe, expect, it } from 'vitest';
import { fullForm, neverUpgraded, shortForm, wire } from '../../support/documents.ts';
import { progressPath, simulatedCluster, start } from '../../support/simulated-cluster.ts';

describe('the bytes are those of the runtime', () => {
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

  it('while provisioning: short', async () => {
    const cluster = await simulatedCluster('happy');
    expect((await cluster.send('GET', progressPath('web'))).text).toBe(wire(shortForm()));
  });

  it('of a deployment that was never upgraded: short, and completed', async () => {
    const cluster = await simulatedCluster('never-upgraded');
    expect((await cluster.send('GET', progressPath('web'))).text).toBe(wire(neverUpgraded()));
  });

  it('midway: in full', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(350);
    const { text } = await cluster.send('GET', progressPath('web'));
    const { UpgradeDuration, CurrentUpgradeDomainDuration } = JSON.parse(text);
    expect(UpgradeDuration).toMatch(/^PT0H5M2\.\d{1,4}S$/);
    expect(CurrentUpgradeDomainDuration).toMatch(/^PT0H1M0\.\d{1,4}S$/);
    expect(text).toBe(
      wire(
        fullForm({
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

  it('of the causes of a rollback, down to the event', async () => {
    const cluster = await simulatedCluster('rollback');
    cluster.at(560);
    const document = await cluster.progress();
    const at = (seconds: number) => new Date(start + seconds * 1000).toISOString().slice(0, 19);
    const [tree] = document['ApplicationUnhealthyEvaluations'] as [unknown];
    const text = wire(tree);
    expect(text).toMatch(
      /^{"HealthEvaluation":{"Kind":"UpgradeDomainDeployedApplications","Description":"50% \(1\\\/2\)[^"]*","AggregatedHealthState":"Error","UpgradeDomainName":"UD1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedApplication","Description":"[^"]*","AggregatedHealthState":"Error","Name":"fabric:\\\/web","NodeName":"_node_1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedServicePackages","Description":"[^"]*","AggregatedHealthState":"Error","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedServicePackage","Description":"[^"]*","AggregatedHealthState":"Error","Name":"fabric:\\\/web","ServiceManifestName":"webPkg","NodeName":"_node_1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"Event",.*}}\],"ServicePackageActivationId":""}}\],"TotalCount":2}}\]}}\],"MaxPercentUnhealthyDeployedApplications":20,"TotalCount":2}}$/,
    );
    expect(text).toContain(
      '"UnhealthyEvent":{"SourceId":"System.Hosting","Property":"CodePackageActivation:web:EntryPoint","HealthState":"Error","TimeToLiveInMilliSeconds":"P10675199DT2H48M5.4775807S","Description":"The container of web on _node_1 exited with code 137.","SequenceNumber":"1343',
    );
    // Crashed when the second domain had been under way for some time.
    expect(text).toContain(`"SourceUtcTimestamp":"${at(317)}`);
    expect(text).toContain('"LastWarningTransitionAt":"0001-01-01T00:00:00.000Z"');
  });
});
