/** Explains why an upgrade failed or is about to fail, by the recorded reason or by traces of the failure. */
import { endSentence, formatDuration } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { excerpt } from '../../platform/report-text.ts';
import { isStoppedByFailure } from '../domain-progress.ts';
import { findVersions } from '../headline.ts';
import { findDomain } from '../health/causes.ts';
import type { Upgrade } from '../model.ts';
import { nameDomain } from '../names.ts';
import { type Contradiction, endedBeforeRollout, isCheckFailing, type UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isHealthCheck, isNeverUpgraded, isRollback, isRolledOut } from '../state.ts';
import { explainFailedCreation, explainFailedUpgrade } from './failure.ts';
import { createFinding, type Finding } from './finding.ts';
import { clusterHealthStep, suggestEvents, suggestUpgrade, withFailureFacts } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { explainProbableTimeout, explainTimeout } from './timeout.ts';
import { explainUnhealthy } from './unhealthy.ts';

/** Collects the causes; empty while nothing is wrong. */
export function collectCauses(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade, status, contradiction } = snapshot;
  if (isNeverUpgraded(upgrade)) return status?.status === 'Failed' ? [explainFailedCreation(snapshot)] : [];
  if (contradiction) return [explainContradiction(snapshot, contradiction)];
  if (upgrade.state === 'Failed') return [withFailureFacts(explainFailedUpgrade(snapshot), snapshot)];
  if (isRollback(upgrade) || isStoppedByFailure(snapshot))
    return [withFailureFacts(explainRollback(snapshot), snapshot)];
  const isHealthy = isHealthCheck(upgrade) && !isCheckFailing(snapshot);
  if (upgrade.unhealthyEvaluations.length === 0 || isHealthy) return [];
  const domain = findDomain(upgrade.unhealthyEvaluations);
  return [
    isHealthCheck(upgrade)
      ? explainUnhealthy(
          snapshot,
          'warning',
          `${domain === undefined ? 'The application' : nameDomain(domain, 'Domain')} exceeds its health policy`,
        )
      : explainUnhealthy(snapshot, 'info', `Resumed after a failed health check${formatDomain(upgrade)}`),
  ];
}

/** Explains a success that the application's own record contradicts. */
function explainContradiction(snapshot: UpgradeSnapshot, { record, verdict }: Contradiction): Finding {
  const { upgrade } = snapshot;
  const fact = {
    failed: 'the upgrade of its application failed',
    'rolled-back': `its application was rolled back to ${record.targetVersion}`,
    superseded: `its application was upgraded to ${record.targetVersion}`,
  }[verdict];
  const what = `The deployment reports an upgrade to ${upgrade.targetVersion ?? ''}, but ${fact}`;
  return createFinding('contradiction', 'error', what, {
    evidence: [
      ...(record.failureReason ? [`Reason: ${record.failureReason}.`] : []),
      ...(record.statusDetails
        ? [`The application reports: ${endSentence(excerpt(record.statusDetails))}`]
        : []),
    ],
    next: [applicationHealthStep(snapshot), ...suggestUpgrade(snapshot)],
  });
}

/** Suggests a look at the application. */
function applicationHealthStep(snapshot: UpgradeSnapshot): NextStep {
  return {
    what: 'Show the health of the application',
    command: commands.buildApplicationHealth(snapshot),
  };
}

/** Begins a sentence about a rollback or stop whose cause is not a fault of the new version. */
function describeLead(upgrade: Upgrade): string {
  if (!isRollback(upgrade)) return 'Stopped';
  return isRolledOut(upgrade) ? 'Rolled back' : 'Rolling back';
}

/** Names the version that failed, if that is known. */
function nameFailedVersion(snapshot: UpgradeSnapshot): string {
  const { from, to } = findVersions(snapshot);
  return (isRollback(snapshot.upgrade) ? from : to) ?? 'The new version';
}

/** Explains a rollback or a stop, by the recorded reason or the inferred one. */
function explainRollback(snapshot: UpgradeSnapshot): Finding {
  const { upgrade, application, past } = snapshot;
  const lead = describeLead(upgrade);
  if (endedBeforeRollout(snapshot)) return explainEarlyRollback(snapshot, lead);
  const recorded = application?.failureReason ?? upgrade.failureReason ?? past?.failureReason;
  const events = suggestEvents(snapshot);
  // Nobody has named a cause that could be fixed.
  const known = [...events, ...suggestUpgrade(snapshot, false)];
  const next = known.length > 0 ? known : [applicationHealthStep(snapshot)];
  switch (recorded ?? inferReason(snapshot)) {
    case 'HealthCheck': {
      const what = `${nameFailedVersion(snapshot)} failed its health check${formatDomain(upgrade)}`;
      return withHealthCheckLimit(explainUnhealthy(snapshot, 'error', what), upgrade);
    }
    case 'UpgradeDomainTimeout':
    case 'OverallUpgradeTimeout':
    case 'Timeout':
      return explainTimeout(snapshot, recorded);
    case 'Interrupted':
      return createFinding('requested', 'error', `${lead} on request`, {
        next: [...events, ...suggestUpgrade(snapshot, false)],
      });
    case 'ProcessingFailure':
      return createFinding('processing-failure', 'error', 'The cluster could not carry out the upgrade', {
        next: [...events, clusterHealthStep],
      });
    case undefined: {
      const probable = explainProbableTimeout(snapshot, lead);
      if (probable) return probable;
      return createFinding('cause-unknown', 'error', `${lead}; the cluster recorded no reason`, {
        evidence: [
          'The cluster recorded no unhealthy evaluations and no timeout. The rollback may have been requested.',
        ],
        next,
      });
    }
    default:
      return createFinding('cause-unknown', 'error', `${lead} for the reason ${recorded}`, { next });
  }
}

/** Names the option that gives a new version more time to become healthy in the next upgrade. */
function withHealthCheckLimit(finding: Finding, upgrade: Upgrade): Finding {
  const { healthCheckRetry } = upgrade.monitoringPolicy ?? {};
  const isUnderWay = isRollback(upgrade) && !hasEnded(upgrade);
  if (healthCheckRetry === undefined || isUnderWay) return finding;
  const what = `If the new version needs more time, raise --health-check-retry (now ${healthCheckRetry > 0 ? formatDuration(healthCheckRetry) : 'none'}).`;
  return { ...finding, next: [...finding.next, { what }] };
}

/** Infers the reason: timeouts leave the domain that was current, failed health checks the evaluations. */
function inferReason({ upgrade, application }: UpgradeSnapshot): 'Timeout' | 'HealthCheck' | undefined {
  const classification = upgrade.failureClassification ?? application?.failureClassification;
  if (upgrade.domainAtFailure || `${classification}`.endsWith('Timeout')) return 'Timeout';
  return upgrade.unhealthyEvaluations.length > 0 ? 'HealthCheck' : undefined;
}

function formatDomain({ unhealthyEvaluations }: Upgrade): string {
  const domain = findDomain(unhealthyEvaluations);
  return domain ? ` in ${nameDomain(domain)}` : '';
}

/** Explains a rollback before the rollout, when everything else in the document is of the previous upgrade. */
function explainEarlyRollback(snapshot: UpgradeSnapshot, lead: string): Finding {
  const { isUntouched } = snapshot;
  const cause = `${isUntouched ? '' : ', probably'} on request, while the new version was being provisioned`;
  return createFinding('rolled-back-before-rollout', 'error', `${lead}${cause}`, {
    evidence: isUntouched
      ? ['The application was not touched.', 'Times, policies and health are those of the previous upgrade.']
      : [
          'Neither this watch nor the application saw a rollout.',
          'Times, policies and health may be those of the previous upgrade.',
        ],
    next: suggestUpgrade(snapshot, false),
  });
}
