/** Several deployments that are read or followed, as an overview of how they stand. */
import { getCurrentSnapshot, rankOf, type Standing, stateOf, troubleOf } from '../../monitor/many/status.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import type { Limit } from './layout.ts';
import { createUpgradeCells, type OverviewRow, renderOverview } from './overview.ts';

/** More is had by asking for that one. */
const maxRemarkLines = 2;

export function createStatusRow(standing: Standing): OverviewRow {
  return {
    deployment: printable(standing.deployment),
    // As a rule that is the same name.
    application: literal``,
    state: printable(stateOf(standing)),
    ...createUpgradeCells(getCurrentSnapshot(standing)),
    remark: printable(troubleOf(standing)),
    rank: rankOf(standing),
  };
}

export function renderStatuses(
  rows: readonly OverviewRow[],
  style: Style,
  limit: Limit,
  troubleFirst: boolean,
): Printable {
  return renderOverview(rows, style, { limit, maxRemarkLines, troubleFirst });
}
