/** What holds for every upgrade that went wrong: when that was, what the application says, and what comes next. */
import type { Situation } from '../situation.ts';
import { timeText } from '../text.ts';
import { hasEnded, isRollback, type Upgrade } from '../upgrade.ts';
import * as commands from './commands.ts';
import type { Finding, FindingCode } from './finding.ts';

export function wentWrong(code: FindingCode, what: string, situation: Situation): Finding {
  return { code, severity: 'error', what, where: [], evidence: whenFailed(situation), next: [] };
}

export function whenFailed({ upgrade, application }: Situation): readonly string[] {
  const failedAt = upgrade.failedAt ?? application?.failedAt;
  const said = application?.statusDetails ? [`The application says: ${application.statusDetails}`] : [];
  return [...(failedAt ? [`That was at ${timeText(failedAt)}.`] : []), ...said];
}

/** From the beginning to a minute after the failure. */
export function eventCommand({ upgrade, application }: Situation): readonly string[] {
  const from = upgrade.startedAt ?? application?.startedAt;
  const to = upgrade.failedAt ?? application?.failedAt;
  if (from === undefined || to === undefined) return [];
  return [`See what happened: ${commands.events(upgrade, from, new Date(to.getTime() + 60_000))}`];
}

export function again(upgrade: Upgrade): readonly string[] {
  return isRollback(upgrade) && !hasEnded(upgrade)
    ? []
    : [`Upgrade again when that is mended: ${commands.startUpgrade(upgrade)}`];
}
