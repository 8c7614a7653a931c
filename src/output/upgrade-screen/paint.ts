/** Selects glyphs and colours by mood. */
import type { Printable } from '../../platform/printable.ts';
import type { Mood } from '../../upgrade/headline.ts';
import { type Paint, paintNothing, type Style } from '../style.ts';

/** Selects the colour of a mood. */
export function selectPaint(mood: Mood, style: Style): Paint {
  return mood === 'idle' ? style.faint : style[mood];
}

/** Renders the glyph of a mood in its colour. */
export function renderGlyph(mood: Mood, style: Style): Printable {
  const { glyphs } = style;
  const glyph = {
    good: glyphs.done,
    busy: glyphs.busy,
    act: glyphs.act,
    bad: glyphs.bad,
    idle: glyphs.pending,
  };
  return selectPaint(mood, style)(glyph[mood]);
}

/** Selects the colour of what a finding says. */
export function selectSeverityPaint(severity: 'error' | 'warning' | 'info', style: Style): Paint {
  return { error: style.bad, warning: style.act, info: paintNothing }[severity];
}
