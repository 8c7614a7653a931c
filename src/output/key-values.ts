/** Renders facts as a table of keys and values. */

import { joinLines, literal, type Printable } from '../platform/printable.ts';
import { type Paint, paintNothing, type Style } from './style.ts';
import { drawTable } from './table/draw-table.ts';
import { breakText } from './table/wrap.ts';
import { measureWidth } from './text-width.ts';

/** A fact. */
export interface KeyValue {
  readonly key: Printable;
  /** Lines, which are wrapped; without any the fact is left out. */
  readonly lines: readonly Printable[];
  /** Whether lines are printed as they are, ready to copy. */
  readonly isVerbatim?: boolean;
  readonly paint?: Paint | undefined;
  /** Source of the value, in a column of its own. */
  readonly source?: Printable | undefined;
}

const gap = 2;
const indent = 2;

/** Renders the facts, one below the other. @param minKeyWidth aligns the values of several tables */
export function renderKeyValues(
  facts: readonly KeyValue[],
  style: Style,
  minKeyWidth = 0,
): readonly Printable[] {
  const present = facts.filter(({ lines }) => lines.length > 0);
  const keyWidth = Math.max(minKeyWidth, measureKeys(facts));
  const sourceWidth = measure(present.flatMap(({ source }) => source ?? []));
  const others = indent + keyWidth + gap + (sourceWidth > 0 ? gap + sourceWidth : 0);
  const isRoomy = style.width - others >= minValueWidth;
  const valueRoom = Math.max(1, isRoomy ? style.width - others : style.width - indent - keyWidth - gap);
  const rows = present.flatMap(({ key, lines, isVerbatim, paint = paintNothing, source }) => {
    const values = isVerbatim ? lines : lines.flatMap((line) => breakText(line, valueRoom));
    const below = source && !isRoomy ? breakText(literal`(${source})`, valueRoom) : [];
    return [...values.map(paint), ...below.map(style.faint)].map((value, index) => [
      index === 0 ? key : literal``,
      value,
      index === 0 && source && isRoomy ? style.faint(source) : literal``,
    ]);
  });
  const valueWidth = measure(rows.map(([, value = literal``]) => value));
  const layout = { widths: [keyWidth, valueWidth, Math.max(1, sourceWidth)], gap, indent };
  return drawTable(rows, layout);
}

/** Measures the widest key of the facts that are present. */
export function measureKeys(facts: readonly KeyValue[]): number {
  return measure(facts.flatMap(({ key, lines }) => (lines.length > 0 ? [key] : [])));
}

/** Minimum width of a value with its source beside it; below that, the source goes on the next line. */
const minValueWidth = 30;

function measure(cells: readonly Printable[]): number {
  return cells.reduce((max, cell) => Math.max(max, measureWidth(cell)), 0);
}

/** Joins blocks of lines with an empty line between two, and a line break at the end. */
export function joinBlocks(blocks: readonly (readonly Printable[])[]): Printable {
  const texts = blocks.filter((block) => block.length > 0).map(joinLines);
  return literal`${joinLines(texts.flatMap((text, index) => (index === 0 ? [text] : [literal``, text])))}\n`;
}
