/** The life of one compose deployment: created, upgraded and perhaps rolled back, deleted. */
import type { DeploymentStatus } from './enums.ts';
import { FabricError } from './errors.ts';
import { evaluateHealth } from './health.ts';
import type { UpgradePolicy } from './policy.ts';
import {
  createRollout,
  type Failure,
  getFailingDomain,
  listFirstNodes,
  type Process,
  type Requests,
  type Rollout,
  runRollout,
} from './rollout.ts';
import type { Members } from './runtime-json.ts';
import type { Topology } from './topology.ts';

/** Seconds. */
const provisioningMs = 30;
const creating = 15;
const unprovisioning = 20;
const failing = 5;
const deleting = 10;

/** The services of every simulated deployment; it is the first whose containers crash. */
export const services = ['web', 'api'] as const;

/** The cluster manager's record of a compose upgrade, as last committed. */
export interface ComposeUpgrade {
  readonly from: string;
  readonly to: string;
  phase:
    | 'ProvisioningTarget'
    /** How far, and in which direction, says the application's rollout. */
    | 'Rolling'
    | 'UnprovisioningCurrent'
    | 'RollingForwardCompleted'
    | 'UnprovisioningTarget'
    | 'RollingBackCompleted'
    | 'Failed';
  readonly requests: Requests;
}

export interface DeploymentFacts {
  readonly name: string;
  /** How many were created before it. */
  readonly number: number;
  readonly layout: Topology;
  readonly failure: Failure | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

export class Deployment {
  readonly name: string;
  readonly applicationType: string;
  status: DeploymentStatus = 'Ready';
  statusDetails = '';
  /** What runs now; `v1` at first. */
  version = 'v1';
  /** The last one; `undefined` if there was none. */
  upgrade: ComposeUpgrade | undefined;
  /** The application's own record of its last upgrade: it may belong to an older compose upgrade than the last. */
  rollout: Rollout | undefined;
  isGone = false;

  readonly #layout: Topology;
  readonly #failure: Failure | undefined;
  #now: number;
  #process: Process | undefined;
  #wakeAt = 0;
  #steps = 0;

  constructor({ name, number, layout, failure, now }: DeploymentFacts) {
    this.name = name;
    this.applicationType = `Compose_${number}`;
    this.#layout = layout;
    this.#failure = failure;
    this.#now = now;
  }

  get application(): string {
    return `fabric:/${this.name}`;
  }

  get isUpgrading(): boolean {
    return this.status === 'Upgrading';
  }

  /** Whether the cluster manager has nothing to say of an upgrade yet, or any more, and lets the caller wait. */
  get isBetweenLives(): boolean {
    const isBeingDeleted = this.status === 'Deleting' && this.upgrade === undefined;
    return this.status === 'Provisioning' || this.status === 'Creating' || isBeingDeleted;
  }

  /** Lets everything happen that happens until then; what is asked of the deployment happens at that moment. */
  advanceTo(now: number): void {
    while (this.#process !== undefined && this.#wakeAt <= now) {
      this.#now = this.#wakeAt;
      const step = this.#process.next();
      if (step.done) this.#process = undefined;
      else this.#wakeAt += step.value + this.#latency();
    }
    this.#now = now;
  }

  create(composeFile: string): void {
    this.#start(this.#creation(composeFile));
  }

  /** @param composeFile anything without services cannot be provisioned */
  startUpgrade(policy: UpgradePolicy, composeFile: string): void {
    this.#start(this.#upgrade(policy, composeFile));
  }

  /** Takes effect at the next step of the upgrade, or, while the target is provisioned, when that is done. */
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

  /** Lets an upgrade that waits for a person go on with that domain, at its next step. */
  moveTo(domain: string): void {
    if (this.upgrade?.phase !== 'Rolling' || this.rollout === undefined) {
      throw new FabricError('FABRIC_E_APPLICATION_NOT_UPGRADING');
    }
    const { mode, pending, completed } = this.rollout;
    if (completed.includes(domain)) throw new FabricError('FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED');
    if (domain !== pending[0]) throw new FabricError('E_INVALIDARG');
    if (mode !== 'UnmonitoredManual') throw new FabricError('FABRIC_E_INVALID_OPERATION');
    this.upgrade.requests.moveTo = domain;
  }

  delete(): void {
    if (this.status !== 'Deleting') this.#start(this.#deletion());
  }

  #start(process: Process): void {
    this.#process = process;
    this.#wakeAt = this.#now;
    this.advanceTo(this.#now);
  }

  *#creation(composeFile: string): Process {
    this.status = 'Provisioning';
    yield provisioningMs;
    if (!hasServices(composeFile)) {
      this.status = 'Failed';
      this.statusDetails = 'The compose file could not be made into an application type: it has no services.';
      return;
    }
    this.status = 'Creating';
    yield creating;
    this.status = 'Ready';
  }

  *#upgrade(policy: UpgradePolicy, composeFile: string): Process {
    const from = this.version;
    const to = `v${Math.max(parseVersion(from), parseVersion(this.upgrade?.to ?? from)) + 1}`;
    const upgrade: ComposeUpgrade = {
      from,
      to,
      phase: 'ProvisioningTarget',
      requests: { rollback: false, moveTo: undefined },
    };
    this.upgrade = upgrade;
    this.status = 'Upgrading';
    this.statusDetails = '';
    yield provisioningMs;
    if (this.#failure === 'provisioning' || !hasServices(composeFile)) {
      upgrade.phase = 'Failed';
      this.status = 'Ready';
      this.statusDetails = `The upgrade to ${to} failed: its compose file could not be made into an application type.`;
      return;
    }
    let direction: 'forward' | 'back' = 'back';
    if (!upgrade.requests.rollback) {
      upgrade.phase = 'Rolling';
      this.rollout = createRollout(policy, from, to, this.#now);
      direction = yield* runRollout(this.rollout, {
        layout: this.#layout,
        failure: this.#failure,
        requests: upgrade.requests,
        now: () => this.#now,
        evaluate: (rollout, domain) => this.#evaluate(rollout, domain),
      });
    }
    if (direction === 'forward') this.version = to;
    upgrade.phase = direction === 'forward' ? 'UnprovisioningCurrent' : 'UnprovisioningTarget';
    yield unprovisioning;
    upgrade.phase = direction === 'forward' ? 'RollingForwardCompleted' : 'RollingBackCompleted';
    this.status = 'Ready';
  }

  *#deletion(): Process {
    if (this.upgrade && this.isUpgrading) this.upgrade.phase = 'Failed';
    this.status = 'Deleting';
    yield failing;
    this.upgrade = undefined;
    yield deleting;
    this.isGone = true;
  }

  #evaluate(rollout: Rollout, domain: string): Members | undefined {
    if (this.#failure !== 'crash' || domain !== getFailingDomain(this.#layout)) return undefined;
    return evaluateHealth(
      {
        application: this.application,
        domain,
        nodeCount: this.#layout.nodesOf(domain).length,
        crashed: listFirstNodes(this.#layout, domain),
        service: services[0],
        startedAt: rollout.started * 1000,
        // The domain's duration grows with every check; its start does not move.
        crashedAt: (this.#now - rollout.domainDuration + 45) * 1000,
      },
      rollout.policy.health,
    );
  }

  /** Seconds by which a step comes late: no two are the same on a cluster, but here the same in every run. */
  #latency(): number {
    this.#steps += 1;
    return ((this.#steps * 137) % 271) / 1000 + 0.0123;
  }
}

function parseVersion(version: string): number {
  return Number(version.slice(1));
}

function hasServices(composeFile: string): boolean {
  return /^services\s*:/m.test(composeFile);
}
