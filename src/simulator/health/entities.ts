/** The kinds of entities that the health manager knows, and their members in documents. */
import { toEnum } from '../enums.ts';
import { Int64, type Members } from '../runtime-json.ts';
import type { HealthReport, HealthState } from './reports.ts';

/** A kind of entity. */
export type EntityKind = 'Cluster' | ChildKind;

/** A kind of entity below the cluster. */
export type ChildKind =
  | 'Node'
  | 'Application'
  | 'Service'
  | 'Partition'
  | 'Replica'
  | 'DeployedApplication'
  | 'DeployedServicePackage';

/** The names by which an entity is known; those that its kind does not have are empty. */
export interface EntityNames {
  readonly application: string;
  readonly service: string;
  readonly serviceType: string;
  readonly partition: string;
  readonly serviceKind: 'Stateless' | 'Stateful';
  /** Id of a replica or stateless instance. */
  readonly replica: string;
  readonly node: string;
  readonly nodeId: string;
  readonly manifest: string;
}

/** An entity with its reports and children. */
export interface HealthEntity {
  readonly kind: EntityKind;
  readonly names: EntityNames;
  readonly reports: readonly HealthReport[];
  readonly children: readonly HealthEntity[];
}

/** Creates an entity. */
export function createEntity(
  kind: EntityKind,
  names: Partial<EntityNames>,
  reports: readonly HealthReport[],
  children: readonly HealthEntity[] = [],
): HealthEntity {
  return { kind, names: { ...noNames, ...names }, reports, children };
}

const noNames: EntityNames = {
  application: '',
  service: '',
  serviceType: '',
  partition: '',
  serviceKind: 'Stateless',
  replica: '',
  node: '',
  nodeId: '',
  manifest: '',
};

/** Kinds of children, in the order in which they are evaluated. */
export const childKinds: Readonly<Record<EntityKind, readonly ChildKind[]>> = {
  Cluster: ['Node', 'Application'],
  Node: [],
  Application: ['Service', 'DeployedApplication'],
  Service: ['Partition'],
  Partition: ['Replica'],
  Replica: [],
  DeployedApplication: ['DeployedServicePackage'],
  DeployedServicePackage: [],
};

interface KindDescription {
  /** Begins the sentence that tells the state of an entity. */
  describe(names: EntityNames): string;
  /** Builds the members of an evaluation whose cause the entity is. */
  buildCause(names: EntityNames, causes: readonly Members[]): Members;
  /** Builds the entry in the list of the parent's health. */
  buildState(names: EntityNames, state: HealthState): Members;
  /** The kind of an evaluation of several such entities. */
  readonly group: Parameters<typeof toEnum<'evaluation'>>[1];
  readonly plural: string;
  /** The member with the percentage of unhealthy entities that is tolerated, if there is one. */
  readonly limit: string | undefined;
}

/** Descriptions of the kinds, with the members in the runtime's order. */
export const kinds: Readonly<Record<ChildKind, KindDescription>> = {
  Node: {
    describe: ({ node }) => `Node '${node}'`,
    buildCause: ({ node }, causes) => ({ NodeName: node, UnhealthyEvaluations: causes }),
    buildState: ({ node, nodeId }, state) => ({
      Name: node,
      Id: { Id: nodeId },
      AggregatedHealthState: toEnum('healthState', state),
    }),
    group: 'Nodes',
    plural: 'nodes',
    limit: 'MaxPercentUnhealthyNodes',
  },
  Application: {
    describe: ({ application }) => `Application '${application}'`,
    buildCause: ({ application }, causes) => ({ ApplicationName: application, UnhealthyEvaluations: causes }),
    buildState: ({ application }, state) => ({
      Name: application,
      AggregatedHealthState: toEnum('healthState', state),
    }),
    group: 'Applications',
    plural: 'applications',
    limit: 'MaxPercentUnhealthyApplications',
  },
  Service: {
    describe: ({ service }) => `Service '${service}'`,
    buildCause: ({ service }, causes) => ({ ServiceName: service, UnhealthyEvaluations: causes }),
    buildState: ({ service }, state) => ({
      ServiceName: service,
      AggregatedHealthState: toEnum('healthState', state),
    }),
    group: 'Services',
    plural: 'services',
    limit: 'MaxPercentUnhealthyServices',
  },
  Partition: {
    describe: ({ partition }) => `Partition '${partition}'`,
    buildCause: ({ partition }, causes) => ({ PartitionId: partition, UnhealthyEvaluations: causes }),
    buildState: ({ partition }, state) => ({
      PartitionId: partition,
      AggregatedHealthState: toEnum('healthState', state),
    }),
    group: 'Partitions',
    plural: 'partitions',
    limit: 'MaxPercentUnhealthyPartitionsPerService',
  },
  Replica: {
    describe: ({ replica }) => `Replica '${replica}'`,
    buildCause: ({ partition, replica }, causes) => ({
      PartitionId: partition,
      ReplicaOrInstanceId: new Int64(replica),
      UnhealthyEvaluations: causes,
    }),
    buildState: ({ serviceKind, partition, replica }, state) => ({
      ServiceKind: toEnum('serviceKind', serviceKind),
      PartitionId: partition,
      ReplicaId: new Int64(replica),
      AggregatedHealthState: toEnum('healthState', state),
    }),
    group: 'Replicas',
    plural: 'replicas',
    limit: 'MaxPercentUnhealthyReplicasPerPartition',
  },
  DeployedApplication: {
    describe: ({ node }) => `The application on node '${node}'`,
    buildCause: ({ application, node }, causes) => ({
      Name: application,
      NodeName: node,
      UnhealthyEvaluations: causes,
    }),
    buildState: ({ application, node }, state) => ({
      ApplicationName: application,
      NodeName: node,
      AggregatedHealthState: toEnum('healthState', state),
    }),
    group: 'DeployedApplications',
    plural: 'deployed applications',
    limit: 'MaxPercentUnhealthyDeployedApplications',
  },
  DeployedServicePackage: {
    describe: ({ manifest }) => `'${manifest}'`,
    buildCause: ({ application, manifest, node }, causes) => ({
      Name: application,
      ServiceManifestName: manifest,
      NodeName: node,
      UnhealthyEvaluations: causes,
      ServicePackageActivationId: '',
    }),
    buildState: ({ application, manifest, node }, state) => ({
      ApplicationName: application,
      ServiceManifestName: manifest,
      NodeName: node,
      AggregatedHealthState: toEnum('healthState', state),
      ServicePackageActivationId: '',
    }),
    group: 'DeployedServicePackages',
    plural: 'service packages',
    limit: undefined,
  },
};
