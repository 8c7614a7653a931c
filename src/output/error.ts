/** An expected error for people: a small table, or lines. */
import type { Explanation } from '../platform/errors.ts';
import { inLines, type Printable, printable, shown } from '../platform/printable.ts';
import type { Style } from './style.ts';
import { layOut, limitFor, painted, type Row } from './table/layout.ts';

export function renderErrorTable(error: Explanation, style: Style): Printable {
  const rows: readonly Row[] = [
    { label: 'Error', lines: [painted(printable(error.what), style.bad)] },
    row('Code', error.code),
    row('Message', error.message),
    row('HTTP status', error.status),
    row('Request', error.request),
    { label: 'Cause', lines: (error.evidence ?? []).map(printable) },
    { label: 'Certificate', lines: (error.certificate ?? []).map(printable) },
    row('It means', error.meaning),
    { label: 'Next', lines: (error.next ?? []).map(printable) },
  ];
  const present = rows.filter(({ lines }) => lines.length > 0);
  return shown`${layOut(present, style, limitFor(true))}\n`;
}

function row(label: string, text: string | undefined): Row {
  return { label, lines: text ? [printable(text)] : [] };
}

/** For formats that scripts read, and for errors that need no table. */
export function renderErrorLines(error: Explanation, style: Style): Printable {
  const message = error.message ? ` [${error.code}: ${error.message}]` : '';
  const { evidence = [], certificate = [], meaning, next = [] } = error;
  const below = [...evidence, ...certificate, ...(meaning ? [meaning] : []), ...next];
  return shown`${inLines([
    shown`sfcompose: ${style.bad(printable(error.what + message))}`,
    ...below.map((line) => shown`  ${printable(line)}`),
  ])}\n`;
}
