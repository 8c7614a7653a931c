/** Renders all deployments: as a table, lines, or JSON whose members are promised. */
import type { ListedDeployment } from '../monitor/list.ts';
import { type Printable, printable } from '../platform/printable.ts';
import type { UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../upgrade/state.ts';
import { describeDeployment, describeState, describeStateBriefly } from '../upgrade/wording.ts';
import { renderPlainLine } from './plain-line.ts';
import type { Style } from './style.ts';
import { selectLimit } from './table/layout.ts';
import { createUpgradeCells, renderOverview } from './table/overview.ts';
import type { OverviewRow } from './table/overview-table.ts';

/** Renders the deployments as a table. */
export function renderDeploymentTable(all: readonly ListedDeployment[], style: Style): Printable {
  return renderOverview(all.map(createRow), style, { limit: selectLimit(true) });
}

function createRow({ deployment, upgrade, problem }: ListedDeployment): OverviewRow {
  const { name, application = '', status, details } = deployment;
  const snapshot = upgrade?.snapshot;
  const isInTrouble = problem !== undefined || status === 'Failed';
  return {
    deployment: printable(name),
    application: printable(application),
    state: printable(snapshot ? describeStateBriefly(snapshot) : describeDeployment(deployment)),
    ...createUpgradeCells(snapshot),
    remark: printable([describeProblem(problem), details].filter(Boolean).join('; ')),
    rank: isInTrouble ? 0 : status === 'Ready' ? 2 : 1,
  };
}

/** Renders a deployment as a line. */
export function renderDeploymentLine(
  { deployment, upgrade, problem }: ListedDeployment,
  time: Date,
): Printable {
  const { name, application, details } = deployment;
  const words = [
    describeDeployment(deployment),
    ...(upgrade ? [describeTarget(upgrade.snapshot) + describeState(upgrade.snapshot)] : []),
    describeProblem(problem),
    details,
  ];
  const head = application ? `${name} (${application})` : name;
  return renderPlainLine(`${head}: ${words.filter(Boolean).join('; ')}`, time);
}

function describeProblem(problem: string | undefined): string | undefined {
  return problem && `its upgrade could not be read: ${problem}`;
}

function describeTarget({ upgrade }: UpgradeSnapshot): string {
  return upgrade.targetVersion && !isNeverUpgraded(upgrade) ? `to ${upgrade.targetVersion}: ` : '';
}

/** Renders all deployments as one JSON document of the gateway's own documents, with those of their upgrades. */
export function renderDeploymentsJson(all: readonly ListedDeployment[]): string {
  const items = all.map(({ deployment: { document }, upgrade }) =>
    upgrade ? `${document.slice(0, -1)},"UpgradeProgress":${upgrade.document}}` : document,
  );
  return `{"Items":[${items.join(',')}]}`;
}
