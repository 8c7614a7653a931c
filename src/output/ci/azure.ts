/**
 * Formats logging commands of Azure Pipelines. Text is printable already, so that it cannot contain commands.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
import { joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import { type Annotation, escapeData, shorten } from './annotation.ts';

/** Formats a highlighted error or warning. */
export function formatAzureIssue({ level, title, lines }: Annotation): Printable {
  const text = shorten(joinLines([title, ...lines].map(printable)));
  return literal`##vso[task.logissue type=${printable(level)}]${escapeAzureData(text)}\n`;
}

/** @param percent from 0 to 100 */
export function formatAzureProgress(percent: number, text: string): Printable {
  return literal`##vso[task.setprogress value=${Math.round(percent)};]${escapeAzureData(shorten(printable(text)))}\n`;
}

function escapeAzureData(text: Printable): Printable {
  return escapeData(text, '%AZP25');
}
