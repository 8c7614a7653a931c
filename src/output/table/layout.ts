/** Rows of a label and lines, drawn as a table that fits the width. */
import Table, { type TableConstructorOptions } from 'cli-table3';
import stringWidth from 'fast-string-width';
import { wrapAnsi } from 'fast-wrap-ansi';
import { formatCount } from '../../platform/format.ts';
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import { type Paint, paintNothing, type Style } from '../style.ts';

export interface Row {
  readonly label: string;
  readonly lines: readonly Line[];
}

/** A line of text in one or several colours, which are applied after wrapping. */
export type Line = Printable | readonly Span[];

interface Span {
  readonly text: Printable;
  readonly paint: Paint;
}

/** Makes a line in one colour. */
export function paintText(text: Printable, paint: Paint): readonly Span[] {
  return [{ text, paint }];
}

/** How much of a table is shown. */
export interface Limit {
  /** Lines at most. */
  readonly lines: number;
  /** Completes "… 5 more lines". */
  readonly hint: string;
  /** Labels of rows that go before any is cut, the least important first. */
  readonly expendable?: readonly string[];
}

/** What a table prints at most without `--full`. */
const printed: Limit = { lines: 200, hint: '; --full shows all' };
/** With `--full`. No document of a runtime comes near it. */
const printedInFull: Limit = { lines: 20_000, hint: '; -o json has all' };

export function selectLimit(full: boolean): Limit {
  return full ? printedInFull : printed;
}

/** Below this width borders and two columns leave no room to read. */
const narrow = 40;

export function renderRows(given: readonly Row[], style: Style, limit: Limit): Printable {
  const labelWidth = Math.max(...given.map((row) => row.label.length));
  const stacked = style.width < narrow;
  const valueWidth = Math.max(10, stacked ? style.width - 2 : style.width - labelWidth - 7);
  const most = Math.max(1, limit.lines - 3);
  const all = given.map((row) => ({ ...row, ...wrapLines(row.lines, valueWidth, most) }));
  const rows = withoutExpendable(all, limit.expendable ?? [], most);
  const cut = limitCells(
    rows.map(({ wrapped }) => wrapped),
    most,
  );
  const cells = rows.map(({ lines, wrapped, unwrapped }) => {
    const shown = wrapped.slice(0, cut);
    const left = wrapped.length - shown.length + unwrapped;
    const isBroken = wrapped.length > lines.length - unwrapped;
    const atLeast = isBroken && unwrapped > 0 ? 'at least ' : '';
    return left > 0
      ? [...shown, style.faint(printable(`… ${atLeast}${formatCount(left, 'more line')}${limit.hint}`))]
      : shown;
  });
  return stacked ? stackRows(rows, cells, style) : drawRows(rows, cells, style, valueWidth);
}

interface Wrapped {
  readonly wrapped: readonly Printable[];
  /** How many lines are left as they were: far more than is shown need not be wrapped at all. */
  readonly unwrapped: number;
}

type WrappedRow = Row & Wrapped;

function wrapLines(lines: readonly Line[], width: number, most: number): Wrapped {
  const wrapped: Printable[] = [];
  for (const [index, line] of lines.entries()) {
    if (wrapped.length > most) return { wrapped, unwrapped: lines.length - index };
    wrapped.push(...wrapLine(line, width));
  }
  return { wrapped, unwrapped: 0 };
}

/** On a small screen whole rows are given up for those that matter more. */
function withoutExpendable(
  rows: readonly WrappedRow[],
  labels: readonly string[],
  most: number,
): readonly WrappedRow[] {
  const [first, ...others] = labels;
  const height = rows.reduce((sum, { wrapped }) => sum + wrapped.length, 0);
  if (first === undefined || height <= most) return rows;
  return withoutExpendable(
    rows.filter(({ label }) => label !== first),
    others,
    most,
  );
}

/** Lines that continue stand a little deeper than the one they continue, so that lists and trees stay readable. */
function wrapLine(line: Line, width: number): readonly Printable[] {
  const spans = typeof line === 'string' ? paintText(line, paintNothing) : line;
  const whole = spans.map(({ text }) => text).join('');
  const indent = /^ */.exec(whole)?.[0] ?? '';
  const text = assumePrintable(whole.slice(indent.length));
  const room = width - indent.length;
  const isOne = stringWidth(text) <= room;
  let at = indent.length;
  return (isOne ? [text] : breakText(text, Math.max(8, room - 2))).map((part, index) => {
    const start = whole.indexOf(part, at);
    at = start + part.length;
    return literal`${assumePrintable(indent + (index === 0 ? '' : '  '))}${paintSpans(spans, start, at)}`;
  });
}

/** Colours the part of the spans from one offset up to another. */
function paintSpans(spans: readonly Span[], from: number, to: number): Printable {
  let at = 0;
  const parts = spans.map(({ text, paint }) => {
    const part = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    at += text.length;
    return part && paint(assumePrintable(part));
  });
  return assumePrintable(parts.join(''));
}

/** @returns the rows that a terminal makes of a line that is too long for it */
export function breakLine(line: Printable, width: number): readonly Printable[] {
  return wrapAnsi(line, width, { hard: true, wordWrap: false, trim: false }).split('\n').map(assumePrintable);
}

/** As much of a line as fits the width. */
export function cutText(text: Printable, width: number): Printable {
  // Drawn with each frame: however long the text, no more of it is looked at than could ever fit.
  const start = assumePrintable(text.slice(0, 4 * width));
  const [whole = literal``, ...more] = breakLine(start, width);
  return more.length === 0 ? whole : literal`${breakLine(start, width - 1)[0] ?? whole}…`;
}

/** Breaks a text into lines. The library breaks a word before the marks of its last letter: they stay with that. */
export function breakText(text: Printable, width: number): readonly Printable[] {
  return wrapAnsi(text, width, { hard: true })
    .replace(/\n(\p{M}+)/gu, '$1\n')
    .split('\n')
    .map(assumePrintable);
}

/** The number of lines to leave each row so that all fit: only the longest are cut. */
function limitCells(cells: readonly (readonly Printable[])[], most: number): number {
  const lengths = cells.map((lines) => lines.length).sort((a, b) => a - b);
  let room = most;
  for (const [index, length] of lengths.entries()) {
    const share = Math.floor(room / (lengths.length - index));
    if (length > share) return Math.max(1, share - 1);
    room -= length;
  }
  return Number.POSITIVE_INFINITY;
}

function drawRows(
  rows: readonly Row[],
  cells: readonly (readonly Printable[])[],
  style: Style,
  width: number,
): Printable {
  // A table row for every line: one cell of many lines costs the square of their number.
  const drawn = rows.flatMap(({ label }, index) =>
    (cells[index] ?? []).map((line, at) => [at === 0 ? style.strong(printable(label)) : literal``, line]),
  );
  return drawTable(drawn, {
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colWidths: [Math.max(...rows.map(({ label }) => label.length)) + 2, width + 2],
  });
}

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

/**
 * Draws a table. cli-table3 gets placeholders of the right width, which are replaced by the lines afterwards: its own
 * measure differs for many letters, so that it would cut them off, and takes quadratic time.
 */
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

/** @param cells the lines of each row, which fit */
function stackRows(rows: readonly Row[], cells: readonly (readonly Printable[])[], style: Style): Printable {
  const stacked = rows.flatMap(({ label }, index) => [
    style.strong(printable(label)),
    ...(cells[index] ?? []).map((line) => literal`│ ${line}`),
  ]);
  return joinLines(stacked);
}
