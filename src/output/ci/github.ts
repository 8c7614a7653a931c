/**
 * Formats annotations and outputs for GitHub Actions. Text is printable already, so that it cannot begin a line or a
 * command of its own.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import { type Annotation, escapeData, shorten } from './annotation.ts';

/** Formats a highlighted error or warning. */
export function formatGithubAnnotation({ level, title, lines }: Annotation): Printable {
  const text = shorten(joinLines(lines.map(printable)));
  return literal`::${printable(level)} title=${escapeProperty(printable(title))}::${escapeGithubData(text)}\n`;
}

function escapeGithubData(text: Printable): Printable {
  return escapeData(text, '%25');
}

function escapeProperty(text: Printable): Printable {
  return assumePrintable(escapeGithubData(text).replaceAll(':', '%3A').replaceAll(',', '%2C'));
}

/**
 * Formats lines for the file that `GITHUB_OUTPUT` names. Workflows put outputs into scripts, so anything but letters,
 * digits and `. _ + -` becomes `_`.
 */
export function formatGithubOutputs(outputs: Readonly<Record<string, string>>): Printable {
  const set = Object.entries(outputs).map(
    ([name, value]) =>
      literal`${printable(name)}=${assumePrintable(printable(value).replace(/[^\w.+-]/g, '_'))}`,
  );
  return literal`${joinLines(set)}\n`;
}
