/**
 * What Azure Pipelines reads from the log. Every text is printable before, with the commands in it broken up.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */

import { inLines, type Printable, printable, shown } from '../../platform/printable.ts';
import { type Annotation, escapedData, shortened } from './annotation.ts';

export function azureIssue({ level, title, lines }: Annotation): Printable {
  const text = shortened(inLines([title, ...lines].map(printable)));
  return shown`##vso[task.logissue type=${printable(level)}]${data(text)}\n`;
}

/** @param percent from 0 to 100 */
export function azureProgress(percent: number, text: string): Printable {
  return shown`##vso[task.setprogress value=${Math.round(percent)};]${data(shortened(printable(text)))}\n`;
}

function data(text: Printable): Printable {
  return escapedData(text, '%AZP25');
}
