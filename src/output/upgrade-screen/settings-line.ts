/** The line of settings: `Monitored · rolls back if unhealthy for 10m · started 07:00:30 UTC`. */
import type { Printable } from '../../platform/printable.ts';
import { type RollingUpgradeMode, rollingUpgradeModes } from '../../upgrade/enums.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isRollback } from '../../upgrade/state.ts';
import { findStart } from '../../upgrade/times.ts';
import { describeMode } from '../../upgrade/wording.ts';
import type { Style } from '../style.ts';
import { formatClockTime } from './clock-time.ts';
import { cut } from './line.ts';
import { wrapHanging } from './prose.ts';

/** Width of a mode that only the gateway knows. */
const maxModeWidth = 24;

/** A mode that only the gateway knows does not begin a line. */
function isKnown(mode: RollingUpgradeMode): mode is (typeof rollingUpgradeModes)[number] {
  return (rollingUpgradeModes as readonly unknown[]).includes(mode);
}

/** Renders the settings that the upgrade was started with, as far as they are known. */
export function renderSettings(snapshot: UpgradeSnapshot, style: Style): readonly Printable[] {
  const { upgrade, original } = snapshot;
  // A rollback, or a failure, changes the mode.
  const { mode } = original ?? upgrade;
  const effect = describeMode(original ?? upgrade);
  const isOwn = original !== undefined || !isRollback(upgrade);
  const startedAt = findStart(snapshot);
  const now = startedAt && new Date(startedAt.getTime() + (upgrade.duration ?? 0));
  const parts = [
    ...(isOwn && mode !== undefined
      ? [isKnown(mode) ? mode : `mode ${cut(`${mode}`, maxModeWidth, style)}`]
      : []),
    ...(isOwn && effect !== undefined ? [effect] : []),
    ...(startedAt && now ? [`started ${formatClockTime(startedAt, now)} UTC`] : []),
  ];
  const text = parts.join(` ${style.glyphs.dot} `);
  return parts.length === 0 ? [] : wrapHanging(text, style.width, 2).map(style.faint);
}
