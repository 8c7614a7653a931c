import { truncate } from '../../platform/format.ts';
import { assumePrintable, type Printable } from '../../platform/printable.ts';

/** What to point out in the log of a build. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly lines: readonly string[];
}

/** Characters of one annotation at most. */
const maxTextLength = 4000;

/** As much as an annotation takes. */
export function shorten(text: Printable): Printable {
  return assumePrintable(truncate(text, maxTextLength));
}

/** @param percent what stands for a percent sign, which begins each escape */
export function escapeData(text: Printable, percent: string): Printable {
  return assumePrintable(text.replaceAll('%', percent).replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}
