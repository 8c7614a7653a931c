/** Commands that are printed act on the cluster that was read, and keep what the upgrade was started with. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readComposeUpgrade } from '../../src/cluster/wire/compose-upgrade.ts';
import { buildUpgrade } from '../../src/upgrade/findings/sfctl-upgrade.ts';
import { createBareSnapshot, createSnapshot, type UpgradeSnapshot } from '../../src/upgrade/snapshot.ts';
import { newAuthority, newKey, pkcs12Of } from '../support/authority.ts';
import {
  fullForm,
  type Members,
  midway,
  neverUpgraded,
  rollingBack,
  shortForm,
  unhealthyEvent,
  wire,
} from '../support/documents.ts';
import { folderWith, inFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';
import { always, answer, fabricError, scriptedGateway, securedGateway } from '../support/scripted-gateway.ts';

const authority = newAuthority('Authority of the cluster');
const key = newKey('rsa');
const client = authority.issueClient({ name: 'operator', key });
const server = authority.issue({ address: '127.0.0.1' });
const files = {
  'ca.pem': authority.pem,
  'client.crt': client,
  'client.key': key,
  'client.pem': client + key,
  'client.pfx': pkcs12Of({ certificates: [client], key }, '', 'aes256'),
  token: 'a-token',
};
const rolledBack = answer(wire({ ...rollingBack, UpgradeState: 'RollingBackCompleted' }));

/** @returns the command that lets sfctl choose the cluster, with the paths as they were given */
async function selectIn(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  isSecured = true,
) {
  const gateway = await (isSecured
    ? securedGateway(server, ...always(rolledBack))
    : scriptedGateway(...always(rolledBack)));
  const folder = folderWith(files);
  const given = inFolder(folder, files, argv);
  const reached = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replace('{url}', gateway.url)]),
  );
  const endpoint = 'SFCTL_SERVICEFABRIC_ENDPOINT' in env ? [] : ['-e', gateway.url];
  const command = [
    'upgrade-progress',
    'web',
    '--exit-status',
    '--no-domains',
    '-o',
    'plain',
    ...endpoint,
    ...given,
  ];
  const { exitCode, stderr } = await run(command, { env: reached, home: folder });
  expect(exitCode).toBe(3);
  const [, select] = /^ {2}Select this cluster in sfctl: (.*)$/m.exec(stderr) ?? [];
  return select?.replaceAll(`${folder}/`, '').replaceAll(gateway.url, '{url}');
}

describe('the cluster is selected in sfctl', () => {
  it.each([
    { argv: ['--insecure'], select: 'sfctl cluster select --endpoint {url}' },
    { argv: ['--ca-file', 'ca.pem'], select: 'sfctl cluster select --endpoint {url}' },
    {
      argv: ['--ca-file', 'ca.pem', '--cert-file', 'client.pem'],
      select: 'sfctl cluster select --endpoint {url} --pem client.pem --ca ca.pem',
    },
    {
      argv: ['--insecure', '--cert-file', 'client.crt', '--key-file', 'client.key'],
      select: 'sfctl cluster select --endpoint {url} --cert client.crt --key client.key --no-verify',
    },
    {
      argv: ['--ca-file', 'ca.pem', '--pfx-file', 'client.pfx'],
      select: 'sfctl cluster select --endpoint {url} --pem <certificate and key in PEM> --ca ca.pem',
    },
    {
      argv: ['--insecure', '--token-file', 'token'],
      select: 'sfctl cluster select --endpoint {url} --aad --no-verify',
    },
  ])('$argv', async ({ argv, select }) => {
    expect(await selectIn(argv)).toBe(select);
  });

  it('that is not secured', async () => {
    expect(await selectIn([], {}, false)).toBe('sfctl cluster select --endpoint {url}');
  });

  it('by its certificates from the environment', async () => {
    const folder = folderWith(files);
    const env = {
      SFCOMPOSE_CERT_FILE: join(folder, 'client.pem'),
      SFCOMPOSE_CA_FILE: join(folder, 'ca.pem'),
    };
    expect(await selectIn([], env)).toBe(
      `sfctl cluster select --endpoint {url} --pem ${env.SFCOMPOSE_CERT_FILE} --ca ${env.SFCOMPOSE_CA_FILE}`,
    );
  });

  it('but not where it is the one that sfctl has chosen', async () => {
    const env = { SFCTL_SERVICEFABRIC_ENDPOINT: '{url}', SFCTL_SERVICEFABRIC_SECURITY: 'none' };
    expect(await selectIn([], env, false)).toBeUndefined();
  });
});

it('our own commands lead to the cluster that was asked', async () => {
  const missing = fabricError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
  const { url } = await securedGateway(server, ...always(missing));
  const folder = folderWith(files);
  const ca = join(folder, 'ca.pem');
  const { stderr } = await run(['upgrade-progress', 'web', '-e', url, '--ca-file', ca, '-o', 'plain']);
  expect(stderr).toContain(`List the deployments: sfcompose list -e ${url} --ca-file ${ca}\n`);
  const replaced = await scriptedGateway(
    answer(wire(midway)),
    answer(wire({ ...midway, TargetApplicationTypeVersion: 'v3' })),
  );
  const watched = await run([
    'upgrade-progress',
    'web',
    '-e',
    replaced.url,
    '-w',
    '--no-domains',
    '-o',
    'plain',
  ]);
  expect(watched.stderr).toContain(`sfcompose upgrade-progress web --watch -e ${replaced.url}\n`);
});

function snapshot(document: Record<string, unknown>, before?: UpgradeSnapshot): UpgradeSnapshot {
  const upgrade = readComposeUpgrade(document);
  if (upgrade === undefined) throw new Error('no document');
  const beside = { status: undefined, application: undefined, services: new Map() };
  return before ? createSnapshot(upgrade, beside, before) : createBareSnapshot(upgrade);
}

const policy = (members: Members) => ({
  MonitoringPolicy: { ...(midway['MonitoringPolicy'] as Members), ...members },
});

const back = {
  UpgradeState: 'RollingBackCompleted',
  RollingUpgradeMode: 'UnmonitoredAuto',
  TargetApplicationTypeVersion: 'v1',
};
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
        ...policy({ FailureAction: 'Manual' }),
      }),
      options:
        '--upgrade-mode Monitored --failure-action Manual --upgrade-timeout PT7200S --replica-set-check 900',
    },
    {
      name: 'manual',
      document: fullForm({ RollingUpgradeMode: 'UnmonitoredManual', ...policy({ FailureAction: 'Manual' }) }),
      options: '--upgrade-mode UnmonitoredManual --replica-set-check 900',
    },
    {
      name: 'without health checks, and rolled back by somebody',
      document: fullForm({ ...back, ...policy({ FailureAction: 'Manual' }) }),
      options: '--upgrade-mode UnmonitoredAuto --replica-set-check 900',
    },
    {
      name: 'with all that can be asked for',
      document: fullForm({
        ...policy({
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
        ...policy({ FailureAction: 'Manual' }),
      }),
      options: '--upgrade-mode UnmonitoredAuto --replica-set-check 900 --force-restart',
    },
    {
      name: 'without a limit that cannot be',
      document: fullForm({
        ...policy({ UpgradeTimeoutInMilliseconds: '-PT1H' }),
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
    expect(buildUpgrade(snapshot(document))).toBe(`${start} ${options}`);
  });

  it('by what a watch has seen before it failed, or was rolled back', () => {
    const auto = snapshot(fullForm({ RollingUpgradeMode: 'UnmonitoredAuto' }));
    const options = '--upgrade-mode UnmonitoredAuto --replica-set-check 900';
    expect(buildUpgrade(snapshot(fullForm(back), auto))).toBe(`${start} ${options}`);
    expect(buildUpgrade(snapshot(shortForm({ UpgradeState: 'Failed' }), auto))).toBe(`${start} ${options}`);
  });

  it('with nothing in it that a shell could misread', () => {
    const hostile = fullForm({
      RollingUpgradeMode: '$(reboot)',
      ApplicationHealthPolicy: { ServiceTypeHealthPolicyMap: [{ Key: "'; reboot; '", Value: {} }] },
    });
    expect(buildUpgrade(snapshot(hostile))).toBe(`${start} --upgrade-mode <name> --replica-set-check 900`);
    const monitored = snapshot({
      ...hostile,
      RollingUpgradeMode: 'Monitored',
      ...policy({ FailureAction: '`x`' }),
    });
    expect(buildUpgrade(monitored)).toMatch(
      /--failure-action <name> .* --svc-type-health-map <its health policies as JSON>$/,
    );
  });
});
