import { type Printable, stillPrintable } from '../text.ts';

/** What to point out in the log of a build. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly lines: readonly string[];
}

/** Characters of one annotation at most. */
const mostText = 4000;

/** As much as an annotation takes, with no half of a character at its end. */
export function shortened(text: Printable): Printable {
  return stillPrintable(text.slice(0, mostText).replace(/\p{Cs}$/u, ''));
}
