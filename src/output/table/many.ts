/** Several deployments that are read or followed, as an overview of how they stand. */
import { rankOf, type Standing, situationNow, stateOf, troubleOf } from '../../monitor/many/status.ts';
import { type Printable, printable, shown } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import type { Limit } from './layout.ts';
import { type OverviewRow, renderOverview, upgradeCells } from './overview.ts';

/** More is had by asking for that one. */
const mostLines = 2;

export function standingRow(standing: Standing): OverviewRow {
  return {
    deployment: printable(standing.deployment),
    // As a rule that is the same name.
    application: shown``,
    state: printable(stateOf(standing)),
    ...upgradeCells(situationNow(standing)),
    remark: printable(troubleOf(standing)),
    rank: rankOf(standing),
  };
}

export function renderStandings(
  rows: readonly OverviewRow[],
  style: Style,
  limit: Limit,
  troubleFirst: boolean,
): Printable {
  return renderOverview(rows, style, { limit, mostLines, troubleFirst });
}
