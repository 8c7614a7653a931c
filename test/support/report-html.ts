/** Checks that reports in HTML are well-formed, load nothing, and have foreign text as text only. */
import { type Attr, DOMParser, type Element, type Node } from '@xmldom/xmldom';
import { stylesheet } from '../../src/output/report/stylesheet.ts';
import { findBroken, findHarmful } from './hostile-text.ts';

/** All elements of reports, with their attributes. None of them runs or loads anything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  html: ['lang'],
  head: [],
  meta: ['charset', 'name', 'content', 'http-equiv'],
  title: ['id'],
  style: [],
  body: [],
  main: [],
  h1: [],
  h2: [],
  h3: [],
  p: ['class'],
  div: ['class'],
  span: ['class', 'aria-hidden'],
  strong: [],
  small: [],
  time: [],
  ul: [],
  li: [],
  br: [],
  table: ['class'],
  thead: [],
  tbody: [],
  tr: [],
  th: ['scope', 'class'],
  td: ['class'],
  pre: [],
  code: [],
  footer: [],
  svg: ['role', 'aria-labelledby', 'class', 'width', 'height'],
  g: [],
  rect: ['x', 'y', 'width', 'height', 'rx', 'class'],
  text: ['x', 'y', 'class', 'text-anchor'],
};

/** Values of attributes: words, numbers, percentages, and those of the head. */
const plainValue =
  /^(?:[\w-]+(?: [\w-]+)*|-?[\d.]+%?|width=device-width, initial-scale=1|default-src 'none'; style-src 'unsafe-inline')$/;

/** Parses a report. @throws if it is not well-formed */
export function parseReport(html: string): Element {
  const onError = (level: string, message: string) => {
    // A cluster may send that character, which is as good as any.
    if (!message.startsWith('Unicode replacement character')) throw new Error(`${level}: ${message}`);
  };
  const { documentElement } = new DOMParser({ onError }).parseFromString(html, 'text/xml');
  if (documentElement === null) throw new Error('no document');
  return documentElement;
}

/** Lists the texts of all elements of a name. */
export function listTexts(root: Element, name: string): readonly string[] {
  return [...root.getElementsByTagName(name)].map(({ textContent }) => textContent ?? '');
}

/** Lists all elements below another, that one included. */
export function listElements(root: Element): readonly Element[] {
  const children = [...root.childNodes].filter((node: Node): node is Element => node.nodeType === 1);
  return [root, ...children.flatMap(listElements)];
}

/** Finds all harm in a report. @returns descriptions */
export function findReportHarm(html: string): readonly string[] {
  const elements = listElements(parseReport(html));
  return [
    ...findBroken(html),
    ...findHarmful(html).map((character) => `${character} comes out`),
    ...elements.flatMap(({ tagName, attributes }) => {
      const names = allowed[tagName];
      if (names === undefined) return [`an element: ${tagName}`];
      return [...attributes].flatMap(({ name, value }: Attr) =>
        names.includes(name) && plainValue.test(value) ? [] : [`an attribute: ${tagName} ${name}="${value}"`],
      );
    }),
    ...elements
      .filter(({ tagName, textContent }) => tagName === 'style' && textContent !== stylesheet)
      .map(() => 'another stylesheet'),
    ...(/@import|url\(/.test(stylesheet) ? ['a stylesheet that loads something'] : []),
  ];
}
