/**
 * Runs an application upgrade, as the cluster manager and the failover manager do. As on a cluster, the record changes
 * only when a step commits it.
 */
import { getFailingDomain } from './failure.ts';
import { nodeUpgradeSeconds, scheduleNodes } from './node-schedule.ts';
import type { Process } from './process-runner.ts';
import {
  type FailureReason,
  getCurrentDomain,
  type NodeProgress,
  noDomain,
  type Rollout,
  type RolloutStep,
} from './rollout.ts';
import type { Members } from './runtime-json.ts';
import type { Topology } from './topology.ts';

/** The runtime's configuration. */
const pollIntervalSeconds = 60;
const healthCheckIntervalSeconds = 60;

/** Time from a request to the failover manager until its first reply. */
const firstReplySeconds = 2;

/** Duration of the current domain after the last domain is done. */
const endedDomainSeconds = 0.0312;

/** An operator's requests to a running upgrade. They take effect at the next step. */
export interface OperatorRequests {
  rollback: boolean;
  moveTo: string | undefined;
}

/** The surroundings of a rollout. */
export interface RolloutContext {
  readonly topology: Topology;
  readonly requests: OperatorRequests;
  /** Returns seconds since 1970. */
  now(): number;
  /** Returns the cause of ill health, or `undefined` if the policy tolerates the health of the domain. */
  evaluateHealth(rollout: Rollout, domain: string): Members | undefined;
}

/** Runs an upgrade forward through all domains, or back. @returns the direction in which it ended */
export function runRollout(rollout: Rollout, context: RolloutContext): Process<'forward' | 'back'> {
  return new RolloutRun(rollout, context).run();
}

/** Thrown by a step that starts the rollback. */
class RollbackSignal extends Error {}

class RolloutRun {
  readonly #rollout: Rollout;
  readonly #context: RolloutContext;

  constructor(rollout: Rollout, context: RolloutContext) {
    this.#rollout = rollout;
    this.#context = context;
  }

  *run(): Process<'forward' | 'back'> {
    const rollout = this.#rollout;
    yield firstReplySeconds;
    try {
      yield* this.#upgradeDomains(this.#context.topology.domains);
    } catch (error) {
      if (!(error instanceof RollbackSignal)) throw error;
      yield* this.#rollBack();
    }
    rollout.ended = true;
    rollout.domainDuration = endedDomainSeconds;
    this.#record('Ended');
    return rollout.direction;
  }

  /** Rolls all domains back, in the same order as forward. */
  *#rollBack(): Process {
    const rollout = this.#rollout;
    const untouched = this.#context.topology.domains.filter((domain) => !rollout.reached.includes(domain));
    rollout.direction = 'back';
    this.#record('RollbackStarted');
    if (rollout.mode === 'Monitored') rollout.mode = 'UnmonitoredAuto';
    yield* this.#upgradeDomains(rollout.reached, untouched);
  }

  /** @param untouched domains after the others in which there is nothing to do, so that they take no time */
  *#upgradeDomains(domains: readonly string[], untouched: readonly string[] = []): Process {
    const rollout = this.#rollout;
    rollout.completed = [];
    for (const [index, domain] of domains.entries()) {
      const left = domains.slice(index + 1);
      rollout.pending = [...left, ...untouched];
      rollout.domainStarted = this.#context.now();
      if (rollout.direction === 'forward') rollout.reached = [...rollout.reached, domain];
      this.#record('DomainStarted', domain);
      yield* this.#upgradeDomain(domain);
      rollout.inProgress = noDomain;
      rollout.completed = [...rollout.completed, domain];
      this.#record('DomainCompleted', domain);
      const isMonitored = rollout.mode === 'Monitored';
      if (isMonitored) yield* this.#checkHealth(domain);
      const [next] = left;
      // An upgrade that became manual by a failed health check waits even after the last domain.
      if (rollout.mode === 'UnmonitoredManual' && (next !== undefined || isMonitored))
        yield* this.#waitForApproval(next);
    }
    rollout.pending = [];
    rollout.completed = [...rollout.completed, ...untouched];
  }

  *#upgradeDomain(domain: string): Process {
    const started = this.#context.now();
    for (;;) {
      const nodes = this.#listActiveNodes(domain, this.#context.now() - started);
      this.#rollout.inProgress = { domain, nodes };
      this.#commitDurations();
      if (nodes.length === 0) return;
      this.#applyRequestsAndTimeouts();
      yield pollIntervalSeconds;
    }
  }

  /** Lists the nodes that are not yet upgraded. */
  #listActiveNodes(domain: string, elapsed: number): readonly NodeProgress[] {
    const { topology } = this.#context;
    const { direction, policy, failure } = this.#rollout;
    const isStuck = failure === 'stuck' && direction === 'forward' && domain === getFailingDomain(topology);
    return scheduleNodes(topology.nodesOf(domain), isStuck, policy.replicaSetCheckTimeout)
      .filter(({ startsAfter }) => elapsed < startsAfter + nodeUpgradeSeconds)
      .map(({ node, startsAfter }) => ({
        node,
        phase: elapsed < startsAfter ? 'PreUpgradeSafetyCheck' : 'Upgrading',
      }));
  }

  /**
   * Waits until the health was good, or bad, for long enough. The clock restarts whenever the health changes.
   */
  *#checkHealth(domain: string): Process {
    const rollout = this.#rollout;
    const {
      healthCheckWait: wait,
      healthCheckStable: stable,
      healthCheckRetry: retry,
    } = rollout.policy.monitoring;
    const now = () => this.#context.now();
    let wasHealthy = false;
    let since = now();
    for (;;) {
      this.#commitDurations();
      if (now() - since >= wait) {
        const cause = this.#context.evaluateHealth(rollout, domain);
        rollout.evaluations = cause ? [cause] : [];
        const isHealthy = cause === undefined;
        if (isHealthy !== wasHealthy) since = now() - wait;
        wasHealthy = isHealthy;
        const elapsed = now() - since;
        if (isHealthy && elapsed >= wait + stable) return;
        if (!isHealthy && elapsed >= wait + retry) return this.#recordFailure('HealthCheck');
      }
      this.#applyRequestsAndTimeouts();
      // The failure action may have made the upgrade manual.
      if (rollout.mode !== 'Monitored') return;
      const left = wait - (now() - since);
      yield left > 0 ? Math.min(left, healthCheckIntervalSeconds) : healthCheckIntervalSeconds;
    }
  }

  /** Waits until an operator continues with the next domain, or forever if there is none. */
  *#waitForApproval(next: string | undefined): Process {
    const { requests } = this.#context;
    while (next === undefined || requests.moveTo !== next) {
      this.#rollout.domainStarted = this.#context.now();
      this.#commitDurations();
      this.#applyRequestsAndTimeouts();
      yield pollIntervalSeconds;
    }
    requests.moveTo = undefined;
  }

  /** @throws RollbackSignal */
  #applyRequestsAndTimeouts(): void {
    const rollout = this.#rollout;
    if (rollout.direction === 'back') return;
    if (this.#context.requests.rollback) {
      rollout.failed = this.#context.now();
      rollout.failureReason = 'Interrupted';
      throw new RollbackSignal();
    }
    if (rollout.mode !== 'Monitored') return;
    const { upgradeTimeout, domainTimeout } = rollout.policy.monitoring;
    if (rollout.domainDuration >= domainTimeout) this.#recordFailure('UpgradeDomainTimeout');
    else if (rollout.duration >= upgradeTimeout) this.#recordFailure('OverallUpgradeTimeout');
  }

  /** Records a failure and applies the failure action. @throws RollbackSignal */
  #recordFailure(reason: FailureReason): void {
    const rollout = this.#rollout;
    rollout.failed = this.#context.now();
    rollout.failureReason = reason;
    if (reason !== 'HealthCheck') rollout.atFailure = getCurrentDomain(rollout);
    if (rollout.policy.monitoring.failureAction === 'Rollback') throw new RollbackSignal();
    rollout.mode = 'UnmonitoredManual';
  }

  #record(kind: RolloutStep['kind'], domain?: string): void {
    const { direction, steps } = this.#rollout;
    steps.push({ kind, direction, domain, at: this.#context.now() });
  }

  #commitDurations(): void {
    this.#rollout.duration = this.#measureSince(this.#rollout.started);
    this.#rollout.domainDuration = this.#measureSince(this.#rollout.domainStarted);
  }

  /** Rounds to 0.1 ms: a double with seconds since 1970 is hardly more precise. */
  #measureSince(time: number): number {
    return Math.round((this.#context.now() - time) * 1e4) / 1e4;
  }
}
