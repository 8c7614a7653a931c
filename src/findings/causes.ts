/** Why an upgrade went wrong, or is about to: the reason that is recorded, else the one that its traces tell of. */
import type { Situation } from '../situation.ts';
import {
  hasEnded,
  isNeverUpgraded,
  isRollback,
  isStoppedByHealth,
  isStoppedByTime,
  type Upgrade,
  waitsForPerson,
} from '../upgrade.ts';
import { again, eventCommand, wentWrong } from './aftermath.ts';
import * as commands from './commands.ts';
import { creationFailed, failed } from './failures.ts';
import type { Finding } from './finding.ts';
import { timeout } from './timeouts.ts';
import { unhealthy } from './unhealthy.ts';

export function causeFindings(situation: Situation): readonly Finding[] {
  const { upgrade, status } = situation;
  if (isNeverUpgraded(upgrade)) return status?.status === 'Failed' ? [creationFailed(situation)] : [];
  if (upgrade.state === 'Failed') return [failed(situation)];
  if (isRollback(upgrade) || isStopped(situation)) return [turned(situation)];
  return upgrade.unhealthyEvaluations.length > 0 ? [unhealthy(situation, 'warning', '')] : [];
}

/** A failure that, by the policy, only stops it. Whoever lets it go on has seen to the cause. */
function isStopped({ upgrade, application }: Situation): boolean {
  const isRecorded = [application?.failureReason, upgrade.failureReason].some(Boolean);
  return isStoppedByTime(upgrade) || isStoppedByHealth(upgrade) || (waitsForPerson(upgrade) && isRecorded);
}

/** Before it stands what the cause is of: `It was rolled back because …`. */
function leadOf(upgrade: Upgrade): string {
  if (!isRollback(upgrade)) return 'It was stopped';
  return hasEnded(upgrade) || upgrade.state === 'UnprovisioningTarget'
    ? 'It was rolled back'
    : 'It is rolled back';
}

/** The reason of a rollback or a stop: as it is recorded, else as it can be told from what was left behind. */
function turned(situation: Situation): Finding {
  const { upgrade, application, isUntouched } = situation;
  const lead = leadOf(upgrade);
  if (isUntouched) return beforeRollout(situation, lead);
  const recorded = application?.failureReason || upgrade.failureReason;
  switch (recorded || inferredReason(situation)) {
    case 'HealthCheck':
      return unhealthy(situation, 'error', lead);
    case 'UpgradeDomainTimeout':
    case 'OverallUpgradeTimeout':
    case 'Timeout':
      return timeout(situation, lead, recorded);
    case 'Interrupted':
      return {
        ...wentWrong('requested', `${lead} because somebody asked for it`, situation),
        next: [...eventCommand(situation), ...again(upgrade)],
      };
    case 'ProcessingFailure':
      return {
        ...wentWrong('processing-failure', `${lead} because the cluster could not carry it out`, situation),
        next: [...eventCommand(situation), `See the cluster: ${commands.clusterHealth}`],
      };
    case '':
      return {
        ...wentWrong('cause-unknown', `${lead}, and the cause is not recorded`, situation),
        evidence: ['Neither its health nor a time-out is: somebody may have asked for the rollback.'],
        next: [...eventCommand(situation), ...again(upgrade)],
      };
    default:
      return {
        ...wentWrong('cause-unknown', `${lead}: ${recorded}`, situation),
        next: [...eventCommand(situation), ...again(upgrade)],
      };
  }
}

/** Timeouts leave behind the domain that was under way, failed health checks the evaluations. */
function inferredReason({ upgrade }: Situation): 'Timeout' | 'HealthCheck' | '' {
  if (upgrade.domainAtFailure) return 'Timeout';
  return upgrade.unhealthyEvaluations.length > 0 ? 'HealthCheck' : '';
}

function beforeRollout(situation: Situation, lead: string): Finding {
  const { upgrade } = situation;
  return {
    code: 'rolled-back-before-rollout',
    severity: 'error',
    what: `${lead} because somebody asked for it while the new version was still being prepared`,
    where: [],
    evidence: ['The application was never touched; times and policies are those of its last upgrade.'],
    next: again(upgrade),
  };
}
