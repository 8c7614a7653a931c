/**
 * What GitHub Actions reads: annotations in the log, a job summary in Markdown, and outputs for later steps. Every
 * text is printable before, so that none of them can begin a line or a command of its own.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */

import { inLines, type Printable, printable, shown, stillPrintable } from '../../platform/printable.ts';
import { type Annotation, escapedData, shortened } from './annotation.ts';

export function githubAnnotation({ level, title, lines }: Annotation): Printable {
  const text = shortened(inLines(lines.map(printable)));
  return shown`::${printable(level)} title=${property(printable(title))}::${data(text)}\n`;
}

function data(text: Printable): Printable {
  return escapedData(text, '%25');
}

function property(text: Printable): Printable {
  return stillPrintable(data(text).replaceAll(':', '%3A').replaceAll(',', '%2C'));
}

/**
 * Formats lines for the file that `GITHUB_OUTPUT` names. Workflows put outputs into scripts, so anything but letters,
 * digits and `. _ + -` becomes `_`.
 */
export function githubOutputs(outputs: Readonly<Record<string, string>>): Printable {
  const set = Object.entries(outputs).map(
    ([name, value]) =>
      shown`${printable(name)}=${stillPrintable(printable(value).replace(/[^\w.+-]/g, '_'))}`,
  );
  return shown`${inLines(set)}\n`;
}

/** Markdown for the file that `GITHUB_STEP_SUMMARY` names. */
export function githubSummary(title: string, lines: readonly string[]): Printable {
  const list = lines.slice(0, 50).map((line) => shown`- ${markdown(shortened(printable(line)))}`);
  return shown`### ${markdown(printable(title))}\n\n${inLines(list)}\n\n`;
}

/**
 * Replaces everything that has a meaning in Markdown or HTML by character references: mentions, emoji, list markers at
 * the beginning, and the first dot of a host name such as `www.example.com`.
 */
function markdown(text: Printable): Printable {
  const reference = (character: string) => `&#${character.codePointAt(0)};`;
  return stillPrintable(
    text
      .trimStart()
      .replace(/[^\p{L}\p{M}\p{N}\s.,;/%'"=+?-]|^[+-]|(?<=^\d+|www)\./giu, reference)
      // GitHub links mail addresses after it has resolved references.
      .replaceAll('&#64;', '&#64;<!-- -->'),
  );
}
