/** Indents and compacts JSON texts without parsing them. */
import { findTokenEnd, skipSpace } from '../../platform/json-tokens.ts';
import { assumePrintable, type Printable, printableInJson } from '../../platform/printable.ts';

/**
 * A tree of unhealthy evaluations goes down to some 30 levels. Deeper down no lines are broken, or the size of a document
 * would be the square of its depth.
 */
const maxIndentDepth = 40;

/**
 * Indents a valid JSON text by two, token by token: members stay in their order, twice if they came twice, and
 * numbers keep their digits, none of which a detour through objects would guarantee.
 */
export function indentJson(json: string): Printable {
  return assumePrintable([...indentJsonPieces(json)].join(''));
}

/** The same piece by piece, as all of a large document at once would take many times its size. */
export function indentJsonPieces(json: string): Iterable<Printable> {
  return rewriteJson(json, ': ', (depth) => lineStarts[depth] ?? '');
}

/** One object on one line, for ndjson. The document is put in as it is, its text not parsed again. */
export function compactJson(json: string): Printable {
  return assumePrintable([...rewriteJson(json, ':', () => '')].join(''));
}

const lineStarts = Array.from({ length: maxIndentDepth + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);

const [quote, comma, colon, bracket, bracketEnd, brace, braceEnd] = Buffer.from('",:[]{}');

/** Tokens that make a piece. */
const maxTokensPerPiece = 10_000;

function* rewriteJson(
  json: string,
  separator: string,
  lineStart: (depth: number) => string,
): Generator<Printable, void> {
  let tokens: string[] = [];
  let depth = 0;
  let at = skipSpace(json, 0);
  while (at < json.length) {
    const code = json.charCodeAt(at);
    let end = findTokenEnd(json, at);
    if (code === quote) {
      tokens.push(escapeLiteral(json.slice(at, end)));
    } else if (code === comma) {
      tokens.push(`,${lineStart(depth)}`);
    } else if (code === colon) {
      tokens.push(separator);
    } else if (code === brace || code === bracket) {
      tokens.push(json.charAt(at));
      const next = skipSpace(json, end);
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
      tokens.push(json.slice(at, end));
    }
    if (tokens.length > maxTokensPerPiece) {
      yield assumePrintable(tokens.join(''));
      tokens = [];
    }
    at = skipSpace(json, end);
  }
  yield assumePrintable(tokens.join(''));
}

function isEnd(code: number): boolean {
  return code === braceEnd || code === bracketEnd;
}

/** What any of the rules for printable text could be about. */
const remarkable = /[^ -~]|\\|##/;

/** `\/` is how the runtime writes `/`; what could harm a terminal is escaped. */
function escapeLiteral(literal: string): string {
  if (!remarkable.test(literal)) return literal;
  return printableInJson(literal.includes('\\') ? JSON.stringify(JSON.parse(literal)) : literal);
}
