/** Several deployments that are read or followed, as an overview of how they stand. */
import { getCurrentSnapshot, type WatchStatus } from '../../monitor/status.ts';
import { describeProblem, describeStatus, rankStatus } from '../../monitor/status-wording.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import type { Limit } from './layout.ts';
import { createUpgradeCells, type OverviewRow, renderOverview } from './overview.ts';

/** More is had by asking for that one. */
const maxRemarkLines = 2;

export function createStatusRow(status: WatchStatus): OverviewRow {
  return {
    deployment: printable(status.deployment),
    // As a rule that is the same name.
    application: literal``,
    state: printable(describeStatus(status)),
    ...createUpgradeCells(getCurrentSnapshot(status)),
    remark: printable(describeProblem(status) ?? ''),
    rank: rankStatus(status),
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
