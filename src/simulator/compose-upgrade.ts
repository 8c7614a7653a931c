/** The record of a compose upgrade. */
import type { OperatorRequests } from './run-rollout.ts';

/** The cluster manager's record of a compose upgrade, as last committed. */
export interface ComposeUpgrade {
  readonly from: string;
  readonly to: string;
  phase:
    | 'ProvisioningTarget'
    /** The rollout has the progress and the direction. */
    | 'Rolling'
    | 'UnprovisioningCurrent'
    | 'RollingForwardCompleted'
    | 'UnprovisioningTarget'
    | 'RollingBackCompleted'
    | 'Failed';
  readonly requests: OperatorRequests;
}

/** @param from the current version @param previous the upgrade before, whose target is never used again */
export function createComposeUpgrade(from: string, previous: ComposeUpgrade | undefined): ComposeUpgrade {
  const newest = Math.max(parseVersion(from), parseVersion(previous?.to ?? from));
  return {
    from,
    to: `v${newest + 1}`,
    phase: 'ProvisioningTarget',
    requests: { rollback: false, moveTo: undefined },
  };
}

function parseVersion(version: string): number {
  return Number(version.slice(1));
}
