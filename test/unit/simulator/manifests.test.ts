/** Applications of the simulated cluster, their services and their manifests. */
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import {
  apiVersion,
  parseErrorCode,
  post,
  type SimulatedCluster,
  startSimulatedCluster,
  upgradeBody,
} from '../../support/simulated-cluster.ts';

const composeFile = `version: '3'
services:
  web:
    image: 'shop.example/web:2'
    environment: ['GREETING=<&"hi">']
  cart: {image: cart, deploy: {replicas: 3}}
`;

async function readJson(cluster: SimulatedCluster, path: string): Promise<Record<string, unknown>> {
  const { status, text } = await cluster.send('GET', path);
  expect([status, text]).toEqual([200, text]);
  return JSON.parse(text);
}

const getManifestPath = (kind: string, query: string, type = 'Compose_1') =>
  `/ApplicationTypes/${type}/$/Get${kind}Manifest?api-version=6.0&${query}`;

async function readManifest(cluster: SimulatedCluster, kind: string, query: string): Promise<string> {
  const { Manifest } = await readJson(cluster, getManifestPath(kind, query));
  return String(Manifest);
}

const findServices = (manifest: string) =>
  [...manifest.matchAll(/<Service Name="(\w+)"/g)].map(([, name]) => name);

/** Lists the services that the health of `web` names. */
async function listServices(cluster: SimulatedCluster) {
  const { ServiceHealthStates } = await readJson(cluster, '/Applications/web/$/GetHealth?api-version=6.0');
  return (ServiceHealthStates as { ServiceName: string }[]).map(({ ServiceName }) => ServiceName);
}

async function readVersion(cluster: SimulatedCluster, version: string) {
  const { status, text } = await cluster.send(
    'GET',
    getManifestPath('Application', `ApplicationTypeVersion=${version}`),
  );
  return status === 200 ? findServices(JSON.parse(text).Manifest) : parseErrorCode({ text });
}

describe('an application of the simulated cluster', () => {
  it('has a type and a version', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(470);
    expect((await cluster.send('GET', '/Applications/web?api-version=6.0')).text).toBe(
      '{"Id":"web","Name":"fabric:\\/web","TypeName":"Compose_1","TypeVersion":"v1","Status":"Upgrading","Parameters":[],"HealthState":"Error","ApplicationDefinitionKind":"Compose"}',
    );
    expect((await cluster.send('GET', '/Applications/wbe?api-version=6.0')).status).toBe(204);
  });

  it('gets and loses services when an upgrade completes, and has both versions until the old one is gone', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const nothing = 'FABRIC_E_APPLICATION_TYPE_NOT_FOUND';
    const old = ['web', 'api'];
    const target = ['web', 'cart'];
    const readVersions = async () => [await readVersion(cluster, 'v1'), await readVersion(cluster, 'v2')];
    const body = {
      ...upgradeBody,
      ComposeFileContent: composeFile,
      RollingUpgradeMode: 'UnmonitoredAuto',
    };
    await post(cluster, 'Upgrade', body);
    expect(await readVersions()).toEqual([old, nothing]);
    cluster.at(100);
    expect(await readVersions()).toEqual([old, target]);
    expect(await listServices(cluster)).toEqual(['fabric:/web/web', 'fabric:/web/api']);
    cluster.at(400);
    expect((await cluster.readProgress())['UpgradeState']).toBe('UnprovisioningCurrent');
    expect(await readVersions()).toEqual([old, target]);
    expect(await listServices(cluster)).toEqual(['fabric:/web/web', 'fabric:/web/cart']);
    cluster.at(500);
    expect(await readVersions()).toEqual([nothing, target]);
    expect(await readJson(cluster, '/Applications/web?api-version=6.0')).toMatchObject({
      TypeVersion: 'v2',
      Status: 'Ready',
    });
    const gone = await cluster.send('GET', '/Services/web~api/$/GetHealth?api-version=6.0');
    expect(parseErrorCode(gone)).toBe('FABRIC_E_SERVICE_DOES_NOT_EXIST');
  });

  it('keeps its services in a rollback', async () => {
    const cluster = await startSimulatedCluster('rollback');
    cluster.at(1000);
    expect(await readVersion(cluster, 'v2')).toBe('FABRIC_E_APPLICATION_TYPE_NOT_FOUND');
    expect(await listServices(cluster)).toEqual(['fabric:/web/web', 'fabric:/web/api']);
  });

  it('has manifests with the image, the environment and the credentials of a version', async () => {
    const cluster = await startSimulatedCluster('missing');
    await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, {
      DeploymentName: 'web',
      ComposeFileContent: composeFile,
      RegistryCredential: { RegistryUserName: 'me', RegistryPassword: 'a"b', PasswordEncrypted: true },
    });
    cluster.at(60);
    const manifest = await readManifest(cluster, 'Application', 'ApplicationTypeVersion=v1');
    const document = new DOMParser().parseFromString(manifest, 'text/xml');
    const variable = document.getElementsByTagName('EnvironmentVariable')[0];
    expect(variable?.getAttribute('Value')).toBe('<&"hi">');
    const credentials = [...document.getElementsByTagName('RepositoryCredentials')];
    expect(credentials.map((one) => one.parentNode?.nodeName)).toEqual(
      Array(2).fill('ContainerHostPolicies'),
    );
    expect(credentials[0]?.getAttribute('AccountName')).toBe('me');
    expect(credentials[0]?.getAttribute('Password')).toBe('a"b');
    expect(manifest.replaceAll(/<(?:Env|Repo|\/Env)[^>]*>/g, '')).toMatchInlineSnapshot(
      `"<?xml version="1.0" encoding="utf-8"?><ApplicationManifest ApplicationTypeName="Compose_1" ApplicationTypeVersion="v1" xmlns="http://schemas.microsoft.com/2011/01/fabric"><ServiceManifestImport><ServiceManifestRef ServiceManifestName="webPkg" ServiceManifestVersion="v1" /><Policies><ServicePackageResourceGovernancePolicy /><ContainerHostPolicies CodePackageRef="web.Code"></ContainerHostPolicies></Policies></ServiceManifestImport><ServiceManifestImport><ServiceManifestRef ServiceManifestName="cartPkg" ServiceManifestVersion="v1" /><Policies><ServicePackageResourceGovernancePolicy /><ContainerHostPolicies CodePackageRef="cart.Code"></ContainerHostPolicies></Policies></ServiceManifestImport><DefaultServices><Service Name="web" ServicePackageActivationMode="ExclusiveProcess"><StatelessService ServiceTypeName="webType" InstanceCount="1"><SingletonPartition /></StatelessService></Service><Service Name="cart" ServicePackageActivationMode="ExclusiveProcess"><StatelessService ServiceTypeName="cartType" InstanceCount="3"><SingletonPartition /></StatelessService></Service></DefaultServices></ApplicationManifest>"`,
    );
    const service = await readManifest(
      cluster,
      'Service',
      'ApplicationTypeVersion=v1&ServiceManifestName=webPkg',
    );
    expect(service).toMatchInlineSnapshot(
      `"<?xml version="1.0" encoding="utf-8"?><ServiceManifest Name="webPkg" Version="v1" xmlns="http://schemas.microsoft.com/2011/01/fabric"><ServiceTypes><StatelessServiceType ServiceTypeName="webType" UseImplicitHost="true" /></ServiceTypes><CodePackage Name="web.Code" Version="v1"><EntryPoint><ContainerHost><ImageName>shop.example/web:2</ImageName></ContainerHost></EntryPoint></CodePackage></ServiceManifest>"`,
    );
    // A new version has no credentials unless it gets its own.
    await post(cluster, 'Upgrade', upgradeBody);
    cluster.at(150);
    expect(await readManifest(cluster, 'Application', 'ApplicationTypeVersion=v2')).not.toContain(
      'RepositoryCredentials',
    );
  });

  it.each([
    ['Application', '', 400, 'E_INVALIDARG'],
    ['Application', 'ApplicationTypeVersion=v9', 404, 'FABRIC_E_APPLICATION_TYPE_NOT_FOUND'],
    ['Service', 'ApplicationTypeVersion=v1', 400, 'E_INVALIDARG'],
    [
      'Service',
      'ApplicationTypeVersion=v1&ServiceManifestName=web',
      404,
      'FABRIC_E_SERVICE_MANIFEST_NOT_FOUND',
    ],
  ])('refuses to find the %s manifest by "%s"', async (kind, query, status, code) => {
    const cluster = await startSimulatedCluster('never-upgraded');
    const answer = await cluster.send('GET', getManifestPath(kind, query));
    expect([answer.status, parseErrorCode(answer)]).toEqual([status, code]);
  });

  it('has a type and a first version with a number of its own', async () => {
    const cluster = await startSimulatedCluster('never-upgraded');
    await cluster.send('PUT', `/ComposeDeployments/$/Create${apiVersion}`, {
      DeploymentName: 'shop',
      ComposeFileContent: composeFile,
    });
    cluster.at(60);
    expect(await readJson(cluster, '/Applications/shop?api-version=6.0')).toMatchObject({
      TypeName: 'Compose_2',
      TypeVersion: 'v2',
    });
    const other = await cluster.send(
      'GET',
      getManifestPath('Application', 'ApplicationTypeVersion=v2', 'Compose_1'),
    );
    expect(other.status).toBe(404);
  });
});
