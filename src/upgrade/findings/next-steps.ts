/** What holds for every upgrade that went wrong: when that was, what the application says, and what comes next. */
import { formatTime } from '../../platform/format.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded } from '../state.ts';
import type { Finding } from './finding.ts';
import * as commands from './sfctl-commands.ts';
import { buildUpgrade } from './sfctl-upgrade.ts';

/** With the time of the failure, and what the application says of it. */
export function withFailureTime(finding: Finding, { upgrade, application }: UpgradeSnapshot): Finding {
  const failedAt = upgrade.failedAt ?? application?.failedAt;
  const when = failedAt ? [`That was at ${formatTime(failedAt)}.`] : [];
  const said = application?.statusDetails ? [`The application says: ${application.statusDetails}`] : [];
  return { ...finding, evidence: [...finding.evidence, ...when, ...said] };
}

/** From the beginning to a minute after the failure. */
export function suggestEvents({ upgrade, application }: UpgradeSnapshot): readonly string[] {
  const from = upgrade.startedAt ?? application?.startedAt;
  const to = upgrade.failedAt ?? application?.failedAt;
  if (from === undefined || to === undefined) return [];
  return [`See what happened: ${commands.buildEventList(upgrade, from, new Date(to.getTime() + 60_000))}`];
}

/** Not before it has ended. */
export function suggestUpgrade(snapshot: UpgradeSnapshot): readonly string[] {
  if (!hasEnded(snapshot.upgrade)) return [];
  return [`Upgrade again when that is mended: ${buildUpgrade(snapshot)}`];
}
