/** Writes HTML that is well-formed XML too, with foreign text as text only. */
import { clip } from '../../platform/format.ts';
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';

/** Longest text, in characters. */
const maxTextLength = 4000;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for elements and for attributes in quotes. */
function escapeHtml(text: string): Printable {
  return assumePrintable(
    printable(clip(text, maxTextLength)).replace(/[&<>"']/g, (character) => references[character] ?? ''),
  );
}

/** Escapes prose, and marks the dates in it, so that no line ends within one. */
export function escapeProse(text: string): Printable {
  return assumePrintable(escapeHtml(text).replace(/\b\d{4}-\d\d-\d\d\b/g, '<time>$&</time>'));
}

/** Attributes of an element; those that are `undefined` are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Creates an element. @param content markup, which is not escaped */
export function element(name: string, attributes: Attributes, ...content: readonly Printable[]): Printable {
  const head = Object.entries(attributes).reduce(
    (text, [attribute, value]) =>
      value === undefined ? text : literal`${text} ${assumePrintable(attribute)}="${escapeHtml(`${value}`)}"`,
    assumePrintable(name),
  );
  return content.length === 0
    ? literal`<${head} />`
    : literal`<${head}>${assumePrintable(content.join(''))}</${assumePrintable(name)}>`;
}

/** Creates an element that has only text. */
export function textElement(name: string, attributes: Attributes, text: string): Printable {
  return element(name, attributes, escapeHtml(text));
}
