/** Reads about the application that an upgrade replaces. */
import { expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../../src/cluster/faults/fault.ts';
import { Gateway } from '../../../src/cluster/gateway.ts';
import type { Connection } from '../../../src/config/connection.ts';
import { parseEndpoint } from '../../../src/config/endpoint.ts';
import { createTestTime } from '../../support/run.ts';
import { answerError, answerWith, startGatewayWith } from '../../support/scripted-gateway.ts';

const never = new AbortController().signal;
const type = { name: 'Compose_3', version: 'v7' };

function openGateway(url: string): Gateway {
  const connection = {
    endpoint: parseEndpoint(url),
    trust: { by: 'nobody' },
    timeoutSeconds: 60,
    commandTarget: { options: [], sfctlSelect: undefined, shells: ['posix'] as const },
    effectiveSettings: [],
  } as unknown as Connection;
  const gateway = new Gateway({ connection, clock: createTestTime().clock, trace: () => {} });
  onTestFinished(() => gateway.close());
  return gateway;
}

it('the type and the health of an application are read from its own paths', async () => {
  const document = { TypeName: 'Compose_3', TypeVersion: 'v7', AggregatedHealthState: 'Warning' };
  const server = await startGatewayWith({ application: answerWith(document) });
  const gateway = openGateway(server.url);
  expect(await gateway.readApplicationType('fabric:/a/b', never)).toEqual(type);
  expect(await gateway.readApplicationHealth('fabric:/a/b', never)).toBe('Warning');
  expect(server.relatedReads.map(({ url }) => url)).toEqual([
    '/Applications/a~b?api-version=6.0&timeout=60',
    '/Applications/a~b/$/GetHealth?api-version=6.0&timeout=60&EventsHealthStateFilter=1&DeployedApplicationsHealthStateFilter=1&ServicesHealthStateFilter=1',
  ]);
});

it('manifests are read by type and version', async () => {
  const server = await startGatewayWith(
    {},
    answerWith({ Manifest: '<ApplicationManifest><RepositoryCredentials/></ApplicationManifest>' }),
    answerWith({ Manifest: '<ServiceManifest><ImageName>nginx:1</ImageName></ServiceManifest>' }),
    answerWith({ Manifest: '<html/>' }),
    answerError(404, 'FABRIC_E_APPLICATION_TYPE_NOT_FOUND'),
  );
  const gateway = openGateway(server.url);
  expect(await gateway.readApplicationManifest(type, never)).toEqual({ services: [], hasCredentials: true });
  expect(await gateway.readServiceImage(type, 'webPkg', never)).toBe('nginx:1');
  for (let read = 0; read < 2; read++)
    await expect(gateway.readApplicationManifest(type, never)).rejects.toBeInstanceOf(GatewayError);
  expect(server.requests.slice(0, 2).map(({ url }) => url)).toEqual([
    '/ApplicationTypes/Compose_3/$/GetApplicationManifest?api-version=6.0&timeout=60&ApplicationTypeVersion=v7',
    '/ApplicationTypes/Compose_3/$/GetServiceManifest?api-version=6.0&timeout=60&ApplicationTypeVersion=v7&ServiceManifestName=webPkg',
  ]);
});
