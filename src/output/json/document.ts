/** Writes JSON for scripts: the gateway's own documents, indented or on one line. */
import { findTokenEnd, skipSpace } from '../../platform/json-tokens.ts';
import { assumePrintable, type Printable, printableInJson } from '../../platform/printable.ts';

/**
 * Levels that are indented; a tree of unhealthy evaluations has some 30. Deeper levels stay on one line, or the size of
 * the output would grow with the square of the depth.
 */
const maxIndentDepth = 40;

/**
 * Indents a valid JSON text by two, token by token. Unlike a detour through objects, this keeps the order of members,
 * duplicates, and the digits of numbers.
 */
export function indentJson(json: string): Printable {
  return assumePrintable([...indentJsonPieces(json)].join(''));
}

/** Indents in pieces, because a large document as a whole would take many times its size. */
export function indentJsonPieces(json: string): Iterable<Printable> {
  return rewriteJson(json, ': ', (depth) => lineStarts[depth] ?? '');
}

/** Writes a valid JSON text on one line, token by token. */
export function compactJson(json: string): Printable {
  return assumePrintable([...rewriteJson(json, ':', () => '')].join(''));
}

const lineStarts = Array.from({ length: maxIndentDepth + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);

const [quote, comma, colon, bracket, bracketEnd, brace, braceEnd] = Buffer.from('",:[]{}');

/** Tokens of a piece. */
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

/** Matches every text that may need escaping; most texts do not. */
const suspicious = /[^ -~]|\\|##/;

/** Rewrites a string: unescapes `/`, and escapes characters that could harm a terminal. */
function escapeLiteral(literal: string): string {
  if (!suspicious.test(literal)) return literal;
  return printableInJson(literal.includes('\\') ? JSON.stringify(JSON.parse(literal)) : literal);
}
