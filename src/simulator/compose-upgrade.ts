/** The record of a compose upgrade. */
import { FabricError } from './errors.ts';
import { isPending, type Rollout } from './rollout.ts';
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

/** The part of a deployment that an operator's requests need. */
interface UpgradeState {
  readonly upgrade: ComposeUpgrade | undefined;
  readonly rollout: Rollout | undefined;
  readonly isUpgrading: boolean;
}

/** Requests a rollback, which starts at the next step of the upgrade or after the target is provisioned. */
export function requestRollback({ upgrade, rollout, isUpgrading }: UpgradeState): void {
  if (!isUpgrading || upgrade === undefined)
    throw new FabricError('FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING');
  const { phase, requests } = upgrade;
  const isForward =
    phase === 'ProvisioningTarget' || (phase === 'Rolling' && rollout?.direction === 'forward');
  if (!isForward && !requests.rollback)
    throw new FabricError('FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION');
  requests.rollback = true;
}

/**
 * Lets a manual upgrade or rollback continue with a domain at its next step.
 * @throws `E_INVALIDARG` unless the upgrade waits for approval to continue with that domain
 */
export function requestDomain({ upgrade, rollout }: UpgradeState, domain: string): void {
  if (upgrade?.phase !== 'Rolling' || !rollout?.pending.length)
    throw new FabricError('FABRIC_E_APPLICATION_NOT_UPGRADING');
  const { mode, pending, completed } = rollout;
  if (completed.includes(domain)) throw new FabricError('FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED');
  if (mode !== 'UnmonitoredManual' || !isPending(rollout) || domain !== pending[0])
    throw new FabricError('E_INVALIDARG');
  upgrade.requests.moveTo = domain;
}

function parseVersion(version: string): number {
  return Number(version.slice(1));
}
