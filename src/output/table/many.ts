/** Several deployments, read or watched, as an overview. */
import { getCurrentSnapshot, rankOf, type Standing, stateOf, troubleOf } from '../../monitor/many/status.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import type { Limit } from './layout.ts';
import { createUpgradeCells, type OverviewRow, renderOverview } from './overview.ts';

/** Lines of a cell, and of a remark. The command for a single deployment prints more. */
const maxRemarkLines = 2;

/** Creates the row of a deployment. */
export function createStatusRow(standing: Standing): OverviewRow {
  return {
    deployment: printable(standing.deployment),
    // As a rule the application has the deployment's name.
    application: literal``,
    state: printable(stateOf(standing)),
    ...createUpgradeCells(getCurrentSnapshot(standing)),
    remark: printable(troubleOf(standing)),
    rank: rankOf(standing),
  };
}

/** Renders the rows, in their order or with those in trouble first. */
export function renderStatuses(
  rows: readonly OverviewRow[],
  style: Style,
  limit: Limit,
  troubleFirst: boolean,
): Printable {
  return renderOverview(rows, style, { limit, maxRemarkLines, troubleFirst });
}
