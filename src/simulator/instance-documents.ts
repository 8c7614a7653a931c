/**
 * Builds the documents about instances that the printed next steps ask for, with the members that sfctl prints.
 */
import { type Deployment, services } from './deployment.ts';
import { toEnum } from './enums.ts';
import { FabricError } from './errors.ts';
import { getPartitionId } from './health.ts';
import type { Instance } from './instances.ts';
import { Int64, type Members } from './runtime-json.ts';
import { getCodePackageName, getManifestName } from './service-names.ts';

/** Builds a `PagedReplicaInfoList` of stateless instances. */
export function buildInstanceList({ application, instances }: Deployment, service: string): Members {
  return {
    ContinuationToken: '',
    Items: instances.map((instance) => ({
      ServiceKind: 'Stateless',
      InstanceId: new Int64(createInstanceId(application, service, instance)),
      ReplicaStatus: instance.isUp ? 'Ready' : 'InBuild',
      HealthState: getHealthState(instance, service),
      NodeName: instance.node,
      Address: '',
      LastInBuildDurationInSeconds: new Int64('1'),
    })),
  };
}

/** Builds a `PartitionHealth`. */
export function buildPartitionHealth(
  { application, instances }: Deployment,
  service: string,
  partitionId: string,
): Members {
  const states = instances.map((instance) => getHealthState(instance, service));
  return {
    AggregatedHealthState: states.find(({ name }) => name !== 'Ok') ?? toEnum('healthState', 'Ok'),
    HealthEvents: [],
    UnhealthyEvaluations: [],
    PartitionId: partitionId,
    ReplicaHealthStates: instances.map((instance, index) => ({
      ServiceKind: 'Stateless',
      PartitionId: partitionId,
      ReplicaId: new Int64(createInstanceId(application, service, instance)),
      AggregatedHealthState: states[index],
    })),
  };
}

/** Builds a `DeployedApplicationHealth`. */
export function buildDeployedHealth({ application }: Deployment, instance: Instance): Members {
  return {
    AggregatedHealthState: getHealthState(instance, services[0]),
    HealthEvents: [],
    UnhealthyEvaluations: [],
    Name: application,
    NodeName: instance.node,
    DeployedServicePackageHealthStates: services.map((service) => ({
      ApplicationName: application,
      ServiceManifestName: getManifestName(service),
      ServicePackageActivationId: '',
      NodeName: instance.node,
      AggregatedHealthState: getHealthState(instance, service),
    })),
  };
}

/**
 * Builds a `ContainerLogs`, of the crashed container if it was asked for.
 * @throws `E_INVALIDARG` for a code package that does not exist
 */
export function buildContainerLogs({ wasCrashed }: Instance, query: ReadonlyMap<string, string>): Members {
  const service = services.find((one) => getCodePackageName(one) === query.get('CodePackageName'));
  if (service === undefined || query.get('ServiceManifestName') !== getManifestName(service))
    throw new FabricError('E_INVALIDARG');
  const isCrashed = wasCrashed && service === services[0] && /^true$/i.test(query.get('Previous') ?? '');
  const end = isCrashed ? 'Out of memory\n' : '';
  return { Content: `${service} is starting\nlistening on port 80\n${end}` };
}

function getHealthState({ isCrashed, isUp }: Instance, service: string) {
  if (isCrashed && service === services[0]) return toEnum('healthState', 'Error');
  return toEnum('healthState', isUp ? 'Ok' : 'Warning');
}

/** Derives an id from names, so that it is the same in every run. */
function createInstanceId(application: string, service: string, { node }: Instance): string {
  const hash = getPartitionId(application, `${service}/${node}`).replaceAll('-', '');
  return `13${BigInt(`0x${hash.slice(0, 13)}`)
    .toString()
    .padStart(16, '0')}`;
}
