/** Explains why an upgrade went wrong, or is about to, by the recorded reason or by traces of the failure. */
import { isStoppedByFailure } from '../domain-progress.ts';
import { findDomain } from '../health-tree.ts';
import type { Upgrade } from '../model.ts';
import { type Contradiction, endedBeforeRollout, type UpgradeSnapshot } from '../snapshot.ts';
import { isHealthCheck, isNeverUpgraded, isRollback, isRolledOut } from '../state.ts';
import { explainFailedCreation, explainFailedUpgrade } from './failure.ts';
import { createFinding, type Finding } from './finding.ts';
import { suggestEvents, suggestUpgrade, withFailureTime } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { explainTimeout } from './timeout.ts';
import { explainUnhealthy } from './unhealthy.ts';

/** Collects the causes; empty while nothing is wrong. */
export function collectCauses(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade, status, contradiction } = snapshot;
  if (isNeverUpgraded(upgrade)) return status?.status === 'Failed' ? [explainFailedCreation(snapshot)] : [];
  if (contradiction) return [explainContradiction(snapshot, contradiction)];
  if (upgrade.state === 'Failed') return [withFailureTime(explainFailedUpgrade(snapshot), snapshot)];
  if (isRollback(upgrade) || isStoppedByFailure(snapshot))
    return [withFailureTime(explainRollback(snapshot), snapshot)];
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
  const fact = {
    failed: 'its upgrade failed',
    'rolled-back': `it was rolled back to ${record.targetVersion}`,
    superseded: `it was upgraded to ${record.targetVersion}`,
  }[verdict];
  const version = upgrade.targetVersion ?? '';
  const what = `The deployment reports that it was upgraded to ${version}, but its application says that ${fact}`;
  return createFinding('contradiction', 'error', what, {
    evidence: [
      ...(record.failureReason ? [`Reason: ${record.failureReason}.`] : []),
      ...(record.statusDetails ? [`The application says: ${record.statusDetails}`] : []),
    ],
    next: [
      { what: 'See its health', command: commands.buildApplicationHealth(upgrade) },
      ...suggestUpgrade(snapshot),
    ],
  });
}

/** Begins the sentence about the cause: `It was rolled back because …`. */
function describeLead(upgrade: Upgrade): string {
  if (!isRollback(upgrade)) return 'It was stopped';
  return isRolledOut(upgrade) ? 'It was rolled back' : 'It is rolled back';
}

/** Explains a rollback or a stop, by the recorded reason or the inferred one. */
function explainRollback(snapshot: UpgradeSnapshot): Finding {
  const { upgrade, application } = snapshot;
  const lead = describeLead(upgrade);
  if (endedBeforeRollout(snapshot)) return explainEarlyRollback(snapshot, lead);
  const recorded = application?.failureReason ?? upgrade.failureReason;
  const next = [...suggestEvents(snapshot), ...suggestUpgrade(snapshot)];
  switch (recorded ?? inferReason(snapshot)) {
    case 'HealthCheck': {
      const what = `${lead} because its health check failed${formatDomain(upgrade)}`;
      return explainUnhealthy(snapshot, 'error', what);
    }
    case 'UpgradeDomainTimeout':
    case 'OverallUpgradeTimeout':
    case 'Timeout':
      return explainTimeout(snapshot, lead, recorded);
    case 'Interrupted':
      return createFinding('requested', 'error', `${lead} because somebody asked for it`, { next });
    case 'ProcessingFailure':
      return createFinding(
        'processing-failure',
        'error',
        `${lead} because the cluster could not carry it out`,
        {
          next: [
            ...suggestEvents(snapshot),
            { what: 'See the cluster', command: commands.clusterHealthCommand },
          ],
        },
      );
    case undefined:
      return createFinding('cause-unknown', 'error', `${lead}, and the cause is not recorded`, {
        evidence: ['Neither its health nor a time-out is: somebody may have asked for the rollback.'],
        next,
      });
    default:
      return createFinding('cause-unknown', 'error', `${lead}: ${recorded}`, { next });
  }
}

/** Infers the reason: timeouts leave the domain that was current, failed health checks the evaluations. */
function inferReason({ upgrade }: UpgradeSnapshot): 'Timeout' | 'HealthCheck' | undefined {
  if (upgrade.domainAtFailure) return 'Timeout';
  return upgrade.unhealthyEvaluations.length > 0 ? 'HealthCheck' : undefined;
}

function formatDomain({ unhealthyEvaluations }: Upgrade): string {
  const domain = findDomain(unhealthyEvaluations);
  return domain ? ` in upgrade domain ${domain}` : '';
}

/** Explains a rollback before the rollout, when everything else in the document is of the previous upgrade. */
function explainEarlyRollback(snapshot: UpgradeSnapshot, lead: string): Finding {
  const { isUntouched } = snapshot;
  const cause = 'because somebody asked for it while the new version was still being prepared';
  const what = isUntouched ? `${lead} ${cause}` : `${lead}, as it seems ${cause}`;
  return createFinding('rolled-back-before-rollout', 'error', what, {
    evidence: [
      isUntouched
        ? 'The application was never touched.'
        : 'Nothing was seen of a rollout, nor does the application tell of one.',
      `Times, policies and health ${isUntouched ? 'are' : 'may be'} those of the upgrade before.`,
    ],
    next: suggestUpgrade(snapshot),
  });
}
