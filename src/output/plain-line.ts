/** The upgrade in one line, for logs. */

import { timeText } from '../platform/format.ts';
import { type Printable, printable, shown } from '../platform/printable.ts';

/** @param words what there is to say, as it came */
export function plainLine(words: string, time: Date): Printable {
  return shown`${printable(`${timeText(time)} ${words}`)}\n`;
}
