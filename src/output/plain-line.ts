/** Renders one line for logs. */
import { formatTime } from '../platform/format.ts';
import { literal, type Printable, printable } from '../platform/printable.ts';

/** @param words may come from the cluster */
export function renderPlainLine(words: string, time: Date): Printable {
  return literal`${printable(`${formatTime(time)} ${words}`)}\n`;
}
