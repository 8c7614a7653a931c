/** Renders a past upgrade as one line, for logs. */
import { formatDuration, formatTime } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { PastUpgrade } from '../../upgrade/past-upgrade.ts';
import {
  describeExits,
  describePastDomains,
  describePastReason,
  describePastResult,
  foldExits,
} from '../../upgrade/past-upgrade-wording.ts';

/** Renders the time of the start, or a dash, and everything that is known of the upgrade. */
export function renderPastUpgradeLine(deployment: string, upgrade: PastUpgrade): Printable {
  const { from, to, startedAt, endedAt, took, forward, back, exits } = upgrade;
  const versions = [from && ` from ${from}`, to && ` to ${to}`].filter(Boolean).join('');
  const elapsed = took === undefined ? '' : ` in ${formatDuration(took)}`;
  const parts = [
    describePastResult(upgrade) + elapsed + (endedAt ? `, ended ${formatTime(endedAt)}` : ''),
    describePastReason(upgrade),
    describePastDomains(forward, Infinity),
    back.length > 0 ? `back: ${describePastDomains(back, Infinity)}` : '',
    ...foldExits(exits).map(describeExits),
  ].filter(Boolean);
  const time = startedAt ? formatTime(startedAt) : '-';
  return literal`${printable(`${time} ${deployment}${versions}: ${parts.join('; ')}`)}\n`;
}
