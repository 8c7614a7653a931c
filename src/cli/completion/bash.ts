/**
 * What bash leaves to whoever completes its command lines: to take them apart, and to quote what is inserted. Nothing
 * that is typed is run or expanded for that.
 */

/** A command line up to the cursor. */
export interface TypedLine {
  /** All words but the last, as the program would get them, without its own name. */
  readonly before: readonly string[];
  /** The last word as it is typed, quotes and all; empty after a blank. */
  readonly last: string;
  /** Whether that is a file to read from or write to. */
  readonly isRedirection: boolean;
}

/** A backslash with what follows it, and both kinds of quotes, perhaps without their end. */
const quoting = /\\(.?)|'([^']*)(?:'|$)|"((?:\\.|[^"\\])*)(?:"|\\?$)/gs;

const typedWord = new RegExp(`(?:${quoting.source}|[^\\s\\\\'"])+`, 'gs');

/** `>`, `2>>`, `<`, perhaps with the file in the same word. */
const redirection = /^(?:\d*|&)(?:<|>[>|&]?)/;

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

export function unquote(typed: string): string {
  return typed.replace(quoting, (_, escaped?: string, single?: string, double?: string) => {
    return escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1');
  });
}

/**
 * What to insert for a candidate.
 * @param last the word as it is typed
 * @param replaced the end of it that bash replaces: what follows an open quote, or a character of `COMP_WORDBREAKS`
 * @returns `undefined` if what stays in its place is not the beginning of the candidate
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
      // Between these no backslash keeps an exclamation mark from meaning the history.
      return rest.replace(/["\\$`]/g, '\\$&').replaceAll('!', `"'!'"`);
    default:
      return rest.replace(/[^\w./:=@%+,\u0080-\u{10ffff}-]/gu, '\\$&');
  }
}

function findOpenQuote(typed: string): string | undefined {
  const [quote] = /["']/.exec(typed.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '')) ?? [];
  return quote;
}
