/** Poison in compose files, in manifests and in the answers to requests that change something. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createNeverUpgraded, createUpgrade, nextDomain } from '../../support/documents.ts';
import { findHarm, findHarmInAnyFormat, lineStarts } from '../../support/harm.ts';
import { allPoisons, poisons, typablePoison } from '../../support/poison.ts';
import { run } from '../../support/run.ts';

interface Answers {
  readonly progress: unknown;
  readonly status: 'Ready' | 'Upgrading';
  /** Status, code and message of the answer to a POST; `undefined` accepts. */
  readonly refusal?: readonly [status: number, code: string, message: string];
  /** Text in every manifest. */
  readonly text?: string;
}

const escapeXml = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/(?![\t\n])\p{Cc}/gu, '');

async function startCluster({ progress, status, refusal, text = 'web' }: Answers): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const xml = escapeXml(text);
    const send = (code: number, document: unknown, reason = 'OK') =>
      response.writeHead(code, reason).end(JSON.stringify(document));
    if (request.method === 'POST') {
      request.resume();
      if (refusal === undefined) response.writeHead(path.includes('/$/Upgrade') ? 202 : 200).end();
      else send(refusal[0], { Error: { Code: refusal[1], Message: refusal[2] } }, 'Refused');
    } else if (path.includes('GetApplicationManifest'))
      send(200, {
        Manifest: `<ApplicationManifest xmlns="x"><DefaultServices><Service Name="${xml}"><StatelessService ServiceTypeName="${xml}Type"/></Service></DefaultServices></ApplicationManifest>`,
      });
    else if (path.includes('GetServiceManifest'))
      send(200, {
        Manifest: `<ServiceManifest xmlns="x"><CodePackage><EntryPoint><ContainerHost><ImageName>${xml}</ImageName></ContainerHost></EntryPoint></CodePackage></ServiceManifest>`,
      });
    else if (path.startsWith('/ComposeDeployments') && path.includes('GetUpgradeProgress'))
      send(200, progress);
    else if (path.startsWith('/ComposeDeployments'))
      send(200, { DeploymentName: 'web', ComposeDeploymentStatus: status, StatusDetails: text });
    else if (path.includes('GetHealth')) send(200, { AggregatedHealthState: text });
    else send(200, { TypeName: 'Compose_1', TypeVersion: 'v1' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const waiting = createUpgrade({
  UpgradeState: 'RollingForwardPending',
  RollingUpgradeMode: 'UnmonitoredManual',
  CurrentUpgradeDomainProgress: nextDomain,
});

const composeText = (name: string, image: string) =>
  JSON.stringify({ version: '3', services: { [name]: { image } } });

const options = ['--yes', '--no-registry', '--no-interpolate'];

it.each(Object.entries(poisons))('in a compose file does no harm: %s', async (_, poison) => {
  const url = await startCluster({ progress: createNeverUpgraded(), status: 'Ready' });
  const stdin = composeText(poison, poison);
  const harm = await findHarmInAnyFormat(['upgrade', 'web', '-f', '-', '-e', url, ...options], { stdin });
  expect(harm).toEqual([]);
});

it('in manifests, health and status does no harm', async () => {
  const url = await startCluster({ progress: createNeverUpgraded(), status: 'Ready', text: allPoisons });
  const stdin = composeText(escapeXml(allPoisons), 'web');
  const harm = await findHarmInAnyFormat(['upgrade', 'web', '-f', '-', '-e', url, ...options], { stdin });
  expect(harm).toEqual([]);
});

it.each([
  ['upgrade', 'FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR', `services.web - ${allPoisons}`],
  ['upgrade', 'FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR', `${allPoisons} - ${allPoisons}`],
  ['upgrade', 'E_INVALIDARG', allPoisons],
  ['upgrade', allPoisons, allPoisons],
  ['rollback', allPoisons, allPoisons],
  ['resume', 'FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED', allPoisons],
])('in the refusal of %s does no harm: %s', async (command, code, message) => {
  const isUpgrade = command === 'upgrade';
  const url = await startCluster({
    progress: isUpgrade ? createNeverUpgraded() : waiting,
    status: isUpgrade ? 'Ready' : 'Upgrading',
    refusal: [400, code, message],
  });
  const argv = [command, 'web', '-e', url, ...(isUpgrade ? ['-f', '-', ...options] : [])];
  const stdin = composeText('web', 'web');
  expect(await findHarmInAnyFormat(argv, { stdin })).toEqual([]);
  for (const agent of ['github', 'azure'] as const) {
    const ended = await run([...argv, '-o', 'plain'], { stdin, ci: agent });
    expect(findHarm(ended, { lines: lineStarts.plain, agent })).toEqual([]);
  }
});

it('in the name of a domain, a version or a file does no harm', async () => {
  const url = await startCluster({ progress: waiting, status: 'Upgrading' });
  for (const argv of [
    ['resume', 'web', typablePoison],
    ['rollback', 'web', '--expect-version', typablePoison],
    ['upgrade', 'web', '-f', typablePoison],
  ])
    expect(await findHarmInAnyFormat([...argv, '-e', url])).toEqual([]);
});
