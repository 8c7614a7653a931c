/**
 * Parses bash command lines and quotes insertions, which bash leaves to completions. Nothing typed is run or expanded.
 */

/** A command line up to the cursor. */
export interface TypedLine {
  /** All words but the first and the last, unquoted. */
  readonly before: readonly string[];
  /** The last word with its quotes; empty after a blank. */
  readonly last: string;
  /** Whether the last word is the file of a redirection. */
  readonly isRedirection: boolean;
}

/** A backslash and the next character, or a quoted part, possibly still open. */
const quoting = /\\(.?)|'([^']*)(?:'|$)|"((?:\\.|[^"\\])*)(?:"|\\?$)/gs;

const typedWord = new RegExp(`(?:${quoting.source}|[^\\s\\\\'"])+`, 'gs');

/** `>`, `2>>`, `<`, possibly with the file in the same word. */
const redirection = /^(?:\d*|&)(?:<|>[>|&]?)/;

/** Parses a command line up to the cursor. */
export function parseLine(line: string): TypedLine {
  const typed = [...line.matchAll(typedWord)].map(([word]) => word);
  const last = typed.at(-1) ?? '';
  if (!line.endsWith(last) || last === '') typed.push('');
  const words: string[] = [];
  let isRedirection = false;
  let isAwaited = false;
  for (const word of typed) {
    const [operator] = redirection.exec(word) ?? [];
    isRedirection = isAwaited || operator !== undefined;
    isAwaited = operator === word;
    if (!isRedirection) words.push(unquote(word));
  }
  return { before: words.slice(1, isRedirection ? undefined : -1), last: typed.at(-1) ?? '', isRedirection };
}

/** Removes quotes and backslashes as bash would. */
export function unquote(typed: string): string {
  return typed.replace(quoting, (_, escaped?: string, single?: string, double?: string) => {
    return escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1');
  });
}

/**
 * Quotes the part of a candidate that bash inserts.
 * @param last the word as typed
 * @param replaced the end of the word that bash replaces, after an open quote or a character of `COMP_WORDBREAKS`
 * @returns `undefined` if the part that stays is not the beginning of the candidate
 */
export function quoteInsertion(candidate: string, last: string, replaced: string): string | undefined {
  const stays = last.endsWith(replaced) ? last.slice(0, last.length - replaced.length) : last;
  const beginning = unquote(stays);
  if (!candidate.startsWith(beginning)) return undefined;
  const rest = candidate.slice(beginning.length);
  switch (findOpenQuote(stays)) {
    case "'":
      return rest.replaceAll("'", "'\\''");
    case '"':
      // Between double quotes a backslash does not keep `!` from expanding history.
      return rest.replace(/["\\$`]/g, '\\$&').replaceAll('!', `"'!'"`);
    default:
      return rest.replace(/[^\w./:=@%+,\u0080-\u{10ffff}-]/gu, '\\$&');
  }
}

function findOpenQuote(typed: string): string | undefined {
  const [quote] = /["']/.exec(typed.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '')) ?? [];
  return quote;
}
