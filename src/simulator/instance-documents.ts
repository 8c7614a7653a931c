/** Builds the documents about instances, with the members in the runtime's order. */

import type { Deployment } from './deployment.ts';
import { toEnum } from './enums.ts';
import { FabricError } from './errors.ts';
import { createInstance } from './health/application.ts';
import { evaluateEntity } from './health/evaluation.ts';
import { getInstanceId } from './ids.ts';
import { findFailure, type Instance } from './instances.ts';
import { Int64, type Members } from './runtime-json.ts';
import { getCodePackageName, getManifestName } from './service-names.ts';

/** Builds a `PagedReplicaInfoList` of stateless instances. */
export function buildInstanceList(deployment: Deployment, service: string): Members {
  const { application, instances } = deployment;
  const items = instances.map((instance) => {
    const isDown = instance.isUpgrading || findFailure(instance, service) !== undefined;
    const { state } = evaluateEntity(createInstance(deployment, service, instance));
    return {
      ServiceKind: toEnum('serviceKind', 'Stateless'),
      InstanceId: new Int64(getInstanceId(application, service, instance.node)),
      ReplicaStatus: toEnum('replicaStatus', isDown ? 'InBuild' : 'Ready'),
      HealthState: toEnum('healthState', state),
      Address: '',
      NodeName: instance.node,
      LastInBuildDurationInSeconds: new Int64('1'),
    };
  });
  return { ContinuationToken: '', Items: items };
}

/**
 * Builds a `ContainerLogs`, of the crashed container if it was asked for.
 * @throws `E_INVALIDARG` for a code package that does not exist
 */
export function buildContainerLogs(
  { services }: Deployment,
  { lastCrash }: Instance,
  query: ReadonlyMap<string, string>,
): Members {
  const service = services.find((one) => getCodePackageName(one) === query.get('CodePackageName'));
  if (service === undefined || query.get('ServiceManifestName') !== getManifestName(service))
    throw new FabricError('E_INVALIDARG');
  const isCrashed = lastCrash?.service === service && /^true$/i.test(query.get('Previous') ?? '');
  const end = isCrashed ? 'Out of memory\n' : '';
  return { Content: `${service} is starting\nlistening on port 80\n${end}` };
}
