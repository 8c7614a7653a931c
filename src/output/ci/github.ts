/**
 * Formats annotations and outputs for GitHub Actions. Text is printable already, so that it cannot begin a line or a
 * command of its own.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import type { Secret } from '../../platform/secret.ts';
import { type Annotation, escapeData, shorten } from './annotation.ts';

/** Formats a highlighted error or warning. */
export function formatGithubAnnotation({ level, title, lines, location }: Annotation): Printable {
  const text = shorten(joinLines(lines.map(printable)));
  const place = location
    ? literal`file=${escapeProperty(printable(location.file))},line=${location.line},`
    : literal``;
  return literal`::${printable(level)} ${place}title=${escapeProperty(printable(title))}::${escapeGithubData(text)}\n`;
}

/** Formats the command after which the runner hides a secret in the log. */
export function formatGithubMask(secret: Secret): Printable {
  return literal`::add-mask::${escapeGithubData(assumePrintable(secret.reveal()))}\n`;
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
