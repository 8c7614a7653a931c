/** Upgrades and creations that failed. */
import type { Situation } from '../snapshot.ts';
import { type Finding, wentWrong } from './finding.ts';
import { again, eventCommand } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';

/** The cluster keeps no reason of a failure, only the step that it was at, and what the deployment says since. */
export function failed(situation: Situation): Finding {
  const { upgrade, status, application, isUntouched } = situation;
  const said = status?.details ? [`The deployment says: ${status.details}`] : [];
  const step = upgrade.statusDetails ? [`The last step was: ${upgrade.statusDetails}`] : [];
  const look = [`See what the deployment says: ${commands.deploymentStatus(upgrade)}`];
  if (status?.status === 'Deleting') {
    const what = 'It failed because the deployment is being removed';
    return { ...wentWrong('removed', what), evidence: [...said, ...step] };
  }
  if (application?.state.endsWith('Completed')) {
    return {
      ...wentWrong('upgrade-failed', 'It failed after the domains were done'),
      evidence: [...said, ...step],
      next: [...look, `See its health: ${commands.applicationHealth(upgrade)}`],
    };
  }
  if (application) {
    const reason = application.failureReason ? ` (${application.failureReason})` : '';
    return {
      ...wentWrong('upgrade-failed', `It failed in the middle of the domains${reason}`),
      evidence: [...said, ...step, 'Some domains may have the new version, and others the old.'],
      next: [...look, ...eventCommand(situation), `See its health: ${commands.applicationHealth(upgrade)}`],
    };
  }
  const usual =
    'Usual causes: a compose file with something that Service Fabric does not support, a name of an image or a registry that cannot be read, a full image store.';
  return isUntouched
    ? {
        ...wentWrong('provisioning-failed', 'The new version could not be prepared'),
        evidence: [...said, ...step, 'The application was never touched: the old version runs on.', usual],
        next: [...look, ...again(situation)],
      }
    : {
        ...wentWrong('upgrade-failed', 'It failed, and the cluster gives no reason'),
        evidence: [
          ...said,
          ...step,
          'It may have failed before the first domain or in the middle of them.',
          usual,
        ],
        next: [...look, `See its health: ${commands.applicationHealth(upgrade)}`],
      };
}

export function creationFailed({ upgrade, status }: Situation): Finding {
  return {
    ...wentWrong('creation-failed', 'The deployment could not be created'),
    evidence: status?.details ? [`The deployment says: ${status.details}`] : [],
    next: [
      `See what the deployment says: ${commands.deploymentStatus(upgrade)}`,
      `Remove it: ${commands.removeDeployment(upgrade)}`,
      `Then create it anew: ${commands.createDeployment(upgrade)}`,
    ],
  };
}
