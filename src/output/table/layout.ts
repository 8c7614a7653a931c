/** Lays out rows of a label and lines as a table that fits the width. */
import stringWidth from 'fast-string-width';
import { formatCount } from '../../platform/format.ts';
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import { type Paint, paintNothing, type Style } from '../style.ts';
import { drawTable } from './draw-table.ts';
import { breakText } from './wrap.ts';

/** A row of the table. */
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

/** Creates a line in one colour. */
export function paintText(text: Printable, paint: Paint): readonly Span[] {
  return [{ text, paint }];
}

/** How much of a table is printed. */
export interface Limit {
  /** Maximum of lines. */
  readonly lines: number;
  /** Completes "… 5 more lines". */
  readonly hint: string;
  /** Labels of rows that are left out before any row is cut, the least important first. */
  readonly expendable?: readonly string[];
}

/** Limit without `--full`. */
const defaultLimit: Limit = { lines: 200, hint: '; --full shows all' };

/** Limit with `--full`. No document of a runtime comes near it. */
const fullLimit: Limit = { lines: 20_000, hint: '; -o json has all' };

/** Selects how much of a table is printed. */
export function selectLimit(full: boolean): Limit {
  return full ? fullLimit : defaultLimit;
}

/** Width below which borders and two columns leave no room to read. */
const minTableWidth = 40;

/** Lays out the rows: as a table, or one below the other on a narrow screen. */
export function renderRows(rows: readonly Row[], style: Style, limit: Limit): Printable {
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const isNarrow = style.width < minTableWidth;
  const valueWidth = Math.max(10, isNarrow ? style.width - 2 : style.width - labelWidth - 7);
  const maxLines = Math.max(1, limit.lines - 3);
  const wrapped = rows.map((row) => wrapRow(row, valueWidth, maxLines));
  const kept = dropExpendable(wrapped, limit.expendable ?? [], maxLines);
  const maxRowLines = limitRows(kept, maxLines);
  const cut = kept.map((row) => cutRow(row, maxRowLines, limit.hint, style));
  return isNarrow ? stackRows(cut, style) : drawRows(cut, style, valueWidth);
}

/** A row whose lines fit the width. */
interface FittedRow {
  readonly label: string;
  readonly lines: readonly Printable[];
}

interface WrappedRow extends FittedRow {
  /** Lines that were not wrapped, because there are more than enough already. */
  readonly unwrapped: number;
  /** Whether wrapping broke a line into several. */
  readonly isBroken: boolean;
}

function wrapRow({ label, lines }: Row, width: number, maxLines: number): WrappedRow {
  const wrapped: Printable[] = [];
  let count = 0;
  for (const line of lines) {
    if (wrapped.length > maxLines) break;
    wrapped.push(...wrapLine(line, width));
    count++;
  }
  return { label, lines: wrapped, unwrapped: lines.length - count, isBroken: wrapped.length > count };
}

/** Wraps a line. Its continuation is indented a little more, so that lists and trees stay readable. */
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

/** Leaves out rows, the least important first, until the others fit. */
function dropExpendable(
  rows: readonly WrappedRow[],
  labels: readonly string[],
  maxLines: number,
): readonly WrappedRow[] {
  let kept = rows;
  for (const expendable of labels) {
    const height = kept.reduce((sum, { lines }) => sum + lines.length, 0);
    if (height <= maxLines) break;
    kept = kept.filter(({ label }) => label !== expendable);
  }
  return kept;
}

/** Computes the number of lines to leave each row so that all fit: only the longest rows are cut. */
function limitRows(rows: readonly FittedRow[], maxLines: number): number {
  const lengths = rows.map(({ lines }) => lines.length).sort((a, b) => a - b);
  let room = maxLines;
  for (const [index, length] of lengths.entries()) {
    const share = Math.floor(room / (lengths.length - index));
    if (length > share) return Math.max(1, share - 1);
    room -= length;
  }
  return Infinity;
}

function cutRow(
  { label, lines, unwrapped, isBroken }: WrappedRow,
  maxLines: number,
  hint: string,
  style: Style,
): FittedRow {
  const kept = lines.slice(0, maxLines);
  const left = lines.length - kept.length + unwrapped;
  if (left === 0) return { label, lines: kept };
  const atLeast = isBroken && unwrapped > 0 ? 'at least ' : '';
  const more = printable(`… ${atLeast}${formatCount(left, 'more line')}${hint}`);
  return { label, lines: [...kept, style.faint(more)] };
}

function drawRows(rows: readonly FittedRow[], style: Style, width: number): Printable {
  // A table row for every line: one cell of many lines costs the square of their number.
  const cells = rows.flatMap(({ label, lines }) =>
    lines.map((line, index) => [index === 0 ? style.strong(printable(label)) : literal``, line]),
  );
  return drawTable(cells, {
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colWidths: [Math.max(...rows.map(({ label }) => label.length)) + 2, width + 2],
  });
}

function stackRows(rows: readonly FittedRow[], style: Style): Printable {
  return joinLines(
    rows.flatMap(({ label, lines }) => [
      style.strong(printable(label)),
      ...lines.map((line) => literal`│ ${line}`),
    ]),
  );
}
