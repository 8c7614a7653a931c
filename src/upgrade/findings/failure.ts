/** Upgrades and creations that failed. */
import type { UpgradeSnapshot } from '../snapshot.ts';
import { createErrorFinding, type Finding } from './finding.ts';
import { suggestEvents, suggestUpgrade } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';

/** The cluster keeps no reason of a failure, only the step that it was at, and what the deployment says since. */
export function explainFailure(snapshot: UpgradeSnapshot): Finding {
  const { upgrade, status, application, isUntouched } = snapshot;
  const said = status?.details ? [`The deployment says: ${status.details}`] : [];
  const step = upgrade.statusDetails ? [`The last step was: ${upgrade.statusDetails}`] : [];
  const look = [`See what the deployment says: ${commands.buildStatus(upgrade)}`];
  if (status?.status === 'Deleting') {
    const what = 'It failed because the deployment is being removed';
    return { ...createErrorFinding('removed', what), evidence: [...said, ...step] };
  }
  if (application?.state.endsWith('Completed')) {
    return {
      ...createErrorFinding('upgrade-failed', 'It failed after the domains were done'),
      evidence: [...said, ...step],
      next: [...look, `See its health: ${commands.buildApplicationHealth(upgrade)}`],
    };
  }
  if (application) {
    const reason = application.failureReason ? ` (${application.failureReason})` : '';
    return {
      ...createErrorFinding('upgrade-failed', `It failed in the middle of the domains${reason}`),
      evidence: [...said, ...step, 'Some domains may have the new version, and others the old.'],
      next: [
        ...look,
        ...suggestEvents(snapshot),
        `See its health: ${commands.buildApplicationHealth(upgrade)}`,
      ],
    };
  }
  const usual =
    'Usual causes: a compose file with something that Service Fabric does not support, a name of an image or a registry that cannot be read, a full image store.';
  return isUntouched
    ? {
        ...createErrorFinding('provisioning-failed', 'The new version could not be prepared'),
        evidence: [...said, ...step, 'The application was never touched: the old version runs on.', usual],
        next: [...look, ...suggestUpgrade(snapshot)],
      }
    : {
        ...createErrorFinding('upgrade-failed', 'It failed, and the cluster gives no reason'),
        evidence: [
          ...said,
          ...step,
          'It may have failed before the first domain or in the middle of them.',
          usual,
        ],
        next: [...look, `See its health: ${commands.buildApplicationHealth(upgrade)}`],
      };
}

export function explainFailedCreation({ upgrade, status }: UpgradeSnapshot): Finding {
  return {
    ...createErrorFinding('creation-failed', 'The deployment could not be created'),
    evidence: status?.details ? [`The deployment says: ${status.details}`] : [],
    next: [
      `See what the deployment says: ${commands.buildStatus(upgrade)}`,
      `Remove it: ${commands.buildRemove(upgrade)}`,
      `Then create it anew: ${commands.buildCreate(upgrade)}`,
    ],
  };
}
