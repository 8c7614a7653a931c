/** Renders a dashboard: an overview of the deployments that are upgrading, or have been until recently. */
import type { Dashboard } from '../../monitor/dashboard.ts';
import { isUnderWay } from '../../monitor/status.ts';
import { formatCount, formatTally } from '../../platform/format.ts';
import type { Printable } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import { type OverviewView, renderOverview } from './render.ts';
import type { OverviewRow } from './row.ts';

/** Renders a dashboard. @param rows a row for each status, in the same order */
export function renderDashboard(
  { statuses, lists }: Pick<Dashboard, 'statuses' | 'lists'>,
  rows: readonly OverviewRow[],
  style: Style,
  view: Omit<OverviewView, 'heading'>,
): Printable {
  const isOpen = statuses.map(isUnderWay);
  const tally = (open: boolean) =>
    formatTally(rows.filter((_, index) => isOpen[index] === open).map(({ kind }) => kind));
  const omitted = lists.reduce((sum, list) => sum + list.omitted, 0);
  const total = lists.reduce((sum, { count = 0 }) => sum + count, 0);
  const details = [
    omitted > 0 ? `${omitted} more upgrading` : '',
    tally(false),
    formatCount(total, 'deployment'),
  ];
  const heading = {
    subject: tally(true) || 'Nothing is upgrading',
    details: details.filter(Boolean).join(` ${style.glyphs.dot} `),
  };
  return renderOverview(rows, style, { ...view, heading });
}
