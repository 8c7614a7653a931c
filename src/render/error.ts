/** An expected error for people: a small table, or lines. */
import type { Explanation } from '../errors.ts';
import { printable } from '../text.ts';
import { layOut, limitFor, type Row } from './layout.ts';
import type { Style } from './style.ts';

export function renderErrorTable(error: Explanation, style: Style): string {
  const rows: readonly Row[] = [
    { label: 'Error', lines: [style.bad(printable(error.what))] },
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
  return `${layOut(present, style, limitFor(true))}\n`;
}

function row(label: string, text: string | undefined): Row {
  return { label, lines: text ? [printable(text)] : [] };
}

/** For formats that scripts read, and for errors that need no table. */
export function renderErrorLines(error: Explanation, style: Style): string {
  const message = error.message ? ` [${error.code}: ${error.message}]` : '';
  const lines = [`sfcompose: ${style.bad(printable(error.what + message))}`];
  for (const line of [...(error.evidence ?? []), ...(error.certificate ?? [])])
    lines.push(`  ${printable(line)}`);
  if (error.meaning) lines.push(`  ${printable(error.meaning)}`);
  for (const next of error.next ?? []) lines.push(`  ${printable(next)}`);
  return `${lines.join('\n')}\n`;
}
