import { beginning } from '../../platform/format.ts';
import { type Printable, stillPrintable } from '../../platform/printable.ts';

/** What to point out in the log of a build. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly lines: readonly string[];
}

/** Characters of one annotation at most. */
const mostText = 4000;

/** As much as an annotation takes. */
export function shortened(text: Printable): Printable {
  return stillPrintable(beginning(text, mostText));
}

/** @param percent what stands for a percent sign, which begins each escape */
export function escapedData(text: Printable, percent: string): Printable {
  return stillPrintable(text.replaceAll('%', percent).replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}
