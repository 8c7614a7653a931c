/** Renders many deployments, read or watched, as an overview. */
import { getCurrentSnapshot, type WatchStatus } from '../../monitor/status.ts';
import { describeProblem, describeStatus, rankStatus } from '../../monitor/status-wording.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import type { Limit } from './layout.ts';
import { createUpgradeCells, renderOverview } from './overview.ts';
import type { OverviewRow } from './overview-table.ts';

/** Lines of a cell, and of a remark. The command for a single deployment prints more. */
const maxRemarkLines = 2;

/** Creates the row of a deployment. */
export function createStatusRow(status: WatchStatus): OverviewRow {
  return {
    deployment: printable(status.deployment),
    // As a rule the application has the deployment's name.
    application: literal``,
    state: printable(describeStatus(status)),
    ...createUpgradeCells(getCurrentSnapshot(status)),
    remark: printable(describeProblem(status) ?? ''),
    rank: rankStatus(status),
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
