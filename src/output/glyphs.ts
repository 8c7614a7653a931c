/** Selects the characters that screens are drawn with: ASCII where the locale is not UTF-8. Pure. */
import type { Host } from '../platform/host.ts';
import { literal, type Printable } from '../platform/printable.ts';

/** Characters that screens are drawn with. Each has the same width in both sets, except `ellipsis`. */
export interface Glyphs {
  readonly done: Printable;
  readonly busy: Printable;
  /** Attention needed. */
  readonly act: Printable;
  readonly bad: Printable;
  readonly back: Printable;
  /** Not started. */
  readonly pending: Printable;
  /** Parts of a bar: done, under way, not started, rolled back. */
  readonly full: Printable;
  readonly current: Printable;
  readonly empty: Printable;
  readonly undone: Printable;
  /** Less than half a cell of a bar. */
  readonly thin: Printable;
  readonly ellipsis: Printable;
  /** Between the two ends of a range. */
  readonly dash: Printable;
  /** Between two versions. */
  readonly arrow: Printable;
  /** Between facts on one line. */
  readonly dot: Printable;
  /** Frames of a spinner. */
  readonly spinner: readonly Printable[];
}

const unicodeGlyphs: Glyphs = {
  done: literal`✓`,
  busy: literal`●`,
  act: literal`!`,
  bad: literal`✗`,
  back: literal`↩`,
  pending: literal`·`,
  full: literal`█`,
  current: literal`▓`,
  empty: literal`░`,
  undone: literal`▒`,
  thin: literal`▏`,
  ellipsis: literal`…`,
  dash: literal`–`,
  arrow: literal`→`,
  dot: literal`·`,
  spinner: [
    literal`⠋`,
    literal`⠙`,
    literal`⠹`,
    literal`⠸`,
    literal`⠼`,
    literal`⠴`,
    literal`⠦`,
    literal`⠧`,
    literal`⠇`,
    literal`⠏`,
  ],
};

const asciiGlyphs: Glyphs = {
  done: literal`+`,
  busy: literal`*`,
  act: literal`!`,
  bad: literal`x`,
  back: literal`<`,
  pending: literal`.`,
  full: literal`#`,
  current: literal`=`,
  empty: literal`.`,
  undone: literal`-`,
  thin: literal`|`,
  ellipsis: literal`...`,
  dash: literal`-`,
  arrow: literal`->`,
  dot: literal`-`,
  spinner: [literal`|`, literal`/`, literal`-`, literal`\\`],
};

/** Selects the characters by the locale. Without one in the environment, as on Windows, UTF-8 is assumed. */
export function selectGlyphs(env: Host['env']): Glyphs {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8';
  return /utf-?8/i.test(locale) && env['TERM'] !== 'dumb' ? unicodeGlyphs : asciiGlyphs;
}
