import { truncate } from '../../platform/format.ts';
import { assumePrintable, type Printable } from '../../platform/printable.ts';

/** A message that a build agent highlights. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly lines: readonly string[];
}

/** Maximum length of an annotation, in characters. */
const maxTextLength = 4000;

/** Shortens text to the length of an annotation. */
export function shorten(text: Printable): Printable {
  return assumePrintable(truncate(text, maxTextLength));
}

/** Escapes message text. @param percent replaces the percent sign, which begins every escape */
export function escapeData(text: Printable, percent: string): Printable {
  return assumePrintable(text.replaceAll('%', percent).replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}
