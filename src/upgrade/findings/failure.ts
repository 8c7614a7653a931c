/** Explains upgrades and creations that failed. */
import { endSentence } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { excerpt } from '../../platform/report-text.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { createFinding, type Finding } from './finding.ts';
import { suggestEvents, suggestUpgrade } from './next-steps.ts';
import { getCommandContext } from './own-commands.ts';
import { describePendingNodes, listPendingPlaces, suggestForPendingNodes } from './pending-nodes.ts';
import * as commands from './sfctl-commands.ts';

const usualCauses =
  'Usual causes: an unsupported setting in the compose file, an image name or registry that cannot be read, a full image store.';

/** Explains a failed upgrade. The cluster records its last step, but no reason. */
export function explainFailedUpgrade(snapshot: UpgradeSnapshot): Finding {
  const { upgrade, status, application, isUntouched, services } = snapshot;
  const { currentDomain } = upgrade;
  const facts = [
    ...quoteStatus(snapshot),
    ...(upgrade.statusDetails ? [`Last step: ${endSentence(excerpt(upgrade.statusDetails))}`] : []),
  ];
  const seeStatus: NextStep = {
    what: 'Show the status of the deployment',
    command: commands.buildStatus(getCommandContext(snapshot)),
  };
  const seeHealth: NextStep = {
    what: 'Show the health of the application',
    command: commands.buildApplicationHealth(snapshot),
  };
  if (status?.status === 'Deleting' || status?.status === 'Unprovisioning')
    return explainRemoval(snapshot, facts, seeStatus);
  if (application?.state === 'RollingForwardCompleted' || application?.state === 'RollingBackCompleted') {
    return createFinding(
      'upgrade-failed',
      'error',
      'The upgrade failed after all upgrade domains were done',
      {
        evidence: facts,
        next: [seeStatus, seeHealth],
      },
    );
  }
  if (application) {
    const reason = application.failureReason ? ` (${application.failureReason})` : '';
    return createFinding(
      'upgrade-failed',
      'error',
      `The upgrade failed before all upgrade domains were done${reason}`,
      {
        where: listPendingPlaces(currentDomain),
        evidence: [
          ...describePendingNodes(currentDomain, services),
          ...facts,
          'Some upgrade domains may have the new version, and others the old one.',
        ],
        next: [seeStatus, ...suggestEvents(snapshot), ...suggestForPendingNodes(snapshot), seeHealth],
      },
    );
  }
  if (isUntouched) {
    return createFinding(
      'provisioning-failed',
      'error',
      `${upgrade.targetVersion ?? 'The new version'} could not be provisioned`,
      {
        evidence: [...facts, 'The application was not touched and still runs the old version.', usualCauses],
        next: [seeStatus, ...suggestUpgrade(snapshot)],
      },
    );
  }
  return createFinding('upgrade-failed', 'error', 'The upgrade failed, and the cluster recorded no reason', {
    evidence: [
      ...facts,
      'The upgrade may have failed during provisioning or in an upgrade domain.',
      usualCauses,
    ],
    next: [seeStatus, seeHealth],
  });
}

/** Explains an upgrade that ended with the removal of its deployment, which what held up the upgrade may hold up, too. */
function explainRemoval(snapshot: UpgradeSnapshot, facts: readonly string[], seeStatus: NextStep): Finding {
  const {
    upgrade: { currentDomain },
    services,
  } = snapshot;
  const what = 'The upgrade failed because the deployment is being removed';
  const pending = describePendingNodes(currentDomain, services);
  return createFinding('removed', 'error', what, {
    where: listPendingPlaces(currentDomain),
    evidence: [
      ...pending,
      ...(pending.length > 0 ? ['What held up the upgrade may hold up the removal as well.'] : []),
      ...facts,
    ],
    next: [seeStatus, ...suggestForPendingNodes(snapshot)],
  });
}

/** Explains a deployment whose creation failed. */
export function explainFailedCreation(snapshot: UpgradeSnapshot): Finding {
  const { upgrade } = snapshot;
  return createFinding('creation-failed', 'error', `${upgrade.deployment} could not be created`, {
    evidence: quoteStatus(snapshot),
    next: [
      {
        what: 'Show the status of the deployment',
        command: commands.buildStatus(getCommandContext(snapshot)),
      },
      { what: 'Remove the deployment', command: commands.buildRemove(getCommandContext(snapshot)) },
      {
        what: 'Create the deployment again',
        command: commands.buildCreate(getCommandContext(snapshot)),
      },
    ],
  });
}

function quoteStatus({ status }: UpgradeSnapshot): readonly string[] {
  return status?.details ? [`The deployment reports: ${endSentence(excerpt(status.details))}`] : [];
}
