/** Renders reports as GitHub Markdown. */
import { joinLines, literal, type Printable } from '../../platform/printable.ts';
import { splitTextLines } from '../../platform/report-text.ts';
import { escapeMarkdown, formatCodeBlock, formatMarkdownList, formatMarkdownTable } from '../ci/markdown.ts';
import { type Block, type ReportDocument, renderBlocks } from './document.ts';
import type { Mark } from './mark.ts';

/** Marks that stand out in prose without colours. */
const marks: Readonly<Record<Mark, Printable>> = {
  done: literal`\u2705`,
  busy: literal`\u23f3`,
  act: literal`\u26a0`,
  bad: literal`\u274c`,
  back: literal`\u21a9`,
  pending: literal`\u00b7`,
};

/** Renders a report. */
export function renderMarkdown({ title, subtitle, blocks, footer }: ReportDocument): Printable {
  const sections = [
    literal`# ${escapeMarkdown(title)}`,
    escapeMarkdown(subtitle),
    ...renderBlocks(blocks, renderBlock).filter((section) => section !== ''),
    literal`---`,
    escapeMarkdown(footer),
  ];
  return joinLines(sections.flatMap((section) => [section, literal``]));
}

function renderBlock(block: Block): Printable {
  switch (block.kind) {
    case 'heading':
      return literal`${block.level === 2 ? literal`##` : literal`###`} ${escapeLine(block.text)}`;
    case 'verdict':
      return literal`${marks[block.mark]} **${escapeLine(block.text)}**\n\n${escapeLine(block.detail)}`;
    case 'paragraph':
      return escapeLine(block.text);
    case 'list':
      return formatMarkdownList(block.items.map(toLine));
    case 'facts':
      return formatMarkdownTable(
        ['', ''],
        [':--', ':--'],
        block.facts.flatMap(([name, value]) => (value ? [[name, toLine(value)]] : [])),
      );
    case 'table':
      return formatMarkdownTable(
        block.columns.map(({ title }) => title),
        block.columns.map(({ isNumber }) => (isNumber ? '--:' : ':--')),
        block.rows.map((cells) => cells.map(toLine)),
      );
    case 'steps':
      return joinLines(
        block.steps.flatMap(({ what, command }, index) => [
          ...(index === 0 ? [] : [literal``]),
          ...(command === undefined
            ? [escapeLine(what)]
            : [escapeLine(`${what}:`), literal``, formatCodeBlock(command)]),
        ]),
      );
    case 'timeline':
      return literal``;
  }
}

function toLine(text: string): string {
  return splitTextLines(text).join(' ');
}

function escapeLine(text: string): Printable {
  return escapeMarkdown(toLine(text));
}
