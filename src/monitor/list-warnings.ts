/** Lists warnings about successes. Pure. */
import { formatList } from '../platform/format.ts';
import { removeDuplicates } from '../platform/next-step.ts';
import type { Warning } from '../platform/result.ts';
import { collectFindings } from '../upgrade/findings/collect.ts';
import { isAbout } from '../upgrade/findings/finding.ts';
import type { UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { getCurrentSnapshot, type WatchStatus } from './status.ts';
import { nameTarget } from './target.ts';

/** Deployments that a warning names, and whose commands it has. */
const maxDeployments = 5;

/** Lists what the successes leave open: whether this was the right upgrade, and whether its health was checked. */
export function listWarnings(statuses: readonly WatchStatus[]): readonly Warning[] {
  return [...warnOfEarlierEnds(statuses), ...warnOfUncheckedHealth(statuses)];
}

function warnOfEarlierEnds(statuses: readonly WatchStatus[]): readonly Warning[] {
  const advice = 'This may be the previous upgrade; wait for a specific version with --expect-version.';
  return statuses.flatMap((status) =>
    status.remark !== undefined && status.outcome === 'completed'
      ? [{ what: `${nameTarget(status)}: ${status.remark}. ${advice}`, next: [], isOnScreen: false }]
      : [],
  );
}

function warnOfUncheckedHealth(statuses: readonly WatchStatus[]): readonly Warning[] {
  const unchecked = statuses.flatMap((status) => {
    const snapshot = status.outcome === 'completed' ? getCurrentSnapshot(status) : undefined;
    const finding = snapshot && listNotes(snapshot).find(({ code }) => code === 'health-unchecked');
    return finding ? [{ name: nameTarget(status), finding }] : [];
  });
  const whats = [...new Set(unchecked.map(({ finding }) => finding.what))];
  return whats.map((what) => {
    const own = unchecked.filter(({ finding }) => finding.what === what);
    const names = own.map(({ name }) => name);
    return {
      what: `${formatList(names, maxDeployments)}: ${what}.`,
      next: removeDuplicates(own.slice(0, maxDeployments).flatMap(({ finding }) => finding.next)),
      isOnScreen: true,
    };
  });
}

/** Lists the notes on an upgrade that deserve attention. */
export function listNotes(snapshot: UpgradeSnapshot) {
  return collectFindings(snapshot).filter((one) => isAbout('note', one) && one.severity === 'warning');
}
