/** All compose deployments of the simulated cluster, by name. */
import { Deployment, services } from './deployment.ts';
import { FabricError } from './errors.ts';
import { getPartitionId } from './health.ts';
import type { Failure } from './rollout.ts';
import type { Topology } from './topology.ts';

export class Cluster {
  readonly #layout: Topology;
  readonly #failure: Failure | undefined;
  readonly #now: () => number;
  #created = 0;
  readonly #deployments = new Map<string, Deployment>();

  /** @param now gives seconds since 1970 */
  constructor(layout: Topology, failure: Failure | undefined, now: () => number) {
    this.#layout = layout;
    this.#failure = failure;
    this.#now = now;
  }

  /** @returns all of them as they are now, by name */
  list(): readonly Deployment[] {
    const names = [...this.#deployments.keys()].sort();
    return names.flatMap((name) => this.find(name) ?? []);
  }

  /** @returns the deployment as it is now, or `undefined` if there is none; names are compared byte by byte */
  find(name: string): Deployment | undefined {
    const deployment = this.#deployments.get(name);
    deployment?.advanceTo(this.#now());
    if (!deployment?.isGone) return deployment;
    this.#deployments.delete(name);
    return undefined;
  }

  /** @returns the name of the service that a partition is of, or `undefined` if there is no such partition */
  serviceOf(partition: string): string | undefined {
    return this.list()
      .filter(({ isBetweenLives }) => !isBetweenLives)
      .flatMap(({ application }) => services.map((service) => ({ application, service })))
      .filter(({ application, service }) => getPartitionId(application, service) === partition)
      .map(({ application, service }) => `${application}/${service}`)[0];
  }

  /**
   * @param delay seconds by which what it does at once takes longer
   * @returns the new deployment, which is `Ready`; let it `create` for the whole way there
   */
  add(name: string, delay = 0): Deployment {
    if (this.find(name)) throw new FabricError('FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS');
    const deployment = new Deployment({
      name,
      number: this.#created++,
      layout: this.#layout,
      failure: this.#failure,
      now: this.#now() + delay,
    });
    this.#deployments.set(name, deployment);
    return deployment;
  }
}
