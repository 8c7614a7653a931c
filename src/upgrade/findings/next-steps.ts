/** What holds for every upgrade that went wrong: when that was, what the application says, and what comes next. */
import { timeText } from '../../platform/format.ts';
import type { Situation } from '../snapshot.ts';
import { hasEnded } from '../state.ts';
import type { Finding } from './finding.ts';
import * as commands from './sfctl-commands.ts';
import { startUpgrade } from './sfctl-upgrade.ts';

/** With the time of the failure, and what the application says of it. */
export function dated(finding: Finding, { upgrade, application }: Situation): Finding {
  const failedAt = upgrade.failedAt ?? application?.failedAt;
  const when = failedAt ? [`That was at ${timeText(failedAt)}.`] : [];
  const said = application?.statusDetails ? [`The application says: ${application.statusDetails}`] : [];
  return { ...finding, evidence: [...finding.evidence, ...when, ...said] };
}

/** From the beginning to a minute after the failure. */
export function eventCommand({ upgrade, application }: Situation): readonly string[] {
  const from = upgrade.startedAt ?? application?.startedAt;
  const to = upgrade.failedAt ?? application?.failedAt;
  if (from === undefined || to === undefined) return [];
  return [`See what happened: ${commands.events(upgrade, from, new Date(to.getTime() + 60_000))}`];
}

/** Not before it has ended. */
export function again(situation: Situation): readonly string[] {
  if (!hasEnded(situation.upgrade)) return [];
  return [`Upgrade again when that is mended: ${startUpgrade(situation)}`];
}
