/** Rows of cells under a head, drawn as a table that fits the width. */
import Table from 'cli-table3';
import { type Printable, stillPrintable } from '../text.ts';
import { wrap } from './layout.ts';
import type { Style } from './style.ts';

/** @param rows cells without what colours them */
export function grid(
  head: readonly Printable[],
  rows: readonly (readonly Printable[])[],
  style: Style,
): Printable {
  const natural = head.map((title, column) =>
    rows.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), title.length),
  );
  const widths = shared(natural, style.width - 3 * head.length - 1);
  const table = new Table({
    // cli-table3 colours its head and borders by itself, even into a pipe.
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colWidths: widths.map((width) => width + 2),
  });
  for (const [index, cells] of [head, ...rows].entries()) {
    const columns = cells.map((cell, column) => wrap(cell, widths[column] ?? 0));
    const height = Math.max(...columns.map((lines) => lines.length));
    for (let at = 0; at < height; at++) {
      const line = columns.map((lines) => lines[at] ?? stillPrintable(''));
      table.push(index === 0 ? line.map(style.strong) : line);
    }
  }
  return stillPrintable(table.toString());
}

/** The narrowest in which anything can be read. */
const narrowest = 8;

/** Of the room that there is each takes as much as it needs, and what is too wide shares what is left. */
function shared(natural: readonly number[], room: number): readonly number[] {
  let left = room;
  const widths = [...natural];
  const byWidth = [...natural.entries()].sort(([, a], [, b]) => a - b);
  for (const [place, [column, wanted]] of byWidth.entries()) {
    const width = Math.min(wanted, Math.max(narrowest, Math.floor(left / (natural.length - place))));
    widths[column] = width;
    left -= width;
  }
  return widths;
}
