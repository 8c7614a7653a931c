/** The command that starts an upgrade again with the settings of the last one. */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveUpgradePolicy } from '../../../../src/config/upgrade-policy.ts';
import type { Shell } from '../../../../src/platform/shell-quoting.ts';
import { buildUpgrade } from '../../../../src/upgrade/findings/upgrade-command.ts';
import type { UpgradeSnapshot } from '../../../../src/upgrade/snapshot.ts';
import {
  createNeverUpgraded,
  createPolicy,
  createShortUpgrade,
  createUpgrade,
  rolledBackRecord,
  rolledBackUpgrade,
  unhealthyEvent,
} from '../../../support/documents.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';

const back = { ...rolledBackRecord, RollingUpgradeMode: 'UnmonitoredAuto' };
const start = 'sfcompose upgrade web -f <compose file>';
const sfctlStart = 'sfctl compose upgrade --deployment-name web --file-path <compose file>';
const defaultLimits = '--upgrade-timeout 2h --replica-set-check 15m';
const sfctlLimits = '--failure-action Rollback --upgrade-timeout PT7200S --replica-set-check 900';

function withShell(snapshot: UpgradeSnapshot, shell: Shell): UpgradeSnapshot {
  return { ...snapshot, commandTarget: { options: [], sfctlSelect: undefined, shells: [shell] } };
}

describe('the command that starts an upgrade again', () => {
  it.each([
    {
      name: 'a monitored upgrade',
      document: createUpgrade(),
      options: defaultLimits,
    },
    {
      name: 'a monitored upgrade that was rolled back',
      document: createUpgrade(back),
      options: defaultLimits,
    },
    {
      name: 'a monitored upgrade that a failed health check stopped',
      document: createUpgrade({
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        ApplicationUnhealthyEvaluations: [unhealthyEvent],
        ...createPolicy({ FailureAction: 'Manual' }),
      }),
      options: `--failure-action manual ${defaultLimits}`,
    },
    {
      name: 'a manual upgrade',
      document: createUpgrade({
        RollingUpgradeMode: 'UnmonitoredManual',
        ...createPolicy({ FailureAction: 'Manual' }),
      }),
      options: '--mode manual --replica-set-check 15m',
    },
    {
      name: 'an upgrade without health checks that an operator rolled back',
      document: createUpgrade({ ...back, ...createPolicy({ FailureAction: 'Manual' }) }),
      options: '--mode auto --replica-set-check 15m',
    },
    {
      name: 'an upgrade with every setting',
      document: createUpgrade({
        ...createPolicy({
          FailureAction: 'Manual',
          HealthCheckWaitDurationInMilliseconds: 'PT0H0M30S',
          HealthCheckStableDurationInMilliseconds: 'PT1H5M0S',
          HealthCheckRetryTimeoutInMilliseconds: 'PT0H0M1.5S',
          UpgradeTimeoutInMilliseconds: 'P10675199DT2H48M5.4775807S',
          UpgradeDomainTimeoutInMilliseconds: 'PT2H0M0S',
        }),
        UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
        ApplicationHealthPolicy: {
          ConsiderWarningAsError: true,
          MaxPercentUnhealthyDeployedApplications: 20,
          DefaultServiceTypeHealthPolicy: { MaxPercentUnhealthyReplicasPerPartition: 10 },
        },
      }),
      options:
        '--failure-action manual --health-check-wait 30s --health-check-stable 1h5m --health-check-retry 1500ms' +
        ' --upgrade-domain-timeout 2h --warning-as-error --max-unhealthy-nodes 20 --max-unhealthy-instances 10',
    },
    {
      name: 'an upgrade with impossible limits',
      document: createUpgrade({
        ...createPolicy({ UpgradeTimeoutInMilliseconds: '-PT1H' }),
        UpgradeReplicaSetCheckTimeoutInSeconds: -1,
      }),
      options: '',
    },
    {
      name: 'an upgrade with unknown settings',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
      options: '',
    },
    {
      name: 'a deployment that was never upgraded',
      document: createNeverUpgraded(),
      options: '',
    },
  ])('has the settings of $name', ({ document, options }) => {
    expect(buildUpgrade(buildSnapshot(document))).toBe(`${start} ${options}`.trimEnd());
  });

  it.each([
    {
      name: 'an upgrade with policies for types of services',
      document: createUpgrade({
        ...createPolicy({
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
      name: 'an upgrade that restarts every replica',
      document: createUpgrade({ ForceRestart: true }),
      options: `--upgrade-mode Monitored ${sfctlLimits} --force-restart`,
    },
    {
      name: 'an upgrade whose kind is a forced restart',
      document: createUpgrade({
        RollingUpgradeMode: 'UnmonitoredAuto',
        UpgradeKind: 'Rolling_ForceRestart',
        ...createPolicy({ FailureAction: 'Manual' }),
      }),
      options: '--upgrade-mode UnmonitoredAuto --replica-set-check 900 --force-restart',
    },
    {
      name: 'a limit of an upgrade domain that is shorter than its health check',
      document: createUpgrade(createPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT5M' })),
      options:
        '--upgrade-mode Monitored --failure-action Rollback --upgrade-timeout PT7200S' +
        ' --upgrade-domain-timeout PT300S --replica-set-check 900',
    },
    {
      name: 'a limit of an upgrade domain that is longer than that of the upgrade',
      document: createUpgrade(createPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT3H' })),
      options:
        '--upgrade-mode Monitored --failure-action Rollback --upgrade-timeout PT7200S' +
        ' --upgrade-domain-timeout PT10800S --replica-set-check 900',
    },
    {
      name: 'an upgrade that does not wait for safety checks',
      document: createUpgrade({ UpgradeReplicaSetCheckTimeoutInSeconds: 0 }),
      options:
        '--upgrade-mode Monitored --failure-action Rollback --upgrade-timeout PT7200S --replica-set-check 0',
    },
  ])('needs sfctl for $name', ({ document, options }) => {
    expect(buildUpgrade(withShell(buildSnapshot(document), 'posix'))).toBe(`${sfctlStart} ${options}`);
  });

  it.each([
    {
      shell: 'posix',
      json: `'{"max_percent_unhealthy_services":10,"max_percent_unhealthy_partitions_per_service":0,"max_percent_unhealthy_replicas_per_partition":0}'`,
    },
    {
      shell: 'cmd',
      json: String.raw`"{\"max_percent_unhealthy_services\":10,\"max_percent_unhealthy_partitions_per_service\":0,\"max_percent_unhealthy_replicas_per_partition\":0}"`,
    },
    { shell: 'powershell', json: '<its health policies as JSON>' },
  ] as const)('has JSON for $shell', ({ shell, json }) => {
    const DefaultServiceTypeHealthPolicy = { MaxPercentUnhealthyServices: 10 };
    const snapshot = buildSnapshot(
      createUpgrade({ ApplicationHealthPolicy: { DefaultServiceTypeHealthPolicy } }),
    );
    const [, argument] =
      / --default-svc-type-health-map (.*)$/.exec(buildUpgrade(withShell(snapshot, shell))) ?? [];
    expect(argument).toBe(json);
  });

  it('has the settings that a watch saw before the upgrade failed or was rolled back', () => {
    const before = [createUpgrade({ RollingUpgradeMode: 'UnmonitoredAuto' })];
    const options = '--mode auto --replica-set-check 15m';
    expect(buildUpgrade(buildSnapshot(createUpgrade(back), { before }))).toBe(`${start} ${options}`);
    const failedUpgrade = createShortUpgrade({ UpgradeState: 'Failed' });
    expect(buildUpgrade(buildSnapshot(failedUpgrade, { before }))).toBe(`${start} ${options}`);
  });

  it('has placeholders for names that a shell could misread', () => {
    const hostile = createUpgrade({
      RollingUpgradeMode: '$(reboot) "',
      ApplicationHealthPolicy: { ServiceTypeHealthPolicyMap: [{ Key: "'; reboot; '", Value: {} }] },
    });
    expect(buildUpgrade(buildSnapshot(hostile))).toBe(
      `${sfctlStart} --upgrade-mode <name> --replica-set-check 900`,
    );
    const monitored = buildSnapshot({
      ...hostile,
      RollingUpgradeMode: 'Monitored',
      ...createPolicy({ FailureAction: '`x y`' }),
    });
    expect(buildUpgrade(monitored)).toMatch(
      /--failure-action <name> .* --svc-type-health-map <its health policies as JSON>$/,
    );
  });
});

it('keeps the lack of a limit for safety checks that a rollback replaces by its own', () => {
  const document = { ...rolledBackUpgrade, UpgradeReplicaSetCheckTimeoutInSeconds: 1200 };
  const UpgradeDescription = { UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295 };
  const application = { ...rolledBackRecord, UpgradeDescription };
  expect(buildUpgrade(buildSnapshot(document, { application }))).not.toContain('--replica-set-check');
  expect(buildUpgrade(buildSnapshot(document))).toContain('--replica-set-check 20m');
});

/** Options of `sfcompose upgrade`, with their members of the flags. */
const valueOptions = {
  mode: 'mode',
  'failure-action': 'failureAction',
  'health-check-wait': 'healthCheckWait',
  'health-check-stable': 'healthCheckStable',
  'health-check-retry': 'healthCheckRetry',
  'upgrade-timeout': 'upgradeTimeout',
  'upgrade-domain-timeout': 'upgradeDomainTimeout',
  'replica-set-check': 'replicaSetCheck',
  'max-unhealthy-nodes': 'maxUnhealthyNodes',
  'max-unhealthy-instances': 'maxUnhealthyInstances',
} as const;

/** Resolves the policy that a printed command asks for. */
function resolvePrinted(command: string) {
  const { values } = parseArgs({
    args: command.slice(start.length).trim().split(' ').filter(Boolean),
    options: {
      ...Object.fromEntries(Object.keys(valueOptions).map((name) => [name, { type: 'string' as const }])),
      'warning-as-error': { type: 'boolean' },
    },
  });
  const flags = Object.entries(valueOptions).map(([name, member]) => [
    member,
    (values as Record<string, unknown>)[name],
  ]);
  return resolveUpgradePolicy(
    { ...Object.fromEntries(flags), warningAsError: values['warning-as-error'] === true },
    {},
  );
}

it('is accepted with the same policy, whatever the last one was', () => {
  const duration = (max: number) => fc.integer({ min: 0, max });
  const percent = fc.integer({ min: 0, max: 100 });
  let count = 0;
  fc.assert(
    fc.property(
      fc.record({
        wait: duration(90_000),
        stable: duration(200_000),
        retry: duration(700_000),
        whole: fc.option(duration(9_000_000)),
        domain: fc.option(duration(3_000_000)),
        check: fc.integer({ min: 0, max: 5000 }),
        action: fc.constantFrom('Rollback', 'Manual'),
        isStrict: fc.boolean(),
        nodes: percent,
        instances: percent,
      }),
      ({ wait, stable, retry, whole, domain, check, action, isStrict, nodes, instances }) => {
        const toIso = (ms: number | null) => (ms === null ? 'P10675199DT2H48M5.4775807S' : `PT${ms / 1000}S`);
        const document = createUpgrade({
          ...createPolicy({
            FailureAction: action,
            HealthCheckWaitDurationInMilliseconds: toIso(wait),
            HealthCheckStableDurationInMilliseconds: toIso(stable),
            HealthCheckRetryTimeoutInMilliseconds: toIso(retry),
            UpgradeTimeoutInMilliseconds: toIso(whole),
            UpgradeDomainTimeoutInMilliseconds: toIso(domain),
          }),
          UpgradeReplicaSetCheckTimeoutInSeconds: check,
          ApplicationHealthPolicy: {
            ConsiderWarningAsError: isStrict,
            MaxPercentUnhealthyDeployedApplications: nodes,
            DefaultServiceTypeHealthPolicy: { MaxPercentUnhealthyReplicasPerPartition: instances },
          },
        });
        const command = buildUpgrade(buildSnapshot(document));
        if (command.startsWith('sfctl ')) return;
        count += 1;
        expect(resolvePrinted(command)).toEqual({
          mode: 'Monitored',
          replicaSetCheckTimeoutMs: check * 1000,
          monitoring: {
            failureAction: action,
            healthCheckWaitMs: wait,
            healthCheckStableMs: stable,
            healthCheckRetryMs: retry,
            upgradeTimeoutMs: whole ?? Infinity,
            upgradeDomainTimeoutMs: domain ?? Infinity,
            considerWarningAsError: isStrict,
            maxPercentUnhealthyNodes: nodes,
            maxPercentUnhealthyInstances: instances,
          },
        });
      },
    ),
  );
  expect(count).toBeGreaterThan(0);
});
