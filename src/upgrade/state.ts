/** The states of an upgrade, and what follows from them. */
import type { Upgrade, Verdict } from './model.ts';

interface StateFacts {
  /** In an operator's words, to be read after the deployment's name. */
  readonly words: string;
  /** What `--exit-status` says of it. An end is whatever is not `in-progress`. */
  readonly verdict: Verdict;
}

/** All states that the runtime defines, in the order of their numbers on the wire. */
export const upgradeStates = {
  Invalid: { words: 'in no valid state', verdict: 'in-progress' },
  ProvisioningTarget: { words: 'preparing the new version', verdict: 'in-progress' },
  RollingForwardInProgress: { words: 'rolling forward', verdict: 'in-progress' },
  RollingForwardPending: { words: 'waiting between upgrade domains', verdict: 'in-progress' },
  UnprovisioningCurrent: { words: 'rolled forward, removing the old version', verdict: 'in-progress' },
  RollingForwardCompleted: { words: 'upgraded', verdict: 'completed' },
  RollingBackInProgress: { words: 'rolling back', verdict: 'in-progress' },
  UnprovisioningTarget: { words: 'rolled back, removing the failed version', verdict: 'in-progress' },
  RollingBackCompleted: { words: 'rolled back', verdict: 'rolled-back' },
  Failed: { words: 'failed', verdict: 'failed' },
  RollingBackPending: { words: 'waiting between upgrade domains, rolling back', verdict: 'in-progress' },
} as const satisfies Record<string, StateFacts>;

export function isKnownState(state: string): state is keyof typeof upgradeStates {
  return Object.hasOwn(upgradeStates, state);
}

/** An unknown state is never an end. */
export function hasEnded(upgrade: Upgrade): boolean {
  return isKnownState(upgrade.state) && upgradeStates[upgrade.state].verdict !== 'in-progress';
}

const rollbackStates = new Set([
  'RollingBackInProgress',
  'RollingBackPending',
  'UnprovisioningTarget',
  'RollingBackCompleted',
]);

/** True from the first moment of a rollback, and after it. */
export function isRollback(upgrade: Upgrade): boolean {
  return rollbackStates.has(upgrade.state);
}

/**
 * A deployment that was never upgraded, and one whose creation failed, answer `RollingForwardCompleted` too:
 * then nothing else in the document speaks of an upgrade. The status endpoint tells the two apart.
 */
export function isNeverUpgraded(upgrade: Upgrade): boolean {
  return (
    upgrade.state === 'RollingForwardCompleted' &&
    (upgrade.kind === 'Invalid' || upgrade.kind === '') &&
    upgrade.statusDetails === '' &&
    upgrade.mode === '' &&
    (upgrade.duration ?? 0) === 0
  );
}

/** Through all domains, forward or back: what is left, if anything, is to clean up. */
export function isRolledOut(upgrade: Upgrade): boolean {
  return upgrade.state !== 'Failed' && (hasEnded(upgrade) || upgrade.state.startsWith('Unprovisioning'));
}

/** Waiting for somebody to let it go on: between two domains of a manual upgrade, or after a failure with action Manual. */
export function isWaitingForApproval(upgrade: Upgrade): boolean {
  if (upgrade.mode !== 'UnmonitoredManual') return false;
  const between = upgrade.currentDomain !== undefined && upgrade.currentDomain.nodes.length === 0;
  switch (upgrade.state) {
    case 'RollingForwardPending':
    case 'RollingBackPending':
      return true;
    case 'RollingBackInProgress':
      return between;
    case 'RollingForwardInProgress':
      // The last health check of a monitored upgrade has failed: there is no next domain that it could wait for.
      return upgrade.currentDomain === undefined && upgrade.unhealthyEvaluations.length > 0;
    default:
      return false;
  }
}

/** With failure action Manual time that ran out leaves the upgrade in the domain where it did, or before that one. */
export function isStoppedByTime(upgrade: Upgrade): boolean {
  const { mode, currentDomain, domainAtFailure } = upgrade;
  if (mode !== 'UnmonitoredManual' || isRollback(upgrade) || domainAtFailure === undefined) return false;
  const isThere = domainAtFailure.name === currentDomain?.name;
  return isThere && (domainAtFailure.nodes.length > 0 || currentDomain.nodes.length === 0);
}

/** Judging the health of what was upgraded: after a domain, or once more after the last one. */
export function isHealthCheck(upgrade: Upgrade): boolean {
  if (upgrade.mode !== 'Monitored') return false;
  if (upgrade.state === 'RollingForwardPending') return true;
  // The first seconds look like the final check, but for the clock that has not started.
  return (
    upgrade.state === 'RollingForwardInProgress' &&
    upgrade.currentDomain === undefined &&
    (upgrade.duration ?? 0) > 0
  );
}
