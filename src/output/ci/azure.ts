/**
 * Formats logging commands of Azure Pipelines. Text is printable already, so that it cannot contain commands.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import type { Secret } from '../../platform/secret.ts';
import { type Annotation, escapeData, shorten } from './annotation.ts';

/** Formats a highlighted error or warning. */
export function formatAzureIssue({ level, title, lines, location }: Annotation): Printable {
  const text = shorten(joinLines([title, ...lines].map(printable)));
  const place = location
    ? literal`;sourcepath=${escapeProperty(printable(location.file))};linenumber=${location.line}`
    : literal``;
  return literal`##vso[task.logissue type=${printable(level)}${place}]${escapeAzureData(text)}\n`;
}

/** @param percent from 0 to 100 */
export function formatAzureProgress(percent: number, text: string): Printable {
  return literal`##vso[task.setprogress value=${Math.round(percent)};]${escapeAzureData(shorten(printable(text)))}\n`;
}

/** Formats the command after which the agent hides a secret in the log. */
export function formatAzureMask(secret: Secret): Printable {
  return literal`##vso[task.setsecret]${escapeAzureData(assumePrintable(secret.reveal()))}\n`;
}

/** Escapes the characters that end a property. */
function escapeProperty(text: Printable): Printable {
  return assumePrintable(escapeAzureData(text).replaceAll(';', '%3B').replaceAll(']', '%5D'));
}

function escapeAzureData(text: Printable): Printable {
  return escapeData(text, '%AZP25');
}
