/** JSON for scripts: the gateway's own document, indented, and the error document. */
import type { Explanation } from '../errors.ts';
import { type Printable, printableInJson, stillPrintable } from '../text.ts';

/**
 * A tree of unhealthy evaluations goes down to some 30 levels. Deeper down no lines are broken, or the size of a document
 * would be the square of its depth.
 */
const deepestIndent = 40;

/**
 * Indents a valid JSON text by two, token by token: members stay in their order, twice if they came twice, and
 * numbers keep their digits, none of which a detour through objects would guarantee.
 */
export function indentJson(json: string): Printable {
  let out = '';
  let depth = 0;
  const line = () => (depth > deepestIndent ? '' : `\n${'  '.repeat(depth)}`);
  for (let at = skipSpace(json, 0); at < json.length; at = skipSpace(json, at)) {
    const character = json.charAt(at);
    const end = tokenEnd(json, at);
    if (character === '{' || character === '[') {
      const next = skipSpace(json, end);
      if (/[}\]]/.test(json.charAt(next))) {
        out += character + json.charAt(next);
        at = next + 1;
        continue;
      }
      depth++;
      out += character + line();
    } else if (character === '}' || character === ']') {
      depth--;
      out += line() + character;
    } else if (character === ',') {
      out += `,${line()}`;
    } else if (character === ':') {
      out += ': ';
    } else {
      out += scalar(json.slice(at, end));
    }
    at = end;
  }
  return stillPrintable(out);
}

function skipSpace(json: string, at: number): number {
  let next = at;
  while (next < json.length && ' \t\r\n'.includes(json.charAt(next))) next++;
  return next;
}

function tokenEnd(json: string, start: number): number {
  const first = json.charAt(start);
  if (first === '"') return stringEnd(json, start);
  if ('{}[],:'.includes(first)) return start + 1;
  let end = start;
  while (end < json.length && !' \t\r\n{}[],:"'.includes(json.charAt(end))) end++;
  return end;
}

function stringEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let escapes = 0;
    while (json.charAt(at - 1 - escapes) === '\\') escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return json.length;
}

/** A string is spelled anew (`\/` is how the runtime writes `/`), with what could harm a terminal escaped. */
function scalar(token: string): string {
  if (!token.startsWith('"')) return token;
  return printableInJson(token.includes('\\') ? JSON.stringify(JSON.parse(token)) : token);
}

/** One object on one line, for ndjson. The document is put in as it is, its text not parsed again. */
export function compactJson(json: string): Printable {
  let out = '';
  for (let at = skipSpace(json, 0); at < json.length; ) {
    const end = tokenEnd(json, at);
    out += scalar(json.slice(at, end));
    at = skipSpace(json, end);
  }
  return stillPrintable(out);
}

/** The gateway's FabricError as it came, or one of our own in the same shape. */
export function errorJson(error: Explanation): Printable {
  const own = { Error: { Code: error.code, Message: error.what } };
  return indentJson(error.document ?? JSON.stringify(own));
}
