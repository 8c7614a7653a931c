/** Renders the first line of a screen: its subject at the left, the cluster at the right. */
import { literal, type Printable, printable } from '../platform/printable.ts';
import type { Style } from './style.ts';
import { blanks, measureWidth } from './text-width.ts';

/** Renders a title. The cluster gets a line of its own where both do not fit one. @param left painted already */
export function renderTitle(left: Printable, cluster: string, style: Style): Printable {
  const right = style.faint(printable(cluster));
  const room = style.width - measureWidth(left) - measureWidth(right);
  return room < 2 ? literal`${left}\n${right}` : literal`${left}${blanks(room)}${right}`;
}
