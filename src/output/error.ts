/** Renders an expected error: as a small table, or lines. */
import type { Explanation } from '../platform/errors.ts';
import { joinLines, literal, type Printable, printable } from '../platform/printable.ts';
import type { Style } from './style.ts';
import { paintText, type Row, renderRows, selectLimit } from './table/layout.ts';

/** Renders an error as a table with the rows that apply. */
export function renderErrorTable(error: Explanation, style: Style): Printable {
  const rows: readonly Row[] = [
    { label: 'Error', lines: [paintText(printable(error.what), style.bad)] },
    createRow('Code', error.code),
    createRow('Message', error.message),
    createRow('HTTP status', error.status),
    createRow('Request', error.request),
    { label: 'Cause', lines: (error.evidence ?? []).map(printable) },
    { label: 'Certificate', lines: (error.certificate ?? []).map(printable) },
    createRow('It means', error.meaning),
    { label: 'Next', lines: (error.next ?? []).map(printable) },
  ];
  const present = rows.filter(({ lines }) => lines.length > 0);
  return literal`${renderRows(present, style, selectLimit(true))}\n`;
}

function createRow(label: string, text: string | undefined): Row {
  return { label, lines: text ? [printable(text)] : [] };
}

/** Renders an error as lines, for formats that scripts read, and for errors that need no table. */
export function renderErrorLines(error: Explanation, style: Style): Printable {
  const message = error.message ? ` [${error.code}: ${error.message}]` : '';
  const { evidence = [], certificate = [], meaning, next = [] } = error;
  const below = [...evidence, ...certificate, ...(meaning ? [meaning] : []), ...next];
  return literal`${joinLines([
    literal`sfcompose: ${style.bad(printable(error.what + message))}`,
    ...below.map((line) => literal`  ${printable(line)}`),
  ])}\n`;
}
