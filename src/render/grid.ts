/** Rows of cells under a head, drawn as a table that fits the width. */
import Table from 'cli-table3';
import { counted, type Printable, printable, shown, stillPrintable } from '../text.ts';
import { limitFor, stack, wrap } from './layout.ts';
import type { Style } from './style.ts';

/** The narrowest column in which anything can be read, its title included. */
const narrowest = 11;

/** Where there is no room for columns the cells of a row stand one below the other, under the first of them. */
export function grid(
  head: readonly Printable[],
  rows: readonly (readonly Printable[])[],
  style: Style,
): Printable {
  const room = style.width - 3 * head.length - 1;
  const widths = room < narrowest * head.length ? undefined : widthsOf([head, ...rows], room);
  const limit = limitFor(true);
  const wrapped: (readonly (readonly Printable[])[])[] = [];
  let lines = 0;
  for (const cells of rows) {
    if (lines >= limit.lines) break;
    const columns = cells.map((cell, column) => wrap(cell, widths?.[column] ?? style.width - 2));
    lines += Math.max(...columns.map(({ length }) => length));
    wrapped.push(columns);
  }
  const table = widths ? draw(head, wrapped, widths, style) : stacked(rows, wrapped, style);
  const left = rows.length - wrapped.length;
  return left > 0
    ? shown`${table}\n… ${printable(counted(left, 'more row'))}${printable(limit.hint)}`
    : table;
}

function draw(
  head: readonly Printable[],
  rows: readonly (readonly (readonly Printable[])[])[],
  widths: readonly number[],
  style: Style,
): Printable {
  const table = new Table({
    head: head.map(style.strong),
    // cli-table3 colours its head and borders by itself, even into a pipe.
    style: { head: [], border: [], compact: true },
    colWidths: widths.map((width) => width + 2),
  });
  for (const columns of rows) {
    const height = Math.max(...columns.map(({ length }) => length));
    for (let at = 0; at < height; at++) table.push(columns.map((lines) => lines[at] ?? ''));
  }
  return stillPrintable(table.toString());
}

function stacked(
  rows: readonly (readonly Printable[])[],
  wrapped: readonly (readonly (readonly Printable[])[])[],
  style: Style,
): Printable {
  const labels = rows.slice(0, wrapped.length).map(([label = '']) => ({ label }));
  return stack(
    labels,
    wrapped.map(([, ...cells]) => cells.flat().filter((line) => line !== '')),
    style,
  );
}

/** Of the room that there is each column takes as much as it needs, and those that are too wide share what is left. */
function widthsOf(rows: readonly (readonly Printable[])[], room: number): readonly number[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), narrowest),
  );
  let left = room;
  const byWidth = [...widths.entries()].sort(([, a], [, b]) => a - b);
  for (const [place, [column, wanted]] of byWidth.entries()) {
    const width = Math.min(wanted, Math.floor(left / (widths.length - place)));
    widths[column] = width;
    left -= width;
  }
  return widths;
}
