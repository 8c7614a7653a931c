/** The first lines of the screen: what it is about, and how it stands. */
import { formatDuration, formatElapsed } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { type Ending, findVersions, type Headline } from '../../upgrade/headline.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../../upgrade/state.ts';
import type { Style } from '../style.ts';
import { measureWidth } from '../text-width.ts';
import { renderTitle } from '../title.ts';
import { cut, cutVersion, justify, splitLines } from './line.ts';
import { renderGlyph, selectPaint } from './paint.ts';

/** Renders the title: `web  v1 → v2`, and the cluster. */
export function renderUpgradeTitle(
  snapshot: UpgradeSnapshot,
  cluster: string,
  style: Style,
): readonly Printable[] {
  const { deployment } = snapshot.upgrade;
  const versions = isNeverUpgraded(snapshot.upgrade) ? literal`` : renderVersions(snapshot, style);
  const room = style.width - measureWidth(versions);
  const left = literal`${style.strong(cut(deployment, room, style))}${versions}`;
  return splitLines(renderTitle(left, cutClusterName(cluster, style), style));
}

function cutClusterName(cluster: string, style: Style): Printable {
  return cut(cluster, style.width, style);
}

function renderVersions(snapshot: UpgradeSnapshot, style: Style): Printable {
  const { from, to } = findVersions(snapshot);
  if (to === undefined) return literal``;
  return from === undefined
    ? literal`  ${cutVersion(to, style)}`
    : literal`  ${cutVersion(from, style)} ${style.glyphs.arrow} ${cutVersion(to, style)}`;
}

/** Renders the state, with the domain, and at the right the time: `4m 12s of 2h`. */
export function renderState(
  { mood, words, domain }: Headline,
  { upgrade }: UpgradeSnapshot,
  style: Style,
): Printable {
  const state = cut(words, style.width - 2, style);
  const left = literal`${renderGlyph(mood, style)} ${selectPaint(mood, style)(state)}`;
  const { duration = 0, mode, monitoringPolicy } = upgrade;
  // Only monitored upgrades have a timeout.
  const limit = mode === 'Monitored' ? monitoringPolicy?.upgradeTimeout : undefined;
  const time = duration > 0 ? formatElapsed(duration) : '';
  const place = domain === undefined ? literal`` : literal`   ${printable(domain)}`;
  const room = style.width - measureWidth(left);
  // The domain matters more than the limit, and the limit more than the time: the current domain's row has one, too.
  const whole = time && limit !== undefined && limit > 0 ? `${time} of ${formatDuration(limit)}` : time;
  const right = [whole, time].find((text) => measureWidth(place) + text.length + 2 <= room) ?? '';
  const fitted = measureWidth(place) > room ? cut(place, room, style) : place;
  return justify(literal`${left}${fitted}`, style.faint(printable(right)), style.width);
}

/** Renders how the upgrade ended, and the cluster. */
export function renderEnding({ mood, words }: Ending, cluster: string, style: Style): readonly Printable[] {
  const sentence = cut(words, style.width - 2, style);
  const title = literal`${renderGlyph(mood, style)} ${selectPaint(mood, style)(sentence)}`;
  return splitLines(renderTitle(title, cutClusterName(cluster, style), style));
}
