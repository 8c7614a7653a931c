/** A compose deployment: its creation, upgrades, rollbacks and deletion. */

import { validateComposeFile } from './compose-file.ts';
import { type ComposeUpgrade, createComposeUpgrade } from './compose-upgrade.ts';
import type { DeploymentStatus } from './enums.ts';
import { FabricError } from './errors.ts';
import { type Failure, type InstanceFailure, listFailures } from './failure.ts';
import { createDeployedApplication } from './health/application.ts';
import { evaluateGroup } from './health/evaluation.ts';
import { type Instance, listInstances } from './instances.ts';
import type { UpgradePolicy } from './policy.ts';
import { type Process, ProcessRunner } from './process-runner.ts';
import { createRollout, isPending, type Rollout } from './rollout.ts';
import { runRollout } from './run-rollout.ts';
import type { Members } from './runtime-json.ts';
import type { Topology } from './topology.ts';

const provisioningSeconds = 30;
const creatingSeconds = 15;
const unprovisioningSeconds = 20;
const failingSeconds = 5;
const deletingSeconds = 10;

/** The properties of a new deployment. */
export interface DeploymentOptions {
  readonly name: string;
  /** Number of deployments that were created before it. */
  readonly number: number;
  readonly topology: Topology;
  readonly failure: Failure | undefined;
  /** Seconds since 1970. */
  readonly now: number;
  /** Seconds by which its first process starts later. */
  readonly delay: number;
}

/** The current state of a deployment, and the operations on it. */
export class Deployment {
  readonly name: string;
  readonly applicationType: string;
  status: DeploymentStatus = 'Ready';
  statusDetails: string | undefined;
  /** The current version; `v1` at first. */
  version = 'v1';
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

  constructor({ name, number, topology, failure, now, delay }: DeploymentOptions) {
    this.name = name;
    this.applicationType = `Compose_${number}`;
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
    return listInstances(this.#topology, this.#failure, this.rollout, this.now);
  }

  /** The current time, in seconds since 1970. */
  get now(): number {
    return this.#runner.now;
  }

  /** Lists the crashes of containers in an upgrade. */
  listCrashes(rollout: Rollout): readonly InstanceFailure[] {
    if (this.#failure !== 'crash') return [];
    return listFailures(this.#topology, this.#failure, rollout).filter(
      ({ failedAt }) => failedAt <= this.now * 1000,
    );
  }

  /** Lets time pass. Requests to the deployment happen at that time. @param now seconds since 1970 */
  advanceTo(now: number): void {
    this.#runner.advanceTo(now);
  }

  create(): void {
    this.#runner.start(this.#creation());
  }

  /** @throws `FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR` if the compose file is not valid */
  startUpgrade(policy: UpgradePolicy, composeFile: string): void {
    validateComposeFile(composeFile);
    this.#runner.start(this.#upgrade(policy));
  }

  /** Requests a rollback, which starts at the next step of the upgrade or after the target is provisioned. */
  requestRollback(): void {
    if (!this.isUpgrading || this.upgrade === undefined) {
      throw new FabricError('FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING');
    }
    const { phase, requests } = this.upgrade;
    const isForward =
      phase === 'ProvisioningTarget' || (phase === 'Rolling' && this.rollout?.direction === 'forward');
    if (!isForward && !requests.rollback)
      throw new FabricError('FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION');
    requests.rollback = true;
  }

  /**
   * Lets a manual upgrade or rollback continue with a domain at its next step.
   * @throws `E_INVALIDARG` unless the upgrade waits for approval to continue with that domain
   */
  moveTo(domain: string): void {
    if (this.upgrade?.phase !== 'Rolling' || !this.rollout?.pending.length)
      throw new FabricError('FABRIC_E_APPLICATION_NOT_UPGRADING');
    const { mode, pending, completed } = this.rollout;
    if (completed.includes(domain)) throw new FabricError('FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED');
    if (mode !== 'UnmonitoredManual' || !isPending(this.rollout) || domain !== pending[0])
      throw new FabricError('E_INVALIDARG');
    this.upgrade.requests.moveTo = domain;
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

  *#upgrade(policy: UpgradePolicy): Process {
    const upgrade = createComposeUpgrade(this.version, this.upgrade);
    const { from, to } = upgrade;
    this.upgrade = upgrade;
    this.status = 'Upgrading';
    this.statusDetails = undefined;
    yield provisioningSeconds;
    if (this.#failure === 'provisioning') {
      upgrade.phase = 'Failed';
      this.status = 'Ready';
      this.statusDetails = `The upgrade to ${to} failed: its compose file could not be made into an application type.`;
      return;
    }
    let direction: 'forward' | 'back' = 'back';
    if (!upgrade.requests.rollback) {
      upgrade.phase = 'Rolling';
      const rollout = createRollout(policy, from, to, this.#runner.now);
      this.rollouts.push(rollout);
      direction = yield* runRollout(rollout, {
        topology: this.#topology,
        failure: this.#failure,
        requests: upgrade.requests,
        now: () => this.#runner.now,
        evaluateHealth: (rollout, domain) => this.#evaluateHealth(rollout, domain),
      });
    }
    if (direction === 'forward') this.version = to;
    upgrade.phase = direction === 'forward' ? 'UnprovisioningCurrent' : 'UnprovisioningTarget';
    yield unprovisioningSeconds;
    upgrade.phase = direction === 'forward' ? 'RollingForwardCompleted' : 'RollingBackCompleted';
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

  /** Evaluates an upgraded domain, all of whose nodes are up or have crashed. */
  #evaluateHealth(rollout: Rollout, domain: string): Members | undefined {
    const nodes = this.#topology.nodesOf(domain);
    const entities = this.instances
      .filter(({ node }) => nodes.includes(node))
      .map((instance) => createDeployedApplication(this, instance));
    const tolerated = rollout.policy.health?.maxPercentUnhealthyDeployedApplications ?? 0;
    const { state, causes } = evaluateGroup('DeployedApplication', entities, { tolerated, domain });
    return state === 'Error' ? causes[0] : undefined;
  }
}
