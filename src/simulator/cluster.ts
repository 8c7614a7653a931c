/** The simulated cluster. */
import type { ApplicationPackage, ComposeSource } from './application-package.ts';
import { Deployment, type DeploymentOptions } from './deployment.ts';
import { FabricError } from './errors.ts';
import { getPartitionId } from './ids.ts';
import type { Scenario, UpgradeFault } from './scenarios.ts';
import type { Topology } from './topology.ts';

/** The only partition of a service. */
export interface Partition {
  readonly deployment: Deployment;
  readonly service: string;
}

/** The compose deployments of a cluster, by name. */
export class Cluster {
  readonly #topology: Topology;
  readonly #failure: Scenario['failure'];
  #upgradeFault: UpgradeFault | undefined;
  readonly #now: () => number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether the cluster has the EventStore service. */
  readonly hasEventStore: boolean;
  readonly #deployments = new Map<string, Deployment>();
  #createdCount = 0;

  /** @param now returns seconds since 1970 */
  constructor(
    topology: Topology,
    { failure, upgradeFault }: Scenario,
    now: () => number,
    hasEventStore = true,
  ) {
    this.#topology = topology;
    this.#failure = failure;
    this.#upgradeFault = upgradeFault;
    this.#now = now;
    this.startedAt = now() * 1000;
    this.hasEventStore = hasEventStore;
  }

  /** The current time, in seconds since 1970. */
  get now(): number {
    return this.#now();
  }

  get nodes(): Topology['nodes'] {
    return this.#topology.nodes;
  }

  /** Returns the current state of all deployments, by name. */
  list(): readonly Deployment[] {
    const names = [...this.#deployments.keys()].sort();
    return names.flatMap((name) => this.find(name) ?? []);
  }

  /** Returns the current state of a deployment. Names are case-sensitive. */
  find(name: string): Deployment | undefined {
    const deployment = this.#deployments.get(name);
    deployment?.advanceTo(this.#now());
    if (!deployment?.isRemoved) return deployment;
    this.#deployments.delete(name);
    return undefined;
  }

  /** Returns the deployments that have an application. */
  listApplications(): readonly Deployment[] {
    return this.list().filter(({ hasApplication }) => hasApplication);
  }

  /** Finds a partition by its id. */
  findPartition(partitionId: string): Partition | undefined {
    return this.listApplications()
      .flatMap((deployment) => deployment.services.map((service) => ({ deployment, service })))
      .find(({ deployment, service }) => getPartitionId(deployment.application, service) === partitionId);
  }

  /**
   * Finds a provisioned version of an application type.
   * @throws `FABRIC_E_APPLICATION_TYPE_NOT_FOUND`
   */
  findPackage(type: string, version: string): ApplicationPackage {
    const deployment = this.list().find(({ applicationType }) => applicationType === type);
    const found = deployment?.packages.find((one) => one.version === version);
    if (found === undefined) throw new FabricError('FABRIC_E_APPLICATION_TYPE_NOT_FOUND');
    return found;
  }

  /** Returns the fault that the scenario has for the first request to upgrade, and `undefined` from then on. */
  takeUpgradeFault(): UpgradeFault | undefined {
    const fault = this.#upgradeFault;
    this.#upgradeFault = undefined;
    return fault;
  }

  /**
   * Creates a deployment, also in place of one whose creation failed.
   * @throws `FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS`, or for a compose file that is not valid
   */
  create(name: string, source: ComposeSource): void {
    const existing = this.find(name);
    if (existing && existing.status !== 'Failed')
      throw new FabricError('FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS');
    // One counter of the whole cluster numbers types and first versions.
    const version = `v${this.#createdCount + 1}`;
    this.#insert({ name, source, delay: 0, version, now: this.#now() }).create();
  }

  /**
   * Adds a deployment that is `Ready`, as if it was created in an empty cluster.
   * @param delay seconds by which its first process starts later
   * @param age seconds since its creation
   */
  add(name: string, source: ComposeSource, delay: number, age: number): Deployment {
    return this.#insert({ name, source, delay, version: 'v1', now: this.#now() - age });
  }

  #insert(options: Omit<DeploymentOptions, 'applicationType' | 'topology' | 'failure'>): Deployment {
    const deployment = new Deployment({
      ...options,
      applicationType: `Compose_${this.#createdCount + 1}`,
      topology: this.#topology,
      failure: this.#failure,
    });
    this.#createdCount += 1;
    this.#deployments.set(options.name, deployment);
    return deployment;
  }
}
