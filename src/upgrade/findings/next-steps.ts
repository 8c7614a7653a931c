/** Parts of findings that several causes share: the time of the failure, and next steps. */
import { formatTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isRollback } from '../state.ts';
import type { Finding } from './finding.ts';
import * as commands from './sfctl-commands.ts';
import { buildUpgrade } from './sfctl-upgrade.ts';

/** Adds the time of the failure, and the application's comment on it, to the evidence of a finding. */
export function withFailureTime(finding: Finding, { upgrade, application }: UpgradeSnapshot): Finding {
  const failedAt = upgrade.failedAt ?? application?.failedAt;
  const when = failedAt ? [`That was at ${formatTime(failedAt)}.`] : [];
  const comment = application?.statusDetails ? [`The application says: ${application.statusDetails}`] : [];
  return { ...finding, evidence: [...finding.evidence, ...when, ...comment] };
}

/** Suggests the events from the start of the upgrade to a minute after its failure. */
export function suggestEvents({ upgrade, application }: UpgradeSnapshot): readonly NextStep[] {
  const from = upgrade.startedAt ?? application?.startedAt;
  const to = upgrade.failedAt ?? application?.failedAt;
  if (from === undefined || to === undefined) return [];
  return [
    {
      what: 'See what happened',
      command: commands.buildEventList(upgrade, from, new Date(to.getTime() + 60_000)),
    },
  ];
}

/** Suggests another upgrade once this one has ended. */
export function suggestUpgrade(snapshot: UpgradeSnapshot): readonly NextStep[] {
  if (!hasEnded(snapshot.upgrade)) return [];
  return [{ what: 'Upgrade again when that is mended', command: buildUpgrade(snapshot) }];
}

/** Suggests a rollback, unless one has begun: it cannot be turned round. */
export function suggestRollback(upgrade: Upgrade): readonly NextStep[] {
  return isRollback(upgrade) ? [] : [{ what: 'To roll it back', command: commands.buildRollback(upgrade) }];
}
