/** The timeline of an upgrade that went well: a bar for each domain whose times are known. */
import { formatCount, formatElapsed } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { SeenStage } from '../../upgrade/course.ts';
import { type Domain, listDomains } from '../../upgrade/domain-progress.ts';
import type { Duration } from '../../upgrade/model.ts';
import { nameDomain } from '../../upgrade/names.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import type { Style } from '../style.ts';
import { cutName } from './line.ts';
import { drawLines, gap, indent, measureColumn } from './table-lines.ts';

/** Domains that have a row each. */
const maxRows = 12;

const minBarWidth = 10;

/** One row: a domain, or a stage before or after the domains. */
interface Step {
  readonly glyph: Printable;
  readonly name: string;
  /** `undefined` if it is not known. */
  readonly time: Span | undefined;
  /** Whether it may have begun before the watch saw it. */
  readonly isLonger: boolean;
}

/** Times in milliseconds from the beginning of the timeline. */
interface Span {
  readonly began: Duration;
  readonly took: Duration;
}

/** Renders the timeline; nothing if no times of domains are known. */
export function renderTimeline(snapshot: UpgradeSnapshot, full: boolean, style: Style): readonly Printable[] {
  const { finished } = snapshot.course;
  const { list } = listDomains(snapshot);
  if (finished.length === 0) return [];
  if (list.length > maxRows && !full) return [literal`  ${printable(describeMany(list.length, finished))}`];
  const steps = listSteps(snapshot, list, style);
  const names = steps.map(({ glyph, name }) => literal`${glyph} ${cutName(name, style)}`);
  const spans = steps.map(({ time, isLonger }) =>
    time ? printable(`${isLonger ? '>' : ''}${formatElapsed(time.took)}`) : literal``,
  );
  const [nameWidth, spanWidth] = [measureColumn(names), Math.max(1, measureColumn(spans))];
  const barWidth = style.width - indent - nameWidth - spanWidth - 2 * gap;
  const hasBars = barWidth >= minBarWidth;
  const total = Math.max(...steps.map(({ time }) => (time ? time.began + time.took : 0)));
  const rows = steps.map(({ time }, index): readonly Printable[] => {
    const cells = [names[index] ?? literal``, spans[index] ?? literal``];
    return hasBars ? [...cells, time ? drawSpan(time, total, barWidth, style) : literal``] : cells;
  });
  return drawLines(rows, [nameWidth, spanWidth, ...(hasBars ? [barWidth] : [])], [1]);
}

/** Lists the domains, between provisioning and cleaning up if the watch saw these. */
function listSteps(
  { course, upgrade }: UpgradeSnapshot,
  list: readonly Domain[],
  style: Style,
): readonly Step[] {
  const { provisioning, cleanUp, finished } = course;
  const start = getTook(provisioning) ?? 0;
  const done = style.good(style.glyphs.done);
  const times = new Map(finished.map(({ name, began, took }) => [name, { began: start + began, took }]));
  const domains = list.map(({ name }) => ({
    glyph: done,
    name: nameDomain(name),
    time: times.get(name),
    isLonger: false,
  }));
  const end = Math.max(upgrade.duration ?? 0, ...finished.map(({ began, took }) => began + took));
  return [
    ...createStage('provision', provisioning, 0),
    ...domains,
    ...createStage('clean up', cleanUp, start + end),
  ];
}

function createStage(name: string, stage: SeenStage | undefined, began: Duration): readonly Step[] {
  const took = getTook(stage);
  if (stage === undefined || took === undefined) return [];
  return [{ glyph: literal` `, name, time: { began, took }, isLonger: !stage.isWhole }];
}

function getTook(stage: SeenStage | undefined): Duration | undefined {
  return stage?.until === undefined ? undefined : stage.until - stage.from;
}

/** Draws a span as a part of the whole. */
function drawSpan({ began, took }: Span, total: Duration, width: number, style: Style): Printable {
  const start = Math.min(width - 1, Math.round((width * began) / total));
  const end = Math.min(width, Math.max(start + 1, Math.round((width * (began + took)) / total)));
  const isShort = (width * took) / total < 0.5;
  const bar = isShort ? style.glyphs.thin : printable(style.glyphs.full.repeat(end - start));
  return literal`${printable(' '.repeat(start))}${style.good(bar)}`;
}

function describeMany(count: number, finished: readonly { readonly took: Duration }[]): string {
  const mean = finished.reduce((sum, { took }) => sum + took, 0) / finished.length;
  return `${formatCount(count, 'upgrade domain')}, about ${formatElapsed(mean)} each`;
}
