/**
 * What GitHub Actions reads: annotations in the log, a job summary in Markdown, and outputs for later steps. Every
 * text goes through `printable` first, so that none of them can begin a line or a command of its own.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */

import { printable } from '../text.ts';
import { type Annotation, mostText } from './annotation.ts';

export function githubAnnotation({ level, title, lines }: Annotation): string {
  const text = lines.map(printable).join('\n').slice(0, mostText);
  return `::${level} title=${property(printable(title))}::${data(text)}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Lines for the file that `GITHUB_OUTPUT` names. */
export function githubOutputs(outputs: Readonly<Record<string, string>>): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${printable(value)}\n`)
    .join('');
}

/** Markdown for the file that `GITHUB_STEP_SUMMARY` names. */
export function githubSummary(title: string, lines: readonly string[]): string {
  const list = lines.map((line) => `- ${markdown(line.slice(0, mostText))}`);
  return `${[`### ${markdown(title)}`, '', ...list.slice(0, 50), ''].join('\n')}\n`;
}

/** All that could mean something in Markdown or HTML, mentions and emoji included, becomes a character reference. */
function markdown(text: string): string {
  return printable(text).replace(
    /[^\p{L}\p{N}\s.,;/%'"=+?-]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
}
