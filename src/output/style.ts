/** How to draw on one stream: colour or not, and how wide. */
import { Chalk } from 'chalk';
import type { ColorChoice } from '../config/settings.ts';
import type { Host, Output } from '../platform/host.ts';
import { type Printable, stillPrintable } from '../platform/printable.ts';
import { wantsColor } from './color.ts';

/** Colours a text, which is fitted to its place already. */
export type Paint = (text: Printable) => Printable;

/** Leaves a text as it is. */
export const plain: Paint = (text) => text;

export interface Style {
  readonly width: number;
  /** Colours by meaning; each returns its text as it is where there is to be no colour. */
  readonly good: Paint;
  readonly bad: Paint;
  readonly busy: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

export function styleOf(choice: ColorChoice, output: Output, env: Host['env']): Style {
  const chalk = new Chalk({ level: wantsColor(choice, output, env) ? 1 : 0 });
  return {
    width: output.columns || 80,
    good: (text) => stillPrintable(chalk.green(text)),
    bad: (text) => stillPrintable(chalk.red(text)),
    busy: (text) => stillPrintable(chalk.cyan(text)),
    faint: (text) => stillPrintable(chalk.dim(text)),
    strong: (text) => stillPrintable(chalk.bold(text)),
  };
}
