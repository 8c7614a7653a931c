/** Renders all deployments: as a table, lines, or JSON with a stable schema. */
import type { ListedDeployment } from '../monitor/list.ts';
import { type Printable, printable } from '../platform/printable.ts';
import { excerptInline } from '../platform/report-text.ts';
import type { Mood } from '../upgrade/headline.ts';
import type { DeploymentStatus } from '../upgrade/model.ts';
import type { UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../upgrade/state.ts';
import { describeDeployment, describeState } from '../upgrade/wording.ts';
import { renderOverview } from './overview/render.ts';
import {
  createStateCells,
  createUpgradeCells,
  describeUpgradeKind,
  type OverviewRow,
} from './overview/row.ts';
import { renderPlainLine } from './plain-line.ts';
import type { Style } from './style.ts';

/** Renders the deployments as a table. @param cluster host and port */
export function renderDeploymentTable(
  all: readonly ListedDeployment[],
  cluster: string,
  style: Style,
): Printable {
  const view = { cluster, maxLines: Infinity, hint: '', maxReasonLines: Infinity };
  return renderOverview(all.map(createRow), style, view);
}

function createRow({ deployment, upgrade, problem }: ListedDeployment): OverviewRow {
  const { name, application = '', details } = deployment;
  const words = describeDeployment(deployment);
  const isKnown = `${deployment.status}` !== words;
  const mood = problem === undefined ? getMood(deployment.status) : 'act';
  return {
    ...(upgrade ? createUpgradeCells(upgrade.snapshot) : createStateCells(mood, words)),
    name,
    deployment: printable(name),
    application: printable(application === `fabric:/${name}` ? '' : application),
    reason: printable(
      [describeProblem(problem), details && excerptInline(details)].filter(Boolean).join('; '),
    ),
    steps: [],
    hasDetails: false,
    kind: upgrade ? describeUpgradeKind(upgrade.snapshot) : isKnown ? words : 'in an unknown state',
    // A list has no height limit.
    rank: 0,
  };
}

function getMood(status: DeploymentStatus['status']): Mood {
  if (status === 'Ready') return 'good';
  return status === 'Failed' || status === 'Invalid' ? 'bad' : 'busy';
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
    details && excerptInline(details),
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
