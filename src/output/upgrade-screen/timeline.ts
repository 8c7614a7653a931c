/** The timeline of an upgrade that went well: a bar for each domain whose times a watch has seen. */
import { formatCount, formatElapsed } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { listDomains } from '../../upgrade/domain-progress.ts';
import type { Duration } from '../../upgrade/model.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import type { Style } from '../style.ts';
import { cutText } from '../table/wrap.ts';
import { drawLines, gap, indent, measureColumn } from './table-lines.ts';

/** Domains that have a row each. */
const maxRows = 12;

const maxNameWidth = 24;
const minBarWidth = 10;

/** Renders the timeline; nothing if no times are known. */
export function renderTimeline(snapshot: UpgradeSnapshot, full: boolean, style: Style): readonly Printable[] {
  const { history, upgrade } = snapshot;
  const times = new Map(history.finished.map((domain) => [domain.name, domain]));
  const { list } = listDomains(snapshot);
  if (times.size === 0) return [];
  if (list.length > maxRows && !full)
    return [literal`  ${printable(describeMany(list.length, history.finished))}`];
  const total = Math.max(upgrade.duration ?? 0, ...history.finished.map(({ began, took }) => began + took));
  const steps = list.map(({ name }) => ({ name, time: times.get(name) }));
  const names = steps.map(
    ({ name }) => literal`${style.good(style.glyphs.done)} ${cutText(printable(name), maxNameWidth)}`,
  );
  const spans = steps.map(({ time }) => (time ? printable(formatElapsed(time.took)) : literal``));
  const [nameWidth, spanWidth] = [measureColumn(names), Math.max(1, measureColumn(spans))];
  const barWidth = style.width - indent - nameWidth - spanWidth - 2 * gap;
  const rows = steps.map(({ time }, index): readonly Printable[] => {
    const cells = [names[index] ?? literal``, spans[index] ?? literal``];
    return barWidth < minBarWidth
      ? cells
      : [...cells, time ? drawSpan(time, total, barWidth, style) : literal``];
  });
  const widths = [nameWidth, spanWidth, ...(barWidth < minBarWidth ? [] : [barWidth])];
  return drawLines(rows, widths, [1]);
}

/** Draws when a domain was upgraded, as a part of the whole. */
function drawSpan(
  { began, took }: { readonly began: Duration; readonly took: Duration },
  total: Duration,
  width: number,
  style: Style,
): Printable {
  const start = Math.min(width - 1, Math.round((width * began) / total));
  const end = Math.min(width, Math.max(start + 1, Math.round((width * (began + took)) / total)));
  const bar = printable(style.glyphs.full.repeat(end - start));
  return literal`${printable(' '.repeat(start))}${style.good(bar)}`;
}

function describeMany(count: number, finished: readonly { readonly took: Duration }[]): string {
  const mean = finished.reduce((sum, { took }) => sum + took, 0) / finished.length;
  return `${formatCount(count, 'upgrade domain')}, about ${formatElapsed(mean)} each`;
}
