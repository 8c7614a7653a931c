/** Lays out help in lines: paragraphs, and lists of terms with their descriptions. */
import { Help } from '@commander-js/extra-typings';

/** A term and its description. */
export type Entry = readonly [term: string, description: string];

/** Longest term that has its description beside it, in columns: others have it below. */
const maxTermWidth = 32;

/** Narrowest description, in columns: with less room it stands below its term. */
const minDescriptionWidth = 30;

const help = Object.assign(new Help(), { minWidthToWrap: 1 });

/** Wraps a paragraph. */
export function renderParagraph(text: string, width: number): readonly string[] {
  return help.boxWrap(text, width).split('\n');
}

/** Renders a heading, and entries in two columns. */
export function renderEntries(heading: string, entries: readonly Entry[], width: number): readonly string[] {
  return [heading, ...renderColumns(entries, measureTerms(entries), width)];
}

/** Measures the column of the terms. */
export function measureTerms(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.map(([{ length }]) => length).filter((length) => length <= maxTermWidth));
}

/** Renders entries in two columns. @param termWidth columns of the terms */
export function renderColumns(
  entries: readonly Entry[],
  termWidth: number,
  width: number,
): readonly string[] {
  const isNarrow = width - termWidth - 4 < minDescriptionWidth;
  const indent = isNarrow ? 10 : termWidth + 4;
  return entries.flatMap(([term, description]) => {
    const lines = renderParagraph(description, Math.max(width - indent, minDescriptionWidth));
    const isBeside = !isNarrow && term.length <= termWidth;
    const head = `  ${term.padEnd(termWidth)}  ${isBeside ? (lines[0] ?? '') : ''}`.trimEnd();
    return [head, ...lines.slice(isBeside ? 1 : 0).map((line) => ' '.repeat(indent) + line)];
  });
}
