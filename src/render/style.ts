/** How to draw on one stream: colour or not, and how wide. Decided once for each stream. */
import { Chalk } from 'chalk';
import type { Host, Output } from '../host.ts';
import type { ColorChoice } from '../settings.ts';
import { type Printable, stillPrintable } from '../text.ts';

type Paint = (text: Printable) => Printable;

export interface Style {
  readonly width: number;
  /** Colours by meaning; each returns its text as it is where there is to be no colour. */
  readonly good: Paint;
  readonly bad: Paint;
  readonly busy: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** The option first, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then whether the stream is a terminal. */
export function wantsColor(choice: ColorChoice, output: Output, env: Host['env']): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env['CLICOLOR_FORCE'] && env['CLICOLOR_FORCE'] !== '0') return true;
  return output.isTTY && env['TERM'] !== 'dumb';
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
