/** The bar: one scale from the start of an upgrade to its end. */
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { measureProgress, type UpgradeProgress } from '../../upgrade/domain-progress.ts';
import { estimateTimeLeft } from '../../upgrade/findings/time-left.ts';
import type { Mood } from '../../upgrade/headline.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isRollback } from '../../upgrade/state.ts';
import type { Style } from '../style.ts';
import { cut } from './line.ts';
import { selectPaint } from './paint.ts';
import { formatRange } from './range.ts';

/** Columns for the percentage and the estimate. A narrow screen shows only the percentage. */
const estimateWidth = 26;
const percentWidth = 6;
const minBarWidth = 20;
const maxBarWidth = 60;

/** Renders the bar with its percentage and the time that is left; empty if the progress is unknown. */
export function renderBar(snapshot: UpgradeSnapshot, mood: Mood, style: Style): Printable {
  const progress = measureProgress(snapshot);
  if (progress === undefined) return literal``;
  const roomy = style.width - estimateWidth;
  const width = Math.min(maxBarWidth, roomy < minBarWidth ? style.width - percentWidth : roomy);
  const cells = drawBar(progress, isRollback(snapshot.upgrade), width, mood, style);
  const percent = `${Math.floor(100 * progress.share + 1e-9)}%`.padStart(4);
  const estimate = roomy < minBarWidth ? undefined : estimateTimeLeft(snapshot);
  const left = estimate ? `  ${formatRange(estimate, style)} left` : '';
  return literal`${cells}  ${printable(percent)}${style.faint(cut(left, estimateWidth - percentWidth, style))}`;
}

/** Draws the bar alone. */
export function drawBar(
  progress: UpgradeProgress,
  isBack: boolean,
  width: number,
  mood: Mood,
  style: Style,
): Printable {
  return isBack ? drawRollback(progress, width, style) : drawForward(progress, width, mood, style);
}

function drawForward({ share, next }: UpgradeProgress, width: number, mood: Mood, style: Style): Printable {
  const { full, current, empty } = style.glyphs;
  const done = Math.round(width * share);
  // What is under way has at least one cell.
  const reached = Math.min(width, Math.max(done + 1, Math.round(width * next)));
  return literal`${style.good(repeat(full, done))}${selectPaint(mood, style)(repeat(current, reached - done))}${style.faint(repeat(empty, width - reached))}`;
}

/** Draws what still has the new version, what is taken back now, and what was taken back. */
function drawRollback({ share, next, reached }: UpgradeProgress, width: number, style: Style): Printable {
  const { full, current, empty, undone } = style.glyphs;
  const toCells = (part: number) => Math.round(width * part);
  const [kept, now, most] = [toCells(next), toCells(share), toCells(reached)];
  const parts = [
    style.bad(repeat(full, kept)),
    style.bad(repeat(current, now - kept)),
    style.faint(repeat(undone, most - now)),
    style.faint(repeat(empty, width - most)),
  ] as const;
  return literal`${parts[0]}${parts[1]}${parts[2]}${parts[3]}`;
}

function repeat(cell: Printable, count: number): Printable {
  return printable(cell.repeat(Math.max(0, count)));
}
