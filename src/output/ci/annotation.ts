/** Annotations of build agents. Pure. */
import type { Explanation } from '../../platform/errors.ts';
import { truncate } from '../../platform/format.ts';
import { formatStep } from '../../platform/next-step.ts';
import { assumePrintable, type Printable } from '../../platform/printable.ts';
import { excerpt, splitTextLines } from '../../platform/report-text.ts';

/** A message that a build agent highlights. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly lines: readonly string[];
  /** The place in a file of the repository that is wrong. */
  readonly location?: Explanation['location'];
}

/** Maximum length of a title, in characters. */
const maxTitleLength = 200;

/** Creates the annotation of a result: the verdict, then its causes, then next steps with their commands. */
export function createErrorAnnotation(explanation: Explanation): Annotation {
  const { what, next = [], location } = explanation;
  const lines = [...listDetails(explanation), ...next.map(formatStep)];
  return {
    level: 'error',
    title: truncate(`sfcompose: ${what}`, maxTitleLength),
    lines: lines.length > 0 ? lines : [what],
    location,
  };
}

/** Lists the lines of an explanation between the headline and the next steps. */
export function listDetails({
  message,
  evidence = [],
  certificate = [],
  meaning,
}: Explanation): readonly string[] {
  const texts = [
    ...(message ? [excerpt(message)] : []),
    ...evidence,
    ...certificate,
    ...(meaning ? [meaning] : []),
  ];
  return texts.flatMap(splitTextLines);
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
