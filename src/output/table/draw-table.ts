/** Draws tables with cli-table3. */
import Table, { type TableConstructorOptions } from 'cli-table3';
import stringWidth from 'fast-string-width';
import { assumePrintable, joinLines, type Printable } from '../../platform/printable.ts';

/** A cell of one line that fits its column or columns. */
export type Cell = Printable | { readonly content: Printable; readonly colSpan: number };

/** Options of cli-table3. Column widths include a blank on each side. */
interface TableOptions extends TableConstructorOptions {
  readonly colWidths: number[];
}

/** Rows drawn in one call of cli-table3, whose time grows with the square of their number. */
const maxSliceRows = 1000;

const noTop = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '' };
const noBottom = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' };

/** Draws a table of lines that fit their columns. */
export function drawTable(
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
  head: readonly Printable[] = [],
): Printable {
  const count = Math.max(1, Math.ceil(rows.length / maxSliceRows));
  const slices = Array.from({ length: count }, (_, index) => {
    const slice = rows.slice(index * maxSliceRows, (index + 1) * maxSliceRows);
    const isFirst = index === 0;
    const isLast = index === count - 1;
    const chars = { ...options.chars, ...(isFirst ? {} : noTop), ...(isLast ? {} : noBottom) };
    return drawSlice(slice, { ...options, chars }, isFirst ? head : []);
  });
  return joinLines(slices);
}

/**
 * Draws some rows with placeholders of the right width, and replaces these by the lines. cli-table3 itself mismeasures
 * many letters, so that it would cut lines off, and takes quadratic time.
 */
function drawSlice(
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
  head: readonly Printable[],
): Printable {
  const lines: Printable[] = [];
  const placeholder = (line: Printable) => {
    const width = stringWidth(line);
    if (width > 0) lines.push(line);
    return 'x'.repeat(width);
  };
  const table = new Table({
    ...options,
    colWidths: [...options.colWidths],
    head: head.map(placeholder),
    // cli-table3 colours its head and borders by itself, even into a pipe.
    style: { ...options.style, head: [], border: [] },
  });
  for (const row of rows)
    table.push(
      row.map((cell) =>
        typeof cell === 'string'
          ? placeholder(cell)
          : { colSpan: cell.colSpan, content: placeholder(cell.content) },
      ),
    );
  let next = 0;
  return assumePrintable(table.toString().replace(/x+/g, () => lines[next++] ?? ''));
}
