/** Formats GitHub Markdown with untrusted text. */
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import { shorten } from './annotation.ts';

/**
 * Replaces everything that has a meaning in Markdown or HTML by character references: mentions, emoji, list markers at
 * the beginning, and the first dot of a host name such as `www.example.com`.
 */
export function escapeMarkdown(words: string): Printable {
  const text = shorten(printable(words));
  const reference = (character: string) => `&#${character.codePointAt(0)};`;
  return assumePrintable(
    text
      .trimStart()
      .replace(/[^\p{L}\p{M}\p{N}\s.,;/%'"=+?-]|^[+-]|(?<=^\d+|www)\./giu, reference)
      // GitHub links mail addresses after it has resolved references.
      .replaceAll('&#64;', '&#64;<!-- -->'),
  );
}

/** Formats a list with an item for each line. */
export function formatMarkdownList(lines: readonly string[]): Printable {
  return joinLines(lines.map((line) => literal`- ${escapeMarkdown(line)}`));
}

/** Formats a table. @param alignments `:--` or `--:` for each column */
export function formatMarkdownTable(
  head: readonly string[],
  alignments: readonly (':--' | '--:')[],
  rows: readonly (readonly string[])[],
): Printable {
  const formatRow = (cells: readonly Printable[]) => literal`| ${assumePrintable(cells.join(' | '))} |`;
  return joinLines([
    formatRow(head.map(escapeMarkdown)),
    formatRow(alignments.map(printable)),
    ...rows.map((cells) => formatRow(cells.map(escapeMarkdown))),
  ]);
}

/** Formats a block of code. Its fence is longer than every run of backticks in the text, so that the text cannot close it. */
export function formatCodeBlock(code: string): Printable {
  const text = printable(code);
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = assumePrintable('`'.repeat(longest + 1));
  return literal`${fence}sh\n${text}\n${fence}`;
}
