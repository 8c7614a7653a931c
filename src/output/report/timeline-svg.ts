/**
 * Draws timelines as inline SVG. Positions along the time are percentages, so that a drawing fits any width while its
 * text keeps its size. Pure.
 */
import { formatElapsed, truncate } from '../../platform/format.ts';
import { literal, type Printable } from '../../platform/printable.ts';
import { selectGlyphs } from '../glyphs.ts';
import { formatClockTime } from '../upgrade-screen/clock-time.ts';
import type { Mark } from './mark.ts';
import { element, textElement } from './markup.ts';
import type { Span, Timeline, TimelineRow } from './timeline.ts';

const glyphs = selectGlyphs({});

/** Rows that are drawn. */
const maxRows = 60;

/** Longest name, in characters. A phone has room for it and two times. */
const maxNameLength = 24;

/** Heights in pixels. */
const rowHeight = 40;
const textBase = 15;
const barTop = 21;
const barHeight = 10;
const axisHeight = 30;

/** Draws a timeline. @param id unique in the document */
export function drawTimeline(timeline: Timeline, title: string, id: string): Printable {
  const rows = timeline.rows.slice(0, maxRows);
  const bottom = rows.length * rowHeight;
  return element(
    'svg',
    {
      role: 'img',
      'aria-labelledby': id,
      class: 'timeline',
      width: '100%',
      height: bottom + axisHeight,
    },
    textElement('title', { id }, title),
    ...rows.map((row, index) => drawRow(row, index * rowHeight, timeline)),
    ...drawAxis(timeline, bottom),
  );
}

/** Explains the bars of a timeline that went back; empty for any other. */
export function drawLegend({ rows }: Timeline): Printable {
  if (rows.every(({ back }) => back === undefined)) return literal``;
  const isFailed = rows.some(({ mark, forward }) => mark === 'bad' && forward !== undefined);
  const meanings = {
    forward: 'to the new version',
    ...(isFailed && { failed: 'failed' }),
    back: 'back to the old version',
  };
  const entries = Object.entries(meanings).map(([name, meaning]) =>
    textElement('span', { class: name }, meaning),
  );
  return element('p', { class: 'legend' }, ...entries);
}

function drawRow({ mark, name, forward, back }: TimelineRow, top: number, timeline: Timeline): Printable {
  const label = `${mark ? `${glyphs[mark]} ` : ''}${clipName(name)}`;
  return element(
    'g',
    {},
    textElement('text', { x: 0, y: top + textBase, class: mark ?? 'stage' }, label),
    textElement('text', { x: '100%', y: top + textBase, class: 'time' }, describeSpans(forward, back)),
    element('rect', { x: 0, y: top + barTop, width: '100%', height: barHeight, rx: 3, class: 'track' }),
    ...(forward ? [drawSpan(forward, top, selectBar(mark), timeline)] : []),
    ...(back ? [drawSpan(back, top, 'back', timeline)] : []),
  );
}

/** Selects the class of a forward bar. */
function selectBar(mark: Mark | undefined): string {
  if (mark === undefined) return 'stage';
  return mark === 'bad' ? 'failed' : mark === 'busy' ? 'busy' : 'forward';
}

/** Cuts a name; the table beside the drawing has it whole. */
function clipName(name: string): string {
  return name.length > maxNameLength ? `${truncate(name, maxNameLength - 1)}${glyphs.ellipsis}` : name;
}

/** Describes the times of a domain: `4m 00s`, `4m 00s  ↩ 2m 00s`. */
function describeSpans(forward: Span | undefined, back: Span | undefined): string {
  const times = [
    ...(forward?.took === undefined ? [] : [formatSpan(forward)]),
    ...(back?.took === undefined ? [] : [`${glyphs.back} ${formatSpan(back)}`]),
  ];
  return times.join('  ');
}

/** Formats the length of a span: `4m 00s`, `>4m 00s`. */
export function formatSpan({ took = 0, isLonger }: Span): string {
  return `${isLonger ? '>' : ''}${formatElapsed(took)}`;
}

/** Narrowest bar, in percent, so that a short span can be seen. */
const minPercent = 0.6;

function drawSpan({ began, took = 0 }: Span, top: number, name: string, { length }: Timeline): Printable {
  const toPercent = (time: number) => (length > 0 ? (100 * time) / length : 0);
  const width = Math.max(minPercent, toPercent(took));
  const x = Math.min(100 - width, toPercent(began));
  return element('rect', {
    x: `${round(x)}%`,
    y: top + barTop,
    width: `${round(width)}%`,
    height: barHeight,
    rx: 3,
    class: name,
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Longest time before the rollout that leaves room for the first label, and for one in the middle, as shares. */
const maxOffset = { first: 0.5, middle: 0.2 };

/** Draws the times below the rows, from the start of the rollout on: the time before is on another clock. */
function drawAxis({ startedAt, offset, length }: Timeline, bottom: number): readonly Printable[] {
  const ticks = [
    ...(offset > maxOffset.first * length ? [] : [{ time: offset, anchor: 'start' }]),
    ...(offset > maxOffset.middle * length ? [] : [{ time: length / 2, anchor: 'middle' }]),
    { time: length, anchor: 'end' },
  ];
  return ticks.map(({ time, anchor }) => {
    const clock = startedAt && formatClockTime(new Date(startedAt.getTime() + time - offset), startedAt);
    const text = clock ?? formatElapsed(time - offset);
    const x = `${length > 0 ? round((100 * time) / length) : 0}%`;
    const place = { x, y: bottom + textBase, 'text-anchor': anchor, class: 'axis' };
    return textElement('text', place, clock && time === length ? `${text} UTC` : text);
  });
}
