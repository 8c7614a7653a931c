/** Explains upgrades and creations that failed. */
import type { NextStep } from '../../platform/next-step.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { createFinding, type Finding } from './finding.ts';
import { suggestEvents, suggestUpgrade } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';

const usualCauses =
  'Usual causes: a compose file with something that Service Fabric does not support, a name of an image or a registry that cannot be read, a full image store.';

/** Explains a failed upgrade, of which the cluster records the last step, but no reason. */
export function explainFailedUpgrade(snapshot: UpgradeSnapshot): Finding {
  const { upgrade, status, application, isUntouched } = snapshot;
  const facts = [
    ...quoteStatus(snapshot),
    ...(upgrade.statusDetails ? [`The last step was: ${upgrade.statusDetails}`] : []),
  ];
  const seeStatus: NextStep = {
    what: 'See what the deployment says',
    command: commands.buildStatus(upgrade),
  };
  const seeHealth: NextStep = { what: 'See its health', command: commands.buildApplicationHealth(upgrade) };
  if (status?.status === 'Deleting') {
    const what = 'It failed because the deployment is being removed';
    return createFinding('removed', 'error', what, { evidence: facts });
  }
  if (application?.state === 'RollingForwardCompleted' || application?.state === 'RollingBackCompleted') {
    return createFinding('upgrade-failed', 'error', 'It failed after the domains were done', {
      evidence: facts,
      next: [seeStatus, seeHealth],
    });
  }
  if (application) {
    const reason = application.failureReason ? ` (${application.failureReason})` : '';
    return createFinding('upgrade-failed', 'error', `It failed in the middle of the domains${reason}`, {
      evidence: [...facts, 'Some domains may have the new version, and others the old.'],
      next: [seeStatus, ...suggestEvents(snapshot), seeHealth],
    });
  }
  if (isUntouched) {
    return createFinding('provisioning-failed', 'error', 'The new version could not be prepared', {
      evidence: [...facts, 'The application was never touched: the old version runs on.', usualCauses],
      next: [seeStatus, ...suggestUpgrade(snapshot)],
    });
  }
  return createFinding('upgrade-failed', 'error', 'It failed, and the cluster gives no reason', {
    evidence: [...facts, 'It may have failed before the first domain or in the middle of them.', usualCauses],
    next: [seeStatus, seeHealth],
  });
}

/** Explains a deployment whose creation failed. */
export function explainFailedCreation(snapshot: UpgradeSnapshot): Finding {
  const { upgrade } = snapshot;
  return createFinding('creation-failed', 'error', 'The deployment could not be created', {
    evidence: quoteStatus(snapshot),
    next: [
      { what: 'See what the deployment says', command: commands.buildStatus(upgrade) },
      { what: 'Remove it', command: commands.buildRemove(upgrade) },
      { what: 'Then create it anew', command: commands.buildCreate(upgrade) },
    ],
  });
}

function quoteStatus({ status }: UpgradeSnapshot): readonly string[] {
  return status?.details ? [`The deployment says: ${status.details}`] : [];
}
