/**
 * How an application's upgrade goes through the cluster, as its cluster manager and failover manager run it. Each
 * process is a generator that yields how many seconds pass until its next step; what it knows in between is not shown,
 * as on a cluster: the reading changes only when something is committed.
 */

import { noReplicaSetCheckTimeout, type RollingUpgradeMode, type UpgradePolicy } from './policy.ts';
import type { Members } from './runtime-json.ts';
import type { Topology } from './topology.ts';

/** Yields seconds until the next step. */
export type Process<Result = void> = Generator<number, Result, void>;

/** Seconds, as the runtime is configured. */
const upgradeStatusPollInterval = 60;
const healthCheckInterval = 60;
/** Seconds from a request to the failover manager until its first reply. */
const firstReply = 2;
/** Seconds in which a node stops the old containers and starts the new ones. */
const nodeUpgrade = 40;

type RecordedReason =
  | 'None'
  | 'Interrupted'
  | 'HealthCheck'
  | 'UpgradeDomainTimeout'
  | 'OverallUpgradeTimeout';

interface NodeProgress {
  readonly node: string;
  readonly phase: 'Upgrading' | 'PreUpgradeSafetyCheck';
}

export interface DomainProgress {
  readonly domain: string;
  readonly nodes: readonly NodeProgress[];
}

export const noDomain: DomainProgress = { domain: '', nodes: [] };

/**
 * What goes wrong with every upgrade: the new version cannot be provisioned, or in the second domain the first instances to be
 * upgraded never come up again, or crash.
 */
export type Failure = 'provisioning' | 'stuck' | 'crash';

/** The record of an application's upgrade, as last committed. Times are seconds since 1970, spans seconds. */
export interface Rollout {
  readonly policy: UpgradePolicy;
  readonly from: string;
  readonly to: string;
  direction: 'forward' | 'back';
  ended: boolean;
  /** As it is now: a failure or a rollback changes it. */
  mode: RollingUpgradeMode;
  inProgress: DomainProgress;
  pending: readonly string[];
  completed: readonly string[];
  /** Wire documents: none, or the one tree of causes. */
  evaluations: readonly Members[];
  started: number;
  duration: number;
  domainDuration: number;
  failed: number | undefined;
  failureReason: RecordedReason;
  atFailure: DomainProgress;
}

/** What people ask of a running upgrade; it is noticed at the next step. */
export interface Requests {
  rollback: boolean;
  moveTo: string | undefined;
}

export interface World {
  readonly layout: Topology;
  readonly failure: Failure | undefined;
  readonly requests: Requests;
  /** Seconds since 1970. */
  now(): number;
  /** @returns the cause, or `undefined` while the health is what the policy tolerates */
  evaluate(rollout: Rollout, domain: string): Members | undefined;
}

export function createRollout(policy: UpgradePolicy, from: string, to: string, now: number): Rollout {
  return {
    policy,
    from,
    to,
    direction: 'forward',
    ended: false,
    mode: policy.mode,
    inProgress: noDomain,
    pending: [],
    completed: [],
    evaluations: [],
    started: now,
    duration: 0,
    domainDuration: 0,
    failed: undefined,
    failureReason: 'None',
    atFailure: noDomain,
  };
}

/** The second domain, or the only one. */
export function getFailingDomain({ domains }: Topology): string | undefined {
  return domains[1] ?? domains[0];
}

/** The nodes of a domain that are upgraded first; the others wait until these are up again. */
export function listFirstNodes(layout: Topology, domain: string): readonly string[] {
  const nodes = layout.nodesOf(domain);
  return nodes.slice(0, Math.ceil(nodes.length / 2));
}

/** Thrown where an upgrade turns round. */
class RolledBackSignal extends Error {}

/** Forward through all domains, or back. @returns where the application ended */
export function* runRollout(rollout: Rollout, world: World): Process<'forward' | 'back'> {
  yield firstReply;
  try {
    yield* upgradeDomains(rollout, world.layout.domains, world);
  } catch (error) {
    if (!(error instanceof RolledBackSignal)) throw error;
    yield* runRollback(rollout, world);
  }
  rollout.ended = true;
  return rollout.direction;
}

function* runRollback(rollout: Rollout, world: World): Process {
  // Only where the new version has been is there anything to do, and in the same order as forward.
  const touched = world.layout.domains.filter((domain) => !rollout.pending.includes(domain));
  rollout.direction = 'back';
  if (rollout.mode === 'Monitored') rollout.mode = 'UnmonitoredAuto';
  yield* upgradeDomains(rollout, touched, world);
}

function* upgradeDomains(rollout: Rollout, domains: readonly string[], world: World): Process {
  rollout.completed = [];
  for (const [index, domain] of domains.entries()) {
    rollout.pending = domains.slice(index + 1);
    const clock = { since: world.now() };
    yield* upgradeDomain(rollout, domain, clock, world);
    rollout.inProgress = noDomain;
    rollout.completed = [...rollout.completed, domain];
    const isMonitored = rollout.mode === 'Monitored';
    if (isMonitored) yield* checkHealth(rollout, domain, clock, world);
    const [next] = rollout.pending;
    // Whoever was just given an upgrade that failed its last health check has no next domain, but is not done either.
    const waits = next !== undefined || isMonitored;
    if (rollout.mode === 'UnmonitoredManual' && waits)
      yield* waitForApproval(rollout, next ?? '', clock, world);
  }
}

/** One domain's clock: since when the time that its duration shows is counted. */
interface DomainClock {
  since: number;
}

function commitTime(rollout: Rollout, clock: DomainClock, world: World): void {
  rollout.duration = getSpan(rollout.started, world);
  rollout.domainDuration = getSpan(clock.since, world);
}

/** To a tenth of a millisecond: a number of seconds since 1970 holds no more. */
function getSpan(moment: number, world: World): number {
  return Math.round((world.now() - moment) * 1e4) / 1e4;
}

function* upgradeDomain(rollout: Rollout, domain: string, clock: DomainClock, world: World): Process {
  const begun = world.now();
  for (;;) {
    rollout.inProgress = { domain, nodes: listActiveNodes(rollout, domain, world.now() - begun, world) };
    commitTime(rollout, clock, world);
    if (rollout.inProgress.nodes.length === 0) return;
    applyRequestsAndTimeouts(rollout, world);
    yield upgradeStatusPollInterval;
  }
}

/**
 * The failover manager's part: half of a domain's nodes go first; the others must wait until those are up again, or until
 * the replica-set check times out. Nodes that are done are not in the list any more.
 */
function listActiveNodes(
  rollout: Rollout,
  domain: string,
  elapsed: number,
  world: World,
): readonly NodeProgress[] {
  const first = listFirstNodes(world.layout, domain);
  const others = world.layout.nodesOf(domain).slice(first.length);
  const isStuck =
    world.failure === 'stuck' && rollout.direction === 'forward' && domain === getFailingDomain(world.layout);
  const checked = Math.min(isStuck ? Infinity : nodeUpgrade, getReplicaSetCheckTimeout(rollout));
  const upgrading = [
    ...(elapsed < nodeUpgrade ? first : []),
    ...(elapsed >= checked && elapsed < checked + nodeUpgrade ? others : []),
  ];
  const waiting = elapsed < checked ? others : [];
  return [
    ...upgrading.map((node) => ({ node, phase: 'Upgrading' as const })),
    ...waiting.map((node) => ({ node, phase: 'PreUpgradeSafetyCheck' as const })),
  ];
}

function getReplicaSetCheckTimeout({ policy }: Rollout): number {
  return policy.replicaSetCheckTimeout === noReplicaSetCheckTimeout
    ? Infinity
    : policy.replicaSetCheckTimeout;
}

/** The health clock starts when the domain is done, and anew whenever good and bad change places. */
function* checkHealth(rollout: Rollout, domain: string, clock: DomainClock, world: World): Process {
  const {
    healthCheckWait: wait,
    healthCheckStable: stable,
    healthCheckRetry: retry,
  } = rollout.policy.monitoring;
  let wasHealthy = false;
  let since = world.now();
  for (;;) {
    commitTime(rollout, clock, world);
    if (world.now() - since >= wait) {
      const cause = world.evaluate(rollout, domain);
      rollout.evaluations = cause ? [cause] : [];
      const isHealthy = cause === undefined;
      if (isHealthy !== wasHealthy) since = world.now() - wait;
      wasHealthy = isHealthy;
      const elapsed = world.now() - since;
      if (isHealthy && elapsed >= wait + stable) return;
      if (!isHealthy && elapsed >= wait + retry) return recordFailure(rollout, 'HealthCheck', world);
    }
    applyRequestsAndTimeouts(rollout, world);
    // The failure action may have handed the upgrade to a person.
    if (rollout.mode !== 'Monitored') return;
    const left = wait - (world.now() - since);
    yield left > 0 ? Math.min(left, healthCheckInterval) : healthCheckInterval;
  }
}

function* waitForApproval(rollout: Rollout, next: string, clock: DomainClock, world: World): Process {
  while (world.requests.moveTo !== next) {
    clock.since = world.now();
    commitTime(rollout, clock, world);
    applyRequestsAndTimeouts(rollout, world);
    yield upgradeStatusPollInterval;
  }
  world.requests.moveTo = undefined;
}

function applyRequestsAndTimeouts(rollout: Rollout, world: World): void {
  if (rollout.direction === 'back') return;
  if (world.requests.rollback) {
    rollout.failed = world.now();
    rollout.failureReason = 'Interrupted';
    throw new RolledBackSignal();
  }
  if (rollout.mode !== 'Monitored') return;
  const { upgradeTimeout, domainTimeout } = rollout.policy.monitoring;
  if (rollout.domainDuration >= domainTimeout) recordFailure(rollout, 'UpgradeDomainTimeout', world);
  else if (rollout.duration >= upgradeTimeout) recordFailure(rollout, 'OverallUpgradeTimeout', world);
}

function recordFailure(rollout: Rollout, reason: RecordedReason, world: World): void {
  rollout.failed = world.now();
  rollout.failureReason = reason;
  if (reason !== 'HealthCheck') rollout.atFailure = getCurrentDomain(rollout);
  if (rollout.policy.monitoring.failureAction === 'Rollback') throw new RolledBackSignal();
  rollout.mode = 'UnmonitoredManual';
}

/** Between two domains it is the next one that is shown, without nodes. */
export function getCurrentDomain({ inProgress, pending }: Rollout): DomainProgress {
  return inProgress.domain === '' ? { domain: pending[0] ?? '', nodes: [] } : inProgress;
}
