/** The gateway's endpoints about an application and the manifests of its versions. */
import type { ApplicationPackage } from './application-package.ts';
import { type Call, decodeSegment, type Endpoint, parseId, replyEmpty, replyOk } from './call.ts';
import { buildApplicationInfo } from './documents.ts';
import { FabricError, type Reply } from './errors.ts';
import { writeApplicationManifest, writeServiceManifest } from './manifests.ts';
import { getManifestName } from './service-names.ts';

/** All endpoints of this kind. */
export const manifestEndpoints: readonly Endpoint[] = [
  { verb: 'GET', path: 'Applications/{key}', answer: getApplication },
  { verb: 'GET', path: 'ApplicationTypes/{key}/$/GetApplicationManifest', answer: getApplicationManifest },
  { verb: 'GET', path: 'ApplicationTypes/{key}/$/GetServiceManifest', answer: getServiceManifest },
];

/** Answers 204 instead of an error if the application does not exist. */
function getApplication(call: Call): Reply {
  const deployment = call.cluster.find(parseId(call.address.key));
  return deployment?.hasApplication
    ? replyOk(call, buildApplicationInfo(deployment))
    : replyEmpty(204, 'No Content');
}

function getApplicationManifest(call: Call): Reply {
  const { type, version } = findVersion(call);
  return replyOk(call, { Manifest: writeApplicationManifest(type, version) });
}

function getServiceManifest(call: Call): Reply {
  const name = readParameter(call, 'ServiceManifestName');
  const { version } = findVersion(call);
  const service = version.services.find((one) => getManifestName(one.name) === name);
  if (service === undefined) throw new FabricError('FABRIC_E_SERVICE_MANIFEST_NOT_FOUND');
  return replyOk(call, { Manifest: writeServiceManifest(service, version.version) });
}

function findVersion(call: Call): { type: string; version: ApplicationPackage } {
  const type = decodeSegment(call.address.key);
  return { type, version: call.cluster.findPackage(type, readParameter(call, 'ApplicationTypeVersion')) };
}

/** @throws `E_INVALIDARG` if it is missing */
function readParameter({ address }: Call, name: string): string {
  const value = address.query.get(name);
  if (value === undefined) throw new FabricError('E_INVALIDARG');
  return decodeSegment(value);
}
