/** All deployments: as a table, lines, or JSON whose members are promised. */
import type { ListedDeployment } from '../monitor/list.ts';
import { type Printable, printable } from '../platform/printable.ts';
import type { UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../upgrade/state.ts';
import { describeDeployment, describeState, describeStateBriefly } from '../upgrade/wording.ts';
import { renderPlainLine } from './plain-line.ts';
import type { Style } from './style.ts';
import { selectLimit } from './table/layout.ts';
import { createUpgradeCells, type OverviewRow, renderOverview } from './table/overview.ts';

export function renderDeploymentTable(all: readonly ListedDeployment[], style: Style): Printable {
  return renderOverview(all.map(createRow), style, { limit: selectLimit(true) });
}

function createRow({ deployment, upgrade, problem }: ListedDeployment): OverviewRow {
  const { name, application, status, details } = deployment;
  const snapshot = upgrade?.snapshot;
  const isInTrouble = problem !== undefined || status === 'Failed';
  const isAtRest = status === 'Ready';
  return {
    deployment: printable(name),
    application: printable(application),
    state: printable(snapshot ? describeStateBriefly(snapshot) : describeDeployment(deployment)),
    ...createUpgradeCells(snapshot),
    remark: printable([shortenProblem(problem), details].filter(Boolean).join('; ')),
    rank: isInTrouble ? 0 : isAtRest ? 2 : 1,
  };
}

export function renderDeploymentLine(listed: ListedDeployment, time: Date): Printable {
  const { deployment } = listed;
  const application = deployment.application ? ` (${deployment.application})` : '';
  const words = [describeDeployment(deployment), ...describeDetails(listed)].join('; ');
  return renderPlainLine(`${deployment.name}${application}: ${words}`, time);
}

/** What its upgrade does, and what the cluster says of it. */
function describeDetails({ deployment, upgrade, problem }: ListedDeployment): readonly string[] {
  return [
    ...(upgrade ? [describeTarget(upgrade.snapshot) + describeState(upgrade.snapshot)] : []),
    ...(problem ? [shortenProblem(problem)] : []),
    ...(deployment.details ? [deployment.details] : []),
  ];
}

function shortenProblem(problem: string | undefined): string {
  return problem === undefined ? '' : `its upgrade could not be read: ${problem}`;
}

function describeTarget({ upgrade }: UpgradeSnapshot): string {
  return upgrade.targetVersion && !isNeverUpgraded(upgrade) ? `to ${upgrade.targetVersion}: ` : '';
}

/** The gateway's own documents of all pages in one, each with that of its upgrade where that was read. */
export function renderDeploymentsJson(all: readonly ListedDeployment[]): string {
  const items = all.map(({ deployment: { document }, upgrade }) =>
    upgrade ? `${document.slice(0, -1)},"UpgradeProgress":${upgrade.document}}` : document,
  );
  return `{"Items":[${items.join(',')}]}`;
}
