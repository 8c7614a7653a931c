/** Why an upgrade went wrong, or is about to: the reason that is recorded, else the one that its traces tell of. */

import { isStopped } from '../domain-progress.ts';
import { domainIn } from '../health-tree.ts';
import type { Upgrade } from '../model.ts';
import { type Contradiction, endedBeforeRollout, type Situation } from '../snapshot.ts';
import { isHealthCheck, isNeverUpgraded, isRollback, isRolledOut } from '../state.ts';
import { creationFailed, failed } from './failure.ts';
import { type Finding, wentWrong } from './finding.ts';
import { again, dated, eventCommand } from './next-steps.ts';
import * as commands from './sfctl-commands.ts';
import { timeout } from './timeout.ts';
import { unhealthy } from './unhealthy.ts';

export function causeFindings(situation: Situation): readonly Finding[] {
  const { upgrade, status } = situation;
  if (isNeverUpgraded(upgrade)) return status?.status === 'Failed' ? [creationFailed(situation)] : [];
  if (situation.contradiction) return [contradicted(situation, situation.contradiction)];
  if (upgrade.state === 'Failed') return [dated(failed(situation), situation)];
  if (isRollback(upgrade) || isStopped(situation)) return [dated(turned(situation), situation)];
  if (upgrade.unhealthyEvaluations.length === 0) return [];
  const where = inDomain(upgrade);
  return [
    isHealthCheck(upgrade)
      ? unhealthy(situation, 'warning', `More is unhealthy${where} than its policy tolerates`)
      : unhealthy(situation, 'info', `It goes on after a health check that failed${where}`),
  ];
}

/** Explains a success that the application's own record contradicts. */
function contradicted(situation: Situation, { record, verdict }: Contradiction): Finding {
  const { upgrade } = situation;
  const what = {
    failed: 'its upgrade failed',
    'rolled-back': `it was rolled back to ${record.targetVersion}`,
    superseded: `it was upgraded to ${record.targetVersion}`,
  }[verdict];
  return {
    ...wentWrong(
      'contradiction',
      `The deployment reports that it was upgraded to ${upgrade.targetVersion}, but its application says that ${what}`,
    ),
    evidence: [
      ...(record.failureReason ? [`Reason: ${record.failureReason}.`] : []),
      ...(record.statusDetails ? [`The application says: ${record.statusDetails}`] : []),
    ],
    next: [`See its health: ${commands.applicationHealth(upgrade)}`, ...again(situation)],
  };
}

/** Before it stands what the cause is of: `It was rolled back because …`. */
function leadOf(upgrade: Upgrade): string {
  if (!isRollback(upgrade)) return 'It was stopped';
  return isRolledOut(upgrade) ? 'It was rolled back' : 'It is rolled back';
}

/** The reason of a rollback or a stop: as it is recorded, else as it can be told from what was left behind. */
function turned(situation: Situation): Finding {
  const { upgrade, application } = situation;
  const lead = leadOf(upgrade);
  if (endedBeforeRollout(situation)) return beforeRollout(situation, lead);
  const recorded = application?.failureReason || upgrade.failureReason;
  switch (recorded || inferredReason(situation)) {
    case 'HealthCheck':
      return unhealthy(situation, 'error', `${lead} because its health check failed${inDomain(upgrade)}`);
    case 'UpgradeDomainTimeout':
    case 'OverallUpgradeTimeout':
    case 'Timeout':
      return timeout(situation, lead, recorded);
    case 'Interrupted':
      return {
        ...wentWrong('requested', `${lead} because somebody asked for it`),
        next: [...eventCommand(situation), ...again(situation)],
      };
    case 'ProcessingFailure':
      return {
        ...wentWrong('processing-failure', `${lead} because the cluster could not carry it out`),
        next: [...eventCommand(situation), `See the cluster: ${commands.clusterHealth}`],
      };
    case '':
      return {
        ...wentWrong('cause-unknown', `${lead}, and the cause is not recorded`),
        evidence: ['Neither its health nor a time-out is: somebody may have asked for the rollback.'],
        next: [...eventCommand(situation), ...again(situation)],
      };
    default:
      return {
        ...wentWrong('cause-unknown', `${lead}: ${recorded}`),
        next: [...eventCommand(situation), ...again(situation)],
      };
  }
}

/** Timeouts leave behind the domain that was under way, failed health checks the evaluations. */
function inferredReason({ upgrade }: Situation): 'Timeout' | 'HealthCheck' | '' {
  if (upgrade.domainAtFailure) return 'Timeout';
  return upgrade.unhealthyEvaluations.length > 0 ? 'HealthCheck' : '';
}

function inDomain({ unhealthyEvaluations }: Upgrade): string {
  const domain = domainIn(unhealthyEvaluations);
  return domain ? ` in upgrade domain ${domain}` : '';
}

/** Whatever else the document has then is of the upgrade before. */
function beforeRollout(situation: Situation, lead: string): Finding {
  const { isUntouched } = situation;
  const preparing = 'while the new version was still being prepared';
  const what = isUntouched
    ? `${lead} because somebody asked for it ${preparing}`
    : `${lead}, as it seems because somebody asked for it ${preparing}`;
  return {
    ...wentWrong('rolled-back-before-rollout', what),
    evidence: [
      isUntouched
        ? 'The application was never touched.'
        : 'Nothing was seen of a rollout, nor does the application tell of one.',
      `Times, policies and health ${isUntouched ? 'are' : 'may be'} those of the upgrade before.`,
    ],
    next: again(situation),
  };
}
