/**
 * What Azure Pipelines reads from the log. Every text goes through `printable` first, which breaks up commands in it.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */

import { printable } from '../text.ts';
import { type Annotation, mostText } from './annotation.ts';

export function azureIssue({ level, title, lines }: Annotation): string {
  const text = [title, ...lines].map(printable).join('\n').slice(0, mostText);
  return `##vso[task.logissue type=${level}]${data(text)}\n`;
}

/** @param percent from 0 to 100 */
export function azureProgress(percent: number, text: string): string {
  return `##vso[task.setprogress value=${Math.round(percent)};]${data(printable(text).slice(0, mostText))}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
