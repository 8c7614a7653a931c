/** The upgrade in one line, for logs. */

import { formatTime } from '../platform/format.ts';
import { literal, type Printable, printable } from '../platform/printable.ts';

/** @param words what there is to say, as it came */
export function renderPlainLine(words: string, time: Date): Printable {
  return literal`${printable(`${formatTime(time)} ${words}`)}\n`;
}
