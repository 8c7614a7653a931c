/** A compose deployment: its creation, upgrades, rollbacks and deletion. */

import { type ApplicationPackage, type ComposeSource, createPackage } from './application-package.ts';
import { type ComposeUpgrade, createComposeUpgrade } from './compose-upgrade.ts';
import type { DeploymentStatus } from './enums.ts';
import { type InstanceFailure, listFailures } from './failure.ts';
import { evaluateDomain } from './health/upgrade-domain.ts';
import { type Instance, listInstances } from './instances.ts';
import type { UpgradePolicy } from './policy.ts';
import { type Process, ProcessRunner } from './process-runner.ts';
import { createRollout, type Failure, type Rollout } from './rollout.ts';
import { runRollout } from './run-rollout.ts';
import type { Topology } from './topology.ts';

const provisioningSeconds = 30;
const creatingSeconds = 15;
const unprovisioningSeconds = 20;
const failingSeconds = 5;
const deletingSeconds = 10;

/** The properties of a new deployment. */
export interface DeploymentOptions {
  readonly name: string;
  readonly applicationType: string;
  /** The first version. */
  readonly version: string;
  readonly source: ComposeSource;
  readonly topology: Topology;
  readonly failure: Failure | undefined;
  /** Seconds since 1970. */
  readonly now: number;
  /** Seconds by which its first process starts later. */
  readonly delay: number;
}

/** Properties that distinguish an upgrade from others of its deployment. */
export interface UpgradeOptions {
  /** Seconds until the cluster manager accepts it; 0 by default. */
  readonly delay?: number;
  /** Instead of the scenario's. */
  readonly failure?: Failure;
}

/** The current state of a deployment, and the operations on it. */
export class Deployment {
  readonly name: string;
  readonly applicationType: string;
  status: DeploymentStatus = 'Ready';
  statusDetails: string | undefined;
  /** The last upgrade. */
  upgrade: ComposeUpgrade | undefined;
  /** All upgrades of the application. The last one may belong to an earlier compose upgrade than the last. */
  readonly rollouts: Rollout[] = [];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  isRemoved = false;

  readonly #topology: Topology;
  readonly #failure: Failure | undefined;
  readonly #runner: ProcessRunner;
  #current: ApplicationPackage;
  /** The other version while an upgrade has both provisioned: its target, then the old one. */
  #other: ApplicationPackage | undefined;
  /** Whether an upgrade is about to be accepted. */
  #isAccepting = false;

  /** @throws for a compose file that is not valid */
  constructor({ name, applicationType, version, source, topology, failure, now, delay }: DeploymentOptions) {
    this.name = name;
    this.applicationType = applicationType;
    this.#current = createPackage(version, source);
    this.#topology = topology;
    this.#failure = failure;
    this.createdAt = now * 1000;
    this.#runner = new ProcessRunner(now + delay);
  }

  get application(): string {
    return `fabric:/${this.name}`;
  }

  /** The last upgrade of the application. */
  get rollout(): Rollout | undefined {
    return this.rollouts.at(-1);
  }

  /** The current version. */
  get version(): string {
    return this.#current.version;
  }

  /** Names of its services. An upgrade adds and deletes services at its end. */
  get services(): readonly string[] {
    return this.#current.services.map(({ name }) => name);
  }

  /** The provisioned versions. */
  get packages(): readonly ApplicationPackage[] {
    if (!this.hasApplication && this.status !== 'Creating') return [];
    return this.#other ? [this.#current, this.#other] : [this.#current];
  }

  /** Whether the cluster manager accepts an upgrade. */
  get isReadyForUpgrade(): boolean {
    return this.status === 'Ready' && !this.#isAccepting;
  }

  get isUpgrading(): boolean {
    return this.status === 'Upgrading';
  }

  /**
   * Whether the cluster manager holds reads of the upgrade, because the deployment is being created or deleted.
   */
  get isHoldingReads(): boolean {
    return this.upgrade === undefined && this.status !== 'Ready' && this.status !== 'Failed';
  }

  /** Whether its application exists, which it does not if the creation failed. */
  get hasApplication(): boolean {
    return !this.isHoldingReads && this.status !== 'Failed';
  }

  /** The current instances of its services, by node. */
  get instances(): readonly Instance[] {
    return listInstances(this.#topology, this.rollout, this.now);
  }

  /** The current time, in seconds since 1970. */
  get now(): number {
    return this.#runner.now;
  }

  /** Lists the crashes of containers in an upgrade. */
  listCrashes(rollout: Rollout): readonly InstanceFailure[] {
    if (rollout.failure !== 'crash') return [];
    return listFailures(this.#topology, rollout).filter(({ failedAt }) => failedAt <= this.now * 1000);
  }

  /** Lets time pass. Requests to the deployment happen at that time. @param now seconds since 1970 */
  advanceTo(now: number): void {
    this.#runner.advanceTo(now);
  }

  create(): void {
    this.#runner.start(this.#creation());
  }

  /** @throws for a compose file that is not valid */
  startUpgrade(
    policy: UpgradePolicy,
    source: ComposeSource,
    { delay = 0, failure = this.#failure }: UpgradeOptions = {},
  ): void {
    const upgrade = createComposeUpgrade(this.version, this.upgrade);
    const target = createPackage(upgrade.to, source);
    this.#isAccepting = delay > 0;
    this.#runner.start(this.#upgrade(upgrade, target, policy, failure, delay));
  }

  delete(): void {
    if (this.status !== 'Deleting' && this.status !== 'Unprovisioning') this.#runner.start(this.#deletion());
  }

  *#creation(): Process {
    this.status = 'Provisioning';
    yield provisioningSeconds;
    if (this.#failure === 'provisioning') {
      this.status = 'Failed';
      this.statusDetails = 'The compose file could not be made into an application type.';
      return;
    }
    this.status = 'Creating';
    yield creatingSeconds;
    this.status = 'Ready';
  }

  *#upgrade(
    upgrade: ComposeUpgrade,
    target: ApplicationPackage,
    policy: UpgradePolicy,
    failure: Failure | undefined,
    delay: number,
  ): Process {
    if (delay > 0) yield delay;
    this.#isAccepting = false;
    this.upgrade = upgrade;
    this.status = 'Upgrading';
    this.statusDetails = undefined;
    yield provisioningSeconds;
    if (failure === 'provisioning') {
      upgrade.phase = 'Failed';
      this.status = 'Ready';
      this.statusDetails = `The upgrade to ${upgrade.to} failed: its compose file could not be made into an application type.`;
      return;
    }
    this.#other = target;
    let direction: 'forward' | 'back' = 'back';
    if (!upgrade.requests.rollback) {
      upgrade.phase = 'Rolling';
      const rollout = createRollout(policy, this.#current, target, failure, this.#runner.now);
      this.rollouts.push(rollout);
      direction = yield* runRollout(rollout, {
        topology: this.#topology,
        requests: upgrade.requests,
        now: () => this.#runner.now,
        evaluateHealth: (rollout, domain) =>
          evaluateDomain(this, rollout, domain, this.#topology.nodesOf(domain)),
      });
    }
    const isForward = direction === 'forward';
    if (isForward) [this.#current, this.#other] = [target, this.#current];
    upgrade.phase = isForward ? 'UnprovisioningCurrent' : 'UnprovisioningTarget';
    yield unprovisioningSeconds;
    this.#other = undefined;
    upgrade.phase = isForward ? 'RollingForwardCompleted' : 'RollingBackCompleted';
    this.status = 'Ready';
  }

  *#deletion(): Process {
    if (this.upgrade && this.isUpgrading) this.upgrade.phase = 'Failed';
    this.status = 'Deleting';
    yield failingSeconds;
    this.upgrade = undefined;
    yield deletingSeconds;
    this.status = 'Unprovisioning';
    yield unprovisioningSeconds;
    this.isRemoved = true;
  }
}
