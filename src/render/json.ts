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
  return stillPrintable([...indentedJson(json)].join(''));
}

/** The same piece by piece, as all of a large document at once would take many times its size. */
export function indentedJson(json: string): Iterable<Printable> {
  return rewritten(json, ': ', (depth) => lineStarts[depth] ?? '');
}

/** One object on one line, for ndjson. The document is put in as it is, its text not parsed again. */
export function compactJson(json: string): Printable {
  return stillPrintable([...rewritten(json, ':', () => '')].join(''));
}

const lineStarts = Array.from({ length: deepestIndent + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);

const blank = 0x20;
const [quote, comma, colon, backslash, bracket, bracketEnd, brace, braceEnd] = Buffer.from('",:\\[]{}');

/** Tokens that make a piece. */
const mostTokens = 10_000;

function* rewritten(
  json: string,
  separator: string,
  lineStart: (depth: number) => string,
): Generator<Printable, void> {
  let tokens: string[] = [];
  let depth = 0;
  let at = skipBlanks(json, 0);
  while (at < json.length) {
    const code = json.charCodeAt(at);
    let end = at + 1;
    if (code === quote) {
      end = stringEnd(json, at);
      tokens.push(spelledAnew(json.slice(at, end)));
    } else if (code === comma) {
      tokens.push(`,${lineStart(depth)}`);
    } else if (code === colon) {
      tokens.push(separator);
    } else if (code === brace || code === bracket) {
      tokens.push(json.charAt(at));
      const next = skipBlanks(json, end);
      if (isEnd(json.charCodeAt(next))) {
        tokens.push(json.charAt(next));
        end = next + 1;
      } else {
        depth++;
        tokens.push(lineStart(depth));
      }
    } else if (isEnd(code)) {
      depth--;
      tokens.push(lineStart(depth) + json.charAt(at));
    } else {
      end = scalarEnd(json, at);
      tokens.push(json.slice(at, end));
    }
    if (tokens.length > mostTokens) {
      yield stillPrintable(tokens.join(''));
      tokens = [];
    }
    at = skipBlanks(json, end);
  }
  yield stillPrintable(tokens.join(''));
}

function skipBlanks(json: string, at: number): number {
  let next = at;
  while (json.charCodeAt(next) <= blank) next++;
  return next;
}

function isEnd(code: number): boolean {
  return code === braceEnd || code === bracketEnd;
}

function stringEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let escapes = 0;
    while (json.charCodeAt(at - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return json.length;
}

/** Of a number, `true`, `false` or `null`. */
function scalarEnd(json: string, start: number): number {
  let end = start + 1;
  for (; end < json.length; end++) {
    const code = json.charCodeAt(end);
    if (code <= blank || code === comma || isEnd(code)) break;
  }
  return end;
}

/** What any of the rules for printable text could be about. */
const remarkable = /[^ -~]|\\|##/;

/** `\/` is how the runtime writes `/`; what could harm a terminal is escaped. */
function spelledAnew(literal: string): string {
  if (!remarkable.test(literal)) return literal;
  return printableInJson(literal.includes('\\') ? JSON.stringify(JSON.parse(literal)) : literal);
}

/** The gateway's FabricError as it came, or one of our own in the same shape. */
export function errorJson(error: Explanation): Printable {
  const own = { Error: { Code: error.code, Message: error.what } };
  return indentJson(error.document ?? JSON.stringify(own));
}
