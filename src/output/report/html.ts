/**
 * Renders reports as HTML: one file without scripts that loads nothing. The file is well-formed XML too, so that other
 * programs can read it.
 */
import { joinLines, literal, type Printable } from '../../platform/printable.ts';
import { splitTextLines } from '../../platform/report-text.ts';
import { selectGlyphs } from '../glyphs.ts';
import { type Block, type Fact, type ReportDocument, renderBlocks, type Table } from './document.ts';
import { element, escapeProse, textElement } from './markup.ts';
import { stylesheet } from './stylesheet.ts';
import { drawLegend, drawTimeline } from './timeline-svg.ts';

const glyphs = selectGlyphs({});

/** Forbids everything but the styles of the file itself. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/** Renders a report. */
export function renderHtml({ title, subtitle, blocks, footer }: ReportDocument): Printable {
  let timelines = 0;
  const render = (block: Block) => renderBlock(block, `timeline-${++timelines}`);
  return literal`${joinLines([
    literal`<!DOCTYPE html>`,
    literal`<html lang="en">`,
    literal`<head>`,
    literal`<meta charset="utf-8" />`,
    literal`<meta name="viewport" content="width=device-width, initial-scale=1" />`,
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    literal`<meta name="color-scheme" content="light dark" />`,
    textElement('title', {}, title),
    literal`<style>${stylesheet}</style>`,
    literal`</head>`,
    literal`<body>`,
    literal`<main>`,
    textElement('h1', {}, title),
    element('p', { class: 'subtitle' }, escapeProse(subtitle)),
    ...renderBlocks(blocks, render),
    element('footer', {}, escapeProse(footer)),
    literal`</main>`,
    literal`</body>`,
    literal`</html>`,
  ])}\n`;
}

function renderBlock(block: Block, id: string): Printable {
  switch (block.kind) {
    case 'heading':
      return element(`h${block.level}`, {}, escapeProse(block.text));
    case 'verdict':
      return element(
        'div',
        { class: `verdict ${block.mark}` },
        textElement('span', { class: 'glyph', 'aria-hidden': 'true' }, glyphs[block.mark]),
        element(
          'div',
          {},
          element('strong', {}, renderLines(block.text)),
          textElement('small', {}, block.detail),
        ),
      );
    case 'paragraph':
      return element('p', {}, renderLines(block.text));
    case 'list':
      return element('ul', {}, ...block.items.map((item) => element('li', {}, renderLines(item))));
    case 'facts':
      return renderFacts(block.facts);
    case 'table':
      return renderTable(block);
    case 'steps':
      return joinLines(
        block.steps.map(({ what, command }) =>
          command === undefined
            ? textElement('p', {}, what)
            : literal`${textElement('p', {}, `${what}:`)}${element('pre', {}, textElement('code', {}, command))}`,
        ),
      );
    case 'timeline':
      return literal`${drawTimeline(block.timeline, block.title, id)}${drawLegend(block.timeline)}`;
  }
}

/** Renders text with the line breaks that it has. */
function renderLines(text: string): Printable {
  return splitTextLines(text)
    .map(escapeProse)
    .reduce((all, line, index) => (index === 0 ? line : literal`${all}<br />${line}`), literal``);
}

function renderFacts(facts: readonly Fact[]): Printable {
  const rows = facts.flatMap(([name, value]) =>
    value
      ? [element('tr', {}, textElement('th', { scope: 'row' }, name), element('td', {}, renderLines(value)))]
      : [],
  );
  return element('table', { class: 'facts' }, element('tbody', {}, ...rows));
}

function renderTable({ columns, rows }: Table): Printable {
  const selectClass = (index: number) => (columns[index]?.isNumber ? 'number' : undefined);
  const head = columns.map(({ title }, index) =>
    textElement('th', { scope: 'col', class: selectClass(index) }, title),
  );
  const body = rows.map((cells) =>
    element(
      'tr',
      {},
      ...cells.map((cell, index) =>
        index === 0
          ? element('th', { scope: 'row' }, renderLines(cell))
          : element('td', { class: selectClass(index) }, renderLines(cell)),
      ),
    ),
  );
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...head)),
      literal`\n`,
      element('tbody', {}, joinLines(body)),
    ),
  );
}
