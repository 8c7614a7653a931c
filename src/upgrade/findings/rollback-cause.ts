/** Why an upgrade went wrong, or is about to: the reason that is recorded, else the one that its traces tell of. */

import { isStoppedByFailure } from '../domain-progress.ts';
import { findDomain } from '../health-tree.ts';
import type { Upgrade } from '../model.ts';
import { type Contradiction, endedBeforeRollout, type UpgradeSnapshot } from '../snapshot.ts';
import { isHealthCheck, isNeverUpgraded, isRollback, isRolledOut } from '../state.ts';
import { explainFailedCreation, explainFailure } from './failure.ts';
import { createErrorFinding, type Finding } from './finding.ts';
import { suggestEvents, suggestUpgrade, withFailureTime } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { explainTimeout } from './timeout.ts';
import { explainUnhealthy } from './unhealthy.ts';

export function collectCauses(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade, status } = snapshot;
  if (isNeverUpgraded(upgrade)) return status?.status === 'Failed' ? [explainFailedCreation(snapshot)] : [];
  if (snapshot.contradiction) return [explainContradiction(snapshot, snapshot.contradiction)];
  if (upgrade.state === 'Failed') return [withFailureTime(explainFailure(snapshot), snapshot)];
  if (isRollback(upgrade) || isStoppedByFailure(snapshot))
    return [withFailureTime(findRollbackCause(snapshot), snapshot)];
  if (upgrade.unhealthyEvaluations.length === 0) return [];
  const where = formatDomain(upgrade);
  return [
    isHealthCheck(upgrade)
      ? explainUnhealthy(snapshot, 'warning', `More is unhealthy${where} than its policy tolerates`)
      : explainUnhealthy(snapshot, 'info', `It goes on after a health check that failed${where}`),
  ];
}

/** Explains a success that the application's own record contradicts. */
function explainContradiction(snapshot: UpgradeSnapshot, { record, verdict }: Contradiction): Finding {
  const { upgrade } = snapshot;
  const what = {
    failed: 'its upgrade failed',
    'rolled-back': `it was rolled back to ${record.targetVersion}`,
    superseded: `it was upgraded to ${record.targetVersion}`,
  }[verdict];
  return {
    ...createErrorFinding(
      'contradiction',
      `The deployment reports that it was upgraded to ${upgrade.targetVersion}, but its application says that ${what}`,
    ),
    evidence: [
      ...(record.failureReason ? [`Reason: ${record.failureReason}.`] : []),
      ...(record.statusDetails ? [`The application says: ${record.statusDetails}`] : []),
    ],
    next: [`See its health: ${commands.buildApplicationHealth(upgrade)}`, ...suggestUpgrade(snapshot)],
  };
}

/** Before it stands what the cause is of: `It was rolled back because …`. */
function describeLead(upgrade: Upgrade): string {
  if (!isRollback(upgrade)) return 'It was stopped';
  return isRolledOut(upgrade) ? 'It was rolled back' : 'It is rolled back';
}

/** The reason of a rollback or a stop: as it is recorded, else as it can be told from what was left behind. */
function findRollbackCause(snapshot: UpgradeSnapshot): Finding {
  const { upgrade, application } = snapshot;
  const lead = describeLead(upgrade);
  if (endedBeforeRollout(snapshot)) return explainEarlyRollback(snapshot, lead);
  const recorded = application?.failureReason || upgrade.failureReason;
  switch (recorded || inferReason(snapshot)) {
    case 'HealthCheck':
      return explainUnhealthy(
        snapshot,
        'error',
        `${lead} because its health check failed${formatDomain(upgrade)}`,
      );
    case 'UpgradeDomainTimeout':
    case 'OverallUpgradeTimeout':
    case 'Timeout':
      return explainTimeout(snapshot, lead, recorded);
    case 'Interrupted':
      return {
        ...createErrorFinding('requested', `${lead} because somebody asked for it`),
        next: [...suggestEvents(snapshot), ...suggestUpgrade(snapshot)],
      };
    case 'ProcessingFailure':
      return {
        ...createErrorFinding('processing-failure', `${lead} because the cluster could not carry it out`),
        next: [...suggestEvents(snapshot), `See the cluster: ${commands.clusterHealthCommand}`],
      };
    case '':
      return {
        ...createErrorFinding('cause-unknown', `${lead}, and the cause is not recorded`),
        evidence: ['Neither its health nor a time-out is: somebody may have asked for the rollback.'],
        next: [...suggestEvents(snapshot), ...suggestUpgrade(snapshot)],
      };
    default:
      return {
        ...createErrorFinding('cause-unknown', `${lead}: ${recorded}`),
        next: [...suggestEvents(snapshot), ...suggestUpgrade(snapshot)],
      };
  }
}

/** Timeouts leave behind the domain that was under way, failed health checks the evaluations. */
function inferReason({ upgrade }: UpgradeSnapshot): 'Timeout' | 'HealthCheck' | '' {
  if (upgrade.domainAtFailure) return 'Timeout';
  return upgrade.unhealthyEvaluations.length > 0 ? 'HealthCheck' : '';
}

function formatDomain({ unhealthyEvaluations }: Upgrade): string {
  const domain = findDomain(unhealthyEvaluations);
  return domain ? ` in upgrade domain ${domain}` : '';
}

/** Whatever else the document has then is of the upgrade before. */
function explainEarlyRollback(snapshot: UpgradeSnapshot, lead: string): Finding {
  const { isUntouched } = snapshot;
  const preparing = 'while the new version was still being prepared';
  const what = isUntouched
    ? `${lead} because somebody asked for it ${preparing}`
    : `${lead}, as it seems because somebody asked for it ${preparing}`;
  return {
    ...createErrorFinding('rolled-back-before-rollout', what),
    evidence: [
      isUntouched
        ? 'The application was never touched.'
        : 'Nothing was seen of a rollout, nor does the application tell of one.',
      `Times, policies and health ${isUntouched ? 'are' : 'may be'} those of the upgrade before.`,
    ],
    next: suggestUpgrade(snapshot),
  };
}
