/** The record of an application upgrade, as the cluster manager last committed it. */
import type { ApplicationPackage } from './application-package.ts';
import type { ComposeService } from './compose-file.ts';
import type { RollingUpgradeMode, UpgradePolicy } from './policy.ts';
import type { Members } from './runtime-json.ts';

/**
 * A failure of every creation and upgrade: `provisioning` of the version fails, or in the second domain the instances
 * `crash` after they were upgraded, or the first of them are `stuck` and never come up again.
 */
export type Failure = 'provisioning' | 'stuck' | 'crash';

/** Why an upgrade failed, as the runtime's enum of reasons names it. */
export type FailureReason =
  | 'None'
  | 'Interrupted'
  | 'HealthCheck'
  | 'UpgradeDomainTimeout'
  | 'OverallUpgradeTimeout';

/** A node that is not yet upgraded. */
export interface NodeProgress {
  readonly node: string;
  readonly phase: 'Upgrading' | 'PreUpgradeSafetyCheck';
}

/** The upgrade of a domain. Its nodes leave the list when they are done. */
export interface DomainProgress {
  readonly domain: string | undefined;
  readonly nodes: readonly NodeProgress[];
}

/** The progress before, between and after domains. */
export const noDomain: DomainProgress = { domain: undefined, nodes: [] };

/** A step of an upgrade, from which events are made. */
export interface RolloutStep {
  readonly kind: 'Started' | 'DomainStarted' | 'DomainCompleted' | 'RollbackStarted' | 'Ended';
  readonly direction: 'forward' | 'back';
  /** `undefined` for a step of the whole upgrade. */
  readonly domain: string | undefined;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Times are seconds since 1970, durations seconds. */
export interface Rollout {
  readonly policy: UpgradePolicy;
  readonly from: string;
  readonly to: string;
  /** The service that fails if one does, in the new version; `undefined` if the versions have none in common. */
  readonly failingService: ComposeService | undefined;
  /** Failure of that service. */
  readonly failure: Failure | undefined;
  direction: 'forward' | 'back';
  ended: boolean;
  /** The current mode, which a failure or a rollback changes. */
  mode: RollingUpgradeMode;
  inProgress: DomainProgress;
  pending: readonly string[];
  completed: readonly string[];
  /** The domains that the new version has reached, in a rollback those that it is removed from. */
  reached: readonly string[];
  /** The tree of causes as a wire document, or nothing. */
  evaluations: readonly Members[];
  started: number;
  duration: number;
  /** The time from which the duration of the current domain counts. */
  domainStarted: number;
  domainDuration: number;
  failed: number | undefined;
  failureReason: FailureReason;
  atFailure: DomainProgress;
  /** In the order in which they happened. */
  readonly steps: RolloutStep[];
}

/** @param now seconds since 1970 */
export function createRollout(
  policy: UpgradePolicy,
  from: ApplicationPackage,
  to: ApplicationPackage,
  failure: Failure | undefined,
  now: number,
): Rollout {
  return {
    policy,
    from: from.version,
    to: to.version,
    failingService: to.services.find(({ name }) => from.services.some((service) => service.name === name)),
    failure,
    direction: 'forward',
    ended: false,
    mode: policy.mode,
    inProgress: noDomain,
    pending: [],
    completed: [],
    reached: [],
    evaluations: [],
    started: now,
    duration: 0,
    domainStarted: now,
    domainDuration: 0,
    failed: undefined,
    failureReason: 'None',
    atFailure: noDomain,
    steps: [{ kind: 'Started', direction: 'forward', domain: undefined, at: now }],
  };
}

/** Returns the domain in progress or, between two domains, the next one without nodes. */
export function getCurrentDomain({ inProgress, pending }: Rollout): DomainProgress {
  return inProgress.domain === undefined ? { domain: pending[0], nodes: [] } : inProgress;
}

/** Whether an upgrade waits between two domains, for a health check or for an operator. */
export function isPending({ inProgress, pending, mode }: Rollout): boolean {
  return inProgress.domain === undefined && pending.length > 0 && mode !== 'UnmonitoredAuto';
}
