/** The command that starts an upgrade again keeps what the upgrade was started with. */
import { describe, expect, it } from 'vitest';
import { buildUpgrade } from '../../../../src/upgrade/findings/sfctl-upgrade.ts';
import {
  fullForm,
  neverUpgraded,
  rolledBackRecord,
  shortForm,
  unhealthyEvent,
  withPolicy,
} from '../../../support/documents.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';

const back = { ...rolledBackRecord, RollingUpgradeMode: 'UnmonitoredAuto' };
const start = 'sfctl compose upgrade --deployment-name web --file-path <compose file>';
const asBefore = '--failure-action Rollback --upgrade-timeout PT7200S --replica-set-check 900';

describe('an upgrade is started again as it was started', () => {
  it.each([
    { name: 'monitored', document: fullForm(), options: `--upgrade-mode Monitored ${asBefore}` },
    {
      name: 'monitored, and rolled back',
      document: fullForm(back),
      options: `--upgrade-mode Monitored ${asBefore}`,
    },
    {
      name: 'monitored, and stopped by its health',
      document: fullForm({
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        ApplicationUnhealthyEvaluations: [unhealthyEvent],
        ...withPolicy({ FailureAction: 'Manual' }),
      }),
      options:
        '--upgrade-mode Monitored --failure-action Manual --upgrade-timeout PT7200S --replica-set-check 900',
    },
    {
      name: 'manual',
      document: fullForm({
        RollingUpgradeMode: 'UnmonitoredManual',
        ...withPolicy({ FailureAction: 'Manual' }),
      }),
      options: '--upgrade-mode UnmonitoredManual --replica-set-check 900',
    },
    {
      name: 'without health checks, and rolled back by somebody',
      document: fullForm({ ...back, ...withPolicy({ FailureAction: 'Manual' }) }),
      options: '--upgrade-mode UnmonitoredAuto --replica-set-check 900',
    },
    {
      name: 'with all that can be asked for',
      document: fullForm({
        ...withPolicy({
          HealthCheckWaitDurationInMilliseconds: 'PT0H0M30S',
          HealthCheckStableDurationInMilliseconds: 'PT0H5M0S',
          HealthCheckRetryTimeoutInMilliseconds: 'PT0H0M1.5S',
          UpgradeTimeoutInMilliseconds: 'P10675199DT2H48M5.4775807S',
          UpgradeDomainTimeoutInMilliseconds: 'PT0H20M0S',
        }),
        UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
        ApplicationHealthPolicy: {
          ConsiderWarningAsError: true,
          MaxPercentUnhealthyDeployedApplications: 20,
          DefaultServiceTypeHealthPolicy: { MaxPercentUnhealthyServices: 10 },
          ServiceTypeHealthPolicyMap: [
            { Key: 'webType', Value: { MaxPercentUnhealthyReplicasPerPartition: 5 } },
          ],
        },
      }),
      options:
        '--upgrade-mode Monitored --failure-action Rollback --health-check-wait PT30S --health-check-stable PT300S' +
        ' --health-check-retry PT1.5S --upgrade-domain-timeout PT1200S --warning-as-error --unhealthy-app 20' +
        ` --default-svc-type-health-map '{"max_percent_unhealthy_services":10,"max_percent_unhealthy_partitions_per_service":0,"max_percent_unhealthy_replicas_per_partition":0}'` +
        ` --svc-type-health-map '[{"Key":"webType","Value":{"max_percent_unhealthy_services":0,"max_percent_unhealthy_partitions_per_service":0,"max_percent_unhealthy_replicas_per_partition":5}}]'`,
    },
    {
      name: 'with every replica restarted',
      document: fullForm({ ForceRestart: true }),
      options: `--upgrade-mode Monitored ${asBefore} --force-restart`,
    },
    {
      name: 'with every replica restarted, as the kind says',
      document: fullForm({
        RollingUpgradeMode: 'UnmonitoredAuto',
        UpgradeKind: 'Rolling_ForceRestart',
        ...withPolicy({ FailureAction: 'Manual' }),
      }),
      options: '--upgrade-mode UnmonitoredAuto --replica-set-check 900 --force-restart',
    },
    {
      name: 'without a limit that cannot be',
      document: fullForm({
        ...withPolicy({ UpgradeTimeoutInMilliseconds: '-PT1H' }),
        UpgradeReplicaSetCheckTimeoutInSeconds: -1,
      }),
      options: '--upgrade-mode Monitored --failure-action Rollback',
    },
    {
      name: 'monitored, where nothing is known of it',
      document: shortForm({ UpgradeState: 'Failed' }),
      options: '--upgrade-mode Monitored --failure-action Rollback',
    },
    {
      name: 'monitored, where there was none',
      document: neverUpgraded(),
      options: '--upgrade-mode Monitored --failure-action Rollback',
    },
  ])('$name', ({ document, options }) => {
    expect(buildUpgrade(buildSnapshot(document))).toBe(`${start} ${options}`);
  });

  it('by what a watch has seen before it failed, or was rolled back', () => {
    const before = [fullForm({ RollingUpgradeMode: 'UnmonitoredAuto' })];
    const options = '--upgrade-mode UnmonitoredAuto --replica-set-check 900';
    expect(buildUpgrade(buildSnapshot(fullForm(back), { before }))).toBe(`${start} ${options}`);
    const failed = shortForm({ UpgradeState: 'Failed' });
    expect(buildUpgrade(buildSnapshot(failed, { before }))).toBe(`${start} ${options}`);
  });

  it('with nothing in it that a shell could misread', () => {
    const hostile = fullForm({
      RollingUpgradeMode: '$(reboot)',
      ApplicationHealthPolicy: { ServiceTypeHealthPolicyMap: [{ Key: "'; reboot; '", Value: {} }] },
    });
    expect(buildUpgrade(buildSnapshot(hostile))).toBe(
      `${start} --upgrade-mode <name> --replica-set-check 900`,
    );
    const monitored = buildSnapshot({
      ...hostile,
      RollingUpgradeMode: 'Monitored',
      ...withPolicy({ FailureAction: '`x`' }),
    });
    expect(buildUpgrade(monitored)).toMatch(
      /--failure-action <name> .* --svc-type-health-map <its health policies as JSON>$/,
    );
  });
});
