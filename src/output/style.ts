/** How to draw on one stream: colour or not, and how wide. */
import { Chalk } from 'chalk';
import type { ColorChoice } from '../config/settings.ts';
import type { Host, Output } from '../platform/host.ts';
import { assumePrintable, type Printable } from '../platform/printable.ts';
import { hasColor } from './color.ts';

/** Colours a text, which is fitted to its place already. */
export type Paint = (text: Printable) => Printable;

/** Leaves a text as it is. */
export const paintNothing: Paint = (text) => text;

export interface Style {
  readonly width: number;
  /** Colours by meaning; each returns its text as it is where there is to be no colour. */
  readonly good: Paint;
  readonly bad: Paint;
  readonly busy: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

export function createStyle(choice: ColorChoice, output: Output, env: Host['env']): Style {
  const chalk = new Chalk({ level: hasColor(choice, output, env) ? 1 : 0 });
  return {
    width: output.columns || 80,
    good: (text) => assumePrintable(chalk.green(text)),
    bad: (text) => assumePrintable(chalk.red(text)),
    busy: (text) => assumePrintable(chalk.cyan(text)),
    faint: (text) => assumePrintable(chalk.dim(text)),
    strong: (text) => assumePrintable(chalk.bold(text)),
  };
}
