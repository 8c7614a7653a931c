/** Printed commands, which address the cluster that was read. */
import { join } from 'node:path';
import { parseArgsStringToArgv } from 'string-argv';
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { createAuthority, createKey, createPkcs12 } from '../support/authority.ts';
import { rolledBackUpgrade, runningUpgrade } from '../support/documents.ts';
import { createFolder, resolveInFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';
import {
  answerError,
  answerWith,
  repeat,
  startGateway,
  startTlsGateway,
} from '../support/scripted-gateway.ts';
import { listSfctlRequests } from '../support/sfctl-requests.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const authority = createAuthority('Authority of the cluster');
const key = createKey('rsa');
const client = authority.issueClient({ name: 'operator', key });
const server = authority.issue({ address: '127.0.0.1' });
const files = {
  'ca.pem': authority.pem,
  'client.crt': client,
  'client.key': key,
  'client.pem': client + key,
  'client.pfx': createPkcs12({ certificates: [client], key }, '', 'aes256'),
  token: 'a-token',
};
/** A compose file in place of the one that a command leaves to the reader. */
const composeText = "version: '3'\nservices:\n  web:\n    image: web:2\n";

const answerRolledBack = answerWith(rolledBackUpgrade);

/** Gets the printed command that selects the cluster in sfctl, without the folder in its paths. */
async function findSelectCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  isSecured = true,
) {
  const gateway = await (isSecured
    ? startTlsGateway(server, ...repeat(answerRolledBack))
    : startGateway(...repeat(answerRolledBack)));
  const folder = createFolder(files);
  const words = resolveInFolder(folder, files, argv);
  const variables = Object.fromEntries(
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
    ...words,
  ];
  const { exitCode, stderr } = await run(command, { env: variables, home: folder });
  expect(exitCode).toBe(3);
  const [, select] = /^ {2}Select this cluster in sfctl\n {4}(.*)$/m.exec(stderr) ?? [];
  return select?.replaceAll(`${folder}/`, '').replaceAll(gateway.url, '{url}');
}

describe('the printed sfctl command that selects the cluster', () => {
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
  ])('has the options for $argv', async ({ argv, select }) => {
    expect(await findSelectCommand(argv)).toBe(select);
  });

  it('has only the endpoint of a cluster without security', async () => {
    expect(await findSelectCommand([], {}, false)).toBe('sfctl cluster select --endpoint {url}');
  });

  it('has the certificates from the environment', async () => {
    const folder = createFolder(files);
    const env = {
      SFCOMPOSE_CERT_FILE: join(folder, 'client.pem'),
      SFCOMPOSE_CA_FILE: join(folder, 'ca.pem'),
    };
    expect(await findSelectCommand([], env)).toBe(
      `sfctl cluster select --endpoint {url} --pem ${env.SFCOMPOSE_CERT_FILE} --ca ${env.SFCOMPOSE_CA_FILE}`,
    );
  });

  it("is not printed for sfctl's own cluster", async () => {
    const env = { SFCTL_SERVICEFABRIC_ENDPOINT: '{url}', SFCTL_SERVICEFABRIC_SECURITY: 'none' };
    expect(await findSelectCommand([], env, false)).toBeUndefined();
  });
});

it('printed sfcompose commands have the options for the same cluster', async () => {
  const answerMissing = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
  const { url } = await startTlsGateway(server, ...repeat(answerMissing));
  const folder = createFolder(files);
  const ca = join(folder, 'ca.pem');
  const { stderr } = await run(['upgrade-progress', 'web', '-e', url, '--ca-file', ca, '-o', 'plain']);
  expect(stderr).toContain(`List the deployments\n    sfcompose list -e ${url} --ca-file ${ca}\n`);
  const replaced = await startGateway(
    answerWith(runningUpgrade),
    answerWith({ ...runningUpgrade, TargetApplicationTypeVersion: 'v3' }),
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

/** Moments of a scenario: provisioning, upgrade of a domain, health check, failure, rollback and end. */
const moments = [10, 40, 350, 480, 600, 1000, 3000];

/** Collects what sfcompose prints about a scenario at one moment. */
async function collectOutput(scenario: ScenarioName, moment: number) {
  const cluster = await startSimulatedCluster(scenario);
  cluster.at(moment);
  const outputs: string[] = [];
  for (const format of ['plain', 'table']) {
    const argv = ['upgrade-progress', 'web', '-e', cluster.url, '-o', format, '--full'];
    const { stdout, stderr } = await run(argv);
    outputs.push(stdout, stderr);
  }
  return { cluster, output: outputs.join('\n') };
}

describe('printed sfctl commands', () => {
  it.each(['rollback', 'timeout', 'failed', 'stuck'] as const)(
    'are answered by the simulated cluster in the scenario "%s"',
    async (name) => {
      let count = 0;
      for (const moment of moments) {
        const { cluster, output } = await collectOutput(name, moment);
        const requests = listSfctlRequests(output);
        const reads = requests.filter(({ verb }) => verb === 'GET');
        for (const request of [...reads, ...requests.filter((one) => !reads.includes(one))]) {
          const { verb, path, version, command, body } = request;
          const { status, text } = await cluster.send(verb, `${path}api-version=${version}`, body);
          expect([command, status, text]).toEqual([command, verb === 'GET' ? 200 : expect.any(Number), text]);
          expect([200, 202]).toContain(status);
          count += 1;
        }
      }
      expect(count).toBeGreaterThan(0);
    },
  );
});

describe('printed sfcompose commands that act', () => {
  it.each([
    { scenario: 'rollback', kinds: ['upgrade', 'rollback'] },
    { scenario: 'timeout', kinds: ['rollback'] },
    { scenario: 'manual', kinds: ['resume', 'rollback'] },
    { scenario: 'stuck', kinds: ['rollback'] },
    { scenario: 'never-upgraded', kinds: ['upgrade'] },
  ] as const)('are accepted in the scenario "$scenario": $kinds', async ({ scenario, kinds }) => {
    const found = new Set<string>();
    for (const moment of moments) {
      const { output } = await collectOutput(scenario, moment);
      for (const printed of new Set(output.match(/\bsfcompose (?:upgrade|rollback|resume) .*/g))) {
        // Each command acts on a cluster of its own, so that none stands in the way of another.
        const cluster = await startSimulatedCluster(scenario);
        cluster.at(moment);
        const command = printed.replace('<compose file>', '-').replace(/-e \S+/, `-e ${cluster.url}`);
        const [, kind = '', ...words] = parseArgsStringToArgv(command);
        const dryRun = kind === 'upgrade' ? ['--dry-run', '--yes', '--no-registry'] : [];
        const ended = await run([kind, ...words, ...dryRun], { stdin: composeText });
        expect([command, ended.exitCode, ended.stderr]).toEqual([command, 0, ended.stderr]);
        found.add(kind);
      }
    }
    expect([...found].sort()).toEqual([...kinds].sort());
  });
});
