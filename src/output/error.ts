/** Renders an expected error for people: a headline with a small table, or lines. */
import type { ColorChoice, Format } from '../config/settings.ts';
import type { Explanation } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { joinLines, literal, type Printable, printable, printableLines } from '../platform/printable.ts';
import { excerpt, excerptInline, splitTextLines } from '../platform/report-text.ts';
import type { Warning } from '../platform/result.ts';
import { joinBlocks, type KeyValue, renderKeyValues } from './key-values.ts';
import { renderSteps } from './next-steps.ts';
import { createStyle, type Paint, paintNothing, type Style } from './style.ts';
import { breakLines } from './table/wrap.ts';

/** Renders an error for stderr: a screen for a failed request in table format, lines for everything else. */
export function renderError(
  error: Explanation,
  format: Format,
  color: ColorChoice,
  { stderr, env }: Host,
): Printable {
  const style = createStyle(color, stderr, env);
  const isScreen = format === 'table' && error.request !== undefined;
  if (isScreen) return renderErrorScreen(error, style);
  return renderErrorLines(error, measureRoom(stderr, style), style);
}

/** Renders the headline, the facts, their meaning, and next steps. */
function renderErrorScreen(error: Explanation, style: Style): Printable {
  const { what, message, request = '', evidence = [], certificate = [], meaning, next = [] } = error;
  const facts: readonly KeyValue[] = [
    { key: literal`Code`, lines: [printable(formatCode(error))], paint: style.faint },
    { key: literal`Message`, lines: splitTextLines(excerpt(message ?? '')).map(printable) },
    { key: literal`Request`, lines: [printable(request)], isVerbatim: true, paint: style.faint },
    { key: literal`Certificate`, lines: certificate.map(printable) },
  ];
  const width = Math.max(1, style.width - 2);
  const prose = [...evidence, ...(meaning ? [meaning] : [])].flatMap((text) => breakLines(text, width));
  return joinBlocks([
    breakLines(what, width).map((line, index) => {
      const glyph = index === 0 ? style.glyphs.bad : literal` `;
      return style.bad(literal`${glyph} ${line}`);
    }),
    renderKeyValues(facts, style),
    indent(prose),
    indent(renderSteps(next, width, style)),
  ]);
}

function indent(lines: readonly Printable[]): readonly Printable[] {
  return lines.map((line) => literal`  ${line}`);
}

/** Formats the code with the status of the response, whose reason often repeats the code. */
export function formatCode({ code, status }: Explanation): string {
  const short = status?.endsWith(` ${code}`) ? status.slice(0, -code.length - 1) : status;
  return short ? `${code} (${short})` : code;
}

/** Renders a warning as stderr gets it. */
export function renderWarning({ what, next }: Warning, { stderr, env }: Host): Printable {
  const style = createStyle('never', stderr, env);
  const width = measureRoom(stderr, style);
  return literal`${joinLines([
    ...renderHeadline(what, width, paintNothing),
    ...indent(renderSteps(next, width, style)),
  ])}\n`;
}

/** Measures the room for prose, which is wrapped on a terminal only. */
function measureRoom({ isTTY }: Host['stderr'], { width }: Style): number {
  return isTTY ? Math.max(1, width - 2) : Infinity;
}

const lead = literal`sfcompose: `;

function renderHeadline(text: string, width: number, paint: Paint): readonly Printable[] {
  return breakLines(text, Math.max(1, width - lead.length)).map(
    (line, row) => literal`${row === 0 ? lead : literal`  `}${paint(line)}`,
  );
}

function renderErrorLines(error: Explanation, width: number, style: Style): Printable {
  const message = error.message ? ` [${error.code}: ${excerptInline(error.message)}]` : '';
  const { evidence = [], certificate = [], meaning, next = [] } = error;
  const details = [...evidence, ...certificate, ...(meaning ? [meaning] : [])];
  return literal`${joinLines([
    ...renderHeadline(error.what + message, width, style.bad),
    ...indent(details.flatMap((text) => breakLines(text, width))),
    ...indent(renderSteps(next, width, style)),
  ])}\n`;
}

/** Renders the details for a bug report. */
export function renderStack(error: unknown): Printable {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return literal`${printableLines(stack)}\n`;
}
