/** Renders an expected error for people: a small table, or lines. */
import type { ColorChoice, Format } from '../config/settings.ts';
import type { Explanation } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { formatStep } from '../platform/next-step.ts';
import { joinLines, literal, type Printable, printable, printableLines } from '../platform/printable.ts';
import { createStyle, type Style } from './style.ts';
import { paintText, type Row, renderRows, selectLimit } from './table/layout.ts';

/** Renders what stderr gets: a table about a failed request for the table format, lines for all else. */
export function renderError(
  error: Explanation,
  format: Format,
  color: ColorChoice,
  { stderr, env }: Host,
): Printable {
  const style = createStyle(color, stderr, env);
  const isTable = format === 'table' && error.request !== undefined;
  return isTable ? renderErrorTable(error, style) : renderErrorLines(error, style);
}

function renderErrorTable(error: Explanation, style: Style): Printable {
  const rows: readonly Row[] = [
    { label: 'Error', lines: [paintText(printable(error.what), style.bad)] },
    createRow('Code', error.code),
    createRow('Message', error.message),
    createRow('HTTP status', error.status),
    createRow('Request', error.request),
    { label: 'Cause', lines: (error.evidence ?? []).map(printable) },
    { label: 'Certificate', lines: (error.certificate ?? []).map(printable) },
    createRow('It means', error.meaning),
    { label: 'Next', lines: (error.next ?? []).map((step) => printable(formatStep(step))) },
  ];
  const present = rows.filter(({ lines }) => lines.length > 0);
  return literal`${renderRows(present, style, selectLimit(true))}\n`;
}

function createRow(label: string, text: string | undefined): Row {
  return { label, lines: text ? [printable(text)] : [] };
}

function renderErrorLines(error: Explanation, style: Style): Printable {
  const message = error.message ? ` [${error.code}: ${error.message}]` : '';
  const { evidence = [], certificate = [], meaning, next = [] } = error;
  const below = [...evidence, ...certificate, ...(meaning ? [meaning] : []), ...next.map(formatStep)];
  return literal`${joinLines([
    literal`sfcompose: ${style.bad(printable(error.what + message))}`,
    ...below.map((line) => literal`  ${printable(line)}`),
  ])}\n`;
}

/** Renders what a bug report needs. */
export function renderStack(error: unknown): Printable {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return literal`${printableLines(stack)}\n`;
}
