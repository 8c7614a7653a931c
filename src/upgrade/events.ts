/**
 * Events of an application from the cluster's event store, as far as they are about upgrades. Events arrive late, can be
 * missing, and come in any order. Pure.
 */
import type { FailureAction, FailureReason, RollingUpgradeMode } from './enums.ts';
import type { Duration } from './model.ts';

/** An event. Members that the cluster left out or sent empty are `undefined`. */
export type ApplicationEvent =
  | UpgradeStartedEvent
  | DomainCompletedEvent
  | UpgradeCompletedEvent
  | RollbackStartedEvent
  | RollbackCompletedEvent
  | ContainerExitedEvent;

interface EventBase {
  /**
   * Id of the event; `undefined` if the cluster sent none. The events of one upgrade have the same id: the activity of
   * the cluster manager. It changes if the cluster manager fails over.
   */
  readonly id: string | undefined;
  readonly at: Date;
}

/** An upgrade of the application began. Provisioning, which comes before, has no event. */
interface UpgradeStartedEvent extends EventBase {
  readonly kind: 'upgrade-started';
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly mode: RollingUpgradeMode | undefined;
  readonly failureAction: FailureAction | undefined;
}

/** An upgrade domain was completed, forward or back. On the way back, `from` is the version that runs again. */
export interface DomainCompletedEvent extends EventBase {
  readonly kind: 'domain-completed';
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Whether the upgrade was rolling back; `undefined` if the cluster did not say. */
  readonly isBack: boolean | undefined;
  readonly domains: readonly string[];
  readonly took: Duration | undefined;
}

/** An upgrade rolled forward to its end. */
export interface UpgradeCompletedEvent extends EventBase {
  readonly kind: 'upgrade-completed';
  readonly to: string | undefined;
  /** Time since the start of the upgrade. */
  readonly took: Duration | undefined;
}

/** A rollback began. The runtime reports only the version that runs again, as `from`. */
export interface RollbackStartedEvent extends EventBase {
  readonly kind: 'rollback-started';
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly failureReason: FailureReason | undefined;
  /** Time since the start of the upgrade. */
  readonly took: Duration | undefined;
}

/** A rollback came to its end. */
export interface RollbackCompletedEvent extends EventBase {
  readonly kind: 'rollback-completed';
  /** The version that runs again. */
  readonly backTo: string | undefined;
  readonly failureReason: FailureReason | undefined;
  /** Time since the start of the upgrade, rollback included. */
  readonly took: Duration | undefined;
}

/** A container exited. */
export interface ContainerExitedEvent extends EventBase {
  readonly kind: 'container-exited';
  /** `fabric:/web/api`. */
  readonly service: string | undefined;
  readonly codePackage: string | undefined;
  readonly image: string | undefined;
  /** The node, if another event of the same moment names it: this event does not. */
  readonly node: string | undefined;
  readonly exitCode: number | undefined;
  /** Whether the container was to go on running. */
  readonly isUnexpected: boolean | undefined;
}
