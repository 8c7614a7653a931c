/** Draws a terminal's screen as SVG, without fonts or scripts from elsewhere. */
import { type IBufferCell, Terminal } from '@xterm/headless';
import type { ScreenSize } from './screen.ts';

/** Pixels of a character cell, of the margin, and of the bar above the screen. */
const cell = { width: 8.4, height: 19 };
const margin = 16;
const barHeight = 28;

const background = '#0d1117';
const foreground = '#e6edf3';

/** The 16 colours of a terminal, by the names of their classes. */
const palette: readonly string[] = [
  '#484f58',
  '#ff7b72',
  '#3fb950',
  '#d29922',
  '#58a6ff',
  '#bc8cff',
  '#39c5cf',
  '#b1bac4',
  '#6e7681',
  '#ffa198',
  '#56d364',
  '#e3b341',
  '#79c0ff',
  '#d2a8ff',
  '#56d4dd',
  '#ffffff',
];

/** Opacity of shades, and share of a cell's width of blocks. They are drawn as rectangles, because fonts leave gaps. */
const shades: Readonly<Record<string, number>> = { '█': 1, '▓': 0.65, '▒': 0.4, '░': 0.18 };
const eighths = '▏▎▍▌▋▊▉';

/** Neighbouring cells of one look. */
interface Span {
  readonly column: number;
  readonly classes: string;
  readonly characters: readonly string[];
}

/** Draws the screen. @param title for readers who do not see the picture */
export async function drawSvg(output: string, size: ScreenSize, title: string): Promise<string> {
  const rows = await readSpans(output, size);
  const width = round(2 * margin + size.columns * cell.width);
  const height = round(barHeight + margin + rows.length * cell.height);
  const used = new Set(rows.flat().flatMap(({ classes }) => classes.split(' ')));
  const colors = palette.flatMap((color, index) =>
    used.has(`c${index}`) ? [`.c${index}{fill:${color}}`] : [],
  );
  const lights = [16, 34, 52].map((x) => `<circle cx="${x}" cy="14" r="5" class="c0"/>`).join('');
  const body = rows.flatMap((spans, row) => spans.map((span) => drawSpan(span, row)));
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    '<style>',
    `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}`,
    `svg{fill:${foreground}}.c0{fill:${palette[0]}}.dim{opacity:.6}.bold{font-weight:600}`,
    ...colors,
    '</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    lights,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}

/** Reads the screen's rows up to the last one that is not empty. */
async function readSpans(output: string, { columns, rows }: ScreenSize): Promise<readonly Span[][]> {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const { active } = terminal.buffer;
  const all = Array.from({ length: active.length }, (_, row) => {
    const line = active.getLine(row);
    const cells = Array.from({ length: columns }, (_, column) => line?.getCell(column));
    return toSpans(cells);
  });
  return all.slice(0, all.findLastIndex((spans) => spans.length > 0) + 1);
}

function toSpans(cells: readonly (IBufferCell | undefined)[]): Span[] {
  const spans: { column: number; classes: string; characters: string[] }[] = [];
  for (const [column, one] of cells.entries()) {
    // The second cell of a wide character has no width.
    if (one === undefined || one.getWidth() === 0) continue;
    const character = one.getChars() || ' ';
    const last = spans.at(-1);
    const isBlank = character === ' ';
    const classes = isBlank && last ? last.classes : listClasses(one);
    const isNext = last !== undefined && last.column + last.characters.length === column;
    if (isNext && last.classes === classes && isBlock(last.characters[0]) === isBlock(character))
      last.characters.push(character);
    else if (!isBlank) spans.push({ column, classes, characters: [character] });
  }
  // Two blanks or more divide a span, so that columns keep their places in any font.
  return spans.flatMap(splitAtGaps);
}

function splitAtGaps({ column, classes, characters }: Span): Span[] {
  const text = characters.join('');
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    column: column + [...text.slice(0, match.index)].length,
    classes,
    characters: [...match[0]],
  }));
}

function listClasses(one: IBufferCell): string {
  const classes = [
    ...(one.isFgPalette() && one.getFgColor() < 16 ? [`c${one.getFgColor()}`] : []),
    ...(one.isDim() ? ['dim'] : []),
    ...(one.isBold() ? ['bold'] : []),
  ];
  return classes.join(' ');
}

function isBlock(character = ''): boolean {
  return character in shades || eighths.includes(character);
}

function drawSpan(span: Span, row: number): string {
  const top = barHeight + row * cell.height;
  const { column, characters } = span;
  const attribute = span.classes ? ` class="${span.classes}"` : '';
  if (isBlock(characters[0])) return drawBlocks(span, top, attribute);
  const place = `x="${toX(column)}" y="${round(top + 14)}" textLength="${round(characters.length * cell.width)}"`;
  return `<text ${place}${attribute}>${escapeXml(characters.join(''))}</text>`;
}

/** Draws a run of each character as one rectangle. */
function drawBlocks({ column, characters }: Span, top: number, attribute: string): string {
  const runs = [...characters.join('').matchAll(/(.)\1*/g)];
  return runs
    .map(({ index, 0: run, 1: character = '' }) => {
      const part = (eighths.indexOf(character) + 1) / 8 || 1;
      const opacity = shades[character] ?? 1;
      const width = round(run.length * cell.width * part);
      const place = `x="${toX(column + index)}" y="${round(top + 3)}" width="${width}" height="13"`;
      return `<rect ${place}${attribute}${opacity < 1 ? ` fill-opacity="${opacity}"` : ''}/>`;
    })
    .join('');
}

function toX(column: number): number {
  return round(margin + column * cell.width);
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
