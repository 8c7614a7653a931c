/** Predicates on the state of an upgrade. Pure. */
import { type KnownUpgradeState, type UpgradeState, upgradeStates } from './enums.ts';
import type { Upgrade } from './model.ts';

type HasState = Pick<Upgrade, 'state'>;

/** Reports whether sfcompose knows the state. */
export function isKnownState(state: UpgradeState | undefined): state is KnownUpgradeState {
  return state !== undefined && Object.hasOwn(upgradeStates, `${state}`);
}

/** Reports whether the upgrade has ended. An unknown state is never an end. */
export function hasEnded({ state }: HasState): boolean {
  return isKnownState(state) && upgradeStates[state].verdict !== 'in-progress';
}

/** Reports whether the upgrade rolls back or has rolled back. */
export function isRollback({ state }: HasState): boolean {
  switch (state) {
    case 'RollingBackInProgress':
    case 'RollingBackPending':
    case 'UnprovisioningTarget':
    case 'RollingBackCompleted':
      return true;
    default:
      return false;
  }
}

/** Reports whether the upgrade goes through its upgrade domains, forward or back. */
export function isRollingOut({ state }: HasState): boolean {
  switch (state) {
    case 'RollingForwardInProgress':
    case 'RollingForwardPending':
    case 'RollingBackInProgress':
    case 'RollingBackPending':
      return true;
    default:
      return false;
  }
}

/** Reports whether the upgrade works on a domain, forward or back, or is about to. */
export function isInDomain({ state }: HasState): boolean {
  return state === 'RollingForwardInProgress' || state === 'RollingBackInProgress';
}

/** Reports whether all upgrade domains are done, forward or back, so that at most cleaning up is left. */
export function isRolledOut({ state }: HasState): boolean {
  switch (state) {
    case 'UnprovisioningCurrent':
    case 'UnprovisioningTarget':
    case 'RollingForwardCompleted':
    case 'RollingBackCompleted':
      return true;
    default:
      return false;
  }
}

/**
 * Reports whether the deployment was never upgraded, or its creation failed: both report `RollingForwardCompleted`, with
 * nothing else in the document about an upgrade. The status endpoint tells the two apart.
 */
export function isNeverUpgraded({ state, kind, statusDetails, mode, duration }: Upgrade): boolean {
  return (
    state === 'RollingForwardCompleted' &&
    (kind === 'Invalid' || kind === undefined) &&
    statusDetails === undefined &&
    mode === undefined &&
    (duration ?? 0) === 0
  );
}

/**
 * Reports whether the upgrade waits for an operator's approval: between two domains of a manual upgrade, or after a
 * failure with failure action Manual.
 */
export function isWaitingForApproval(upgrade: Upgrade): boolean {
  const { state, mode, currentDomain, unhealthyEvaluations } = upgrade;
  if (mode !== 'UnmonitoredManual') return false;
  switch (state) {
    case 'RollingForwardPending':
    case 'RollingBackPending':
      return true;
    case 'RollingBackInProgress':
      return currentDomain?.nodes.length === 0;
    case 'RollingForwardInProgress':
      // After the last health check of a monitored upgrade has failed there is no next domain.
      return currentDomain === undefined && unhealthyEvaluations.length > 0;
    default:
      return false;
  }
}

/** Reports whether a timeout stopped the upgrade in or before the current domain (failure action Manual). */
export function isStoppedByTimeout(upgrade: Upgrade): boolean {
  const { mode, currentDomain, domainAtFailure } = upgrade;
  if (mode !== 'UnmonitoredManual' || isRollback(upgrade) || domainAtFailure === undefined) return false;
  const isThere = domainAtFailure.name === currentDomain?.name;
  return isThere && (domainAtFailure.nodes.length > 0 || currentDomain.nodes.length === 0);
}

/** Reports whether the cluster checks health: after a domain, or once more after the last one. */
export function isHealthCheck({ state, mode, currentDomain, duration }: Upgrade): boolean {
  if (mode !== 'Monitored') return false;
  if (state === 'RollingForwardPending') return true;
  // The first seconds look like the final check, except that the clock has not started.
  return state === 'RollingForwardInProgress' && currentDomain === undefined && (duration ?? 0) > 0;
}
