/** The health entities of an application, with the reports of the system components. */

import { describeCrash } from '../failure.ts';
import { getInstanceId, getPartitionId } from '../ids.ts';
import { findFailure, type Instance } from '../instances.ts';
import { toFileTime } from '../runtime-json.ts';
import { getCodePackageName, getManifestName, getServiceTypeName } from '../service-names.ts';
import { createEntity, type HealthEntity } from './entities.ts';
import { createOkReport, type HealthReport } from './reports.ts';

/** The current state of an application. */
export interface ApplicationState {
  readonly application: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Seconds since 1970. */
  readonly now: number;
  /** Names of its services. */
  readonly services: readonly string[];
  readonly instances: readonly Instance[];
}

/** Time that a partition has to get all its instances, before the failover manager reports a warning. */
const placementLimitMs = 600_000;

/** Longest list of instances in the description of a partition's report. */
const maxListedInstances = 5;

/** Creates an application with its services, and its part on each node. */
export function createApplication(state: ApplicationState): HealthEntity {
  const { application, createdAt, services, instances } = state;
  return createEntity(
    'Application',
    { application },
    [createOkReport('System.CM', 'State', 'Application has been created.', createdAt)],
    [
      ...services.map((service) => createService(state, service)),
      ...instances.map((instance) => createDeployedApplication(state, instance)),
    ],
  );
}

/** Creates a service of an application. */
export function createService(state: ApplicationState, service: string): HealthEntity {
  const { application, createdAt } = state;
  return createEntity(
    'Service',
    { application, service: `${application}/${service}`, serviceType: getServiceTypeName(service) },
    [createOkReport('System.FM', 'State', 'Service has been created.', createdAt)],
    [createPartition(state, service)],
  );
}

/** Creates the only partition of a service. */
export function createPartition(state: ApplicationState, service: string): HealthEntity {
  const { application, createdAt, instances, now } = state;
  const failedAt = Math.min(
    ...instances.map((instance) => findFailure(instance, service)?.failedAt ?? Infinity),
  );
  const warnedAt = failedAt + placementLimitMs;
  const report =
    warnedAt <= now * 1000
      ? {
          ...createOkReport('System.FM', 'State', describeMissingInstances(state, service), warnedAt),
          state: 'Warning' as const,
          okAt: createdAt,
        }
      : createOkReport('System.FM', 'State', 'Partition is healthy.', createdAt);
  return createEntity(
    'Partition',
    { application, partition: getPartitionId(application, service) },
    [report],
    instances.map((instance) => createInstance(state, service, instance)),
  );
}

/** Creates the instance of a service on a node. */
export function createInstance(
  { application, createdAt }: ApplicationState,
  service: string,
  instance: Instance,
): HealthEntity {
  const { node, isCrashed } = instance;
  const failure = findFailure(instance, service);
  const names = {
    partition: getPartitionId(application, service),
    replica: getInstanceId(application, service, node),
    node,
  };
  const created = createOkReport('System.RA', 'State', `Replica has been created on ${node}.`, createdAt);
  if (failure === undefined) return createEntity('Replica', names, [created]);
  const warning: HealthReport = {
    source: 'System.RA',
    property: isCrashed ? 'ReplicaServiceTypeRegistrationStatus' : 'ReplicaOpenStatus',
    state: 'Warning',
    description: `Replica had multiple failures during ${isCrashed ? 'launching application host' : 'open'} on ${node}.`,
    at: failure.failedAt,
    okAt: failure.startedAt,
  };
  return createEntity('Replica', names, [created, warning]);
}

/** Creates the part of an application on a node. */
export function createDeployedApplication(
  { application, createdAt, services }: Pick<ApplicationState, 'application' | 'createdAt' | 'services'>,
  instance: Instance,
): HealthEntity {
  const { node } = instance;
  const children = services.map((service) => {
    const names = { application, node, manifest: getManifestName(service) };
    const failure = instance.isCrashed ? findFailure(instance, service) : undefined;
    const report: HealthReport | undefined = failure && {
      source: 'System.Hosting',
      // The runtime numbers the instances of a code package by the time of their start.
      property: `CodePackageActivation:${getCodePackageName(service)}:EntryPoint:${toFileTime(failure.startedAt)}`,
      state: 'Error',
      description: describeCrash(service),
      at: failure.failedAt,
      okAt: failure.startedAt,
    };
    return createEntity('DeployedServicePackage', names, report ? [report] : []);
  });
  const activated = 'The application was activated successfully.';
  return createEntity(
    'DeployedApplication',
    { application, node },
    [createOkReport('System.Hosting', 'Activation', activated, createdAt)],
    children,
  );
}

/** Describes a partition as the failover manager does (`FailoverUnit.cpp`), the instances that are down first. */
function describeMissingInstances({ application, instances }: ApplicationState, service: string): string {
  const isDown = (instance: Instance) => findFailure(instance, service) !== undefined;
  const down = instances.filter(isDown);
  const up = instances.filter((instance) => !isDown(instance));
  const listed = [...down, ...up].slice(0, maxListedInstances);
  return [
    'Partition is below target replica or instance count.',
    `${application}/${service} ${instances.length} 1 ${getPartitionId(application, service)}`,
    ...listed.map(
      (instance) =>
        `  ${isDown(instance) ? 'InBuild' : 'Ready'} ${instance.node} ${getInstanceId(application, service, instance.node)}`,
    ),
    `  (Showing ${listed.length} out of ${instances.length} instances. Total available instances: ${up.length})`,
    '',
    'For more information see: http://aka.ms/sfhealth',
  ].join('\r\n');
}
