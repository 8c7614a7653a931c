/** An upgrade as the cluster's events report it, any of which may be missing. Pure. */

import type { FailureAction, FailureReason, RollingUpgradeMode } from './enums.ts';
import type { ContainerExitedEvent } from './events.ts';
import type { Duration } from './model.ts';

/** An upgrade pieced together from events. Members are `undefined` where no event reports them. */
export interface PastUpgrade {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Start of the rollout, after provisioning. */
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  /** `unknown` if no event reports the end, and a later upgrade has begun. */
  readonly result: 'completed' | 'rolled-back' | 'rolling-back' | 'under-way' | 'unknown';
  readonly mode: RollingUpgradeMode | undefined;
  readonly failureAction: FailureAction | undefined;
  readonly failureReason: FailureReason | undefined;
  readonly rollbackStartedAt: Date | undefined;
  /** Time from the start to the end. */
  readonly took: Duration | undefined;
  /** Domains that were completed, in the order of their times. */
  readonly forward: readonly PastDomain[];
  readonly back: readonly PastDomain[];
  /** Containers that exited unexpectedly between the start and the end. */
  readonly exits: readonly ContainerExitedEvent[];
}

/** A completed upgrade domain. */
export interface PastDomain {
  readonly name: string;
  readonly completedAt: Date;
  readonly took: Duration | undefined;
}
