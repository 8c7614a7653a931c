/** Determines width, characters and colours for a stream. */
import { Chalk } from 'chalk';
import type { ColorChoice } from '../config/settings.ts';
import type { Host, Output } from '../platform/host.ts';
import { assumePrintable, type Printable } from '../platform/printable.ts';
import { hasColor } from './color.ts';
import { type Glyphs, selectGlyphs } from './glyphs.ts';

/** Colours text that already fits its place. */
export type Paint = (text: Printable) => Printable;

/** Returns text unchanged. */
export const paintNothing: Paint = (text) => text;

/** Width of the widest screen: longer lines are hard to read. */
const maxWidth = 110;

/** The width of a stream, its characters, and its colours by meaning. */
export interface Style {
  readonly width: number;
  readonly glyphs: Glyphs;
  /** Colours by meaning; without colour they return text unchanged. */
  readonly good: Paint;
  readonly bad: Paint;
  readonly busy: Paint;
  /** Colour for text that calls for action. */
  readonly act: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** Creates the style of a stream. */
export function createStyle(choice: ColorChoice, output: Output, env: Host['env']): Style {
  const chalk = new Chalk({ level: hasColor(choice, output, env) ? 1 : 0 });
  return {
    width: Math.min(maxWidth, output.columns || 80),
    glyphs: selectGlyphs(env),
    good: (text) => assumePrintable(chalk.green(text)),
    bad: (text) => assumePrintable(chalk.red(text)),
    busy: (text) => assumePrintable(chalk.cyan(text)),
    act: (text) => assumePrintable(chalk.yellow(text)),
    faint: (text) => assumePrintable(chalk.dim(text)),
    strong: (text) => assumePrintable(chalk.bold(text)),
  };
}
