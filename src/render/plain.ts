/** The upgrade in one line, for logs. */
import { printable, timeText } from '../text.ts';

/** @param words what there is to say, as it came */
export function plainLine(words: string, time: Date): string {
  return `${printable(`${timeText(time)} ${words}`)}\n`;
}
