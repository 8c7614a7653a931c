/** Renders all deployments: as a table, lines, or JSON with a stable schema. */
import type { ListedDeployment } from '../monitor/list.ts';
import { nameDeployment } from '../monitor/target.ts';
import { createErrorDocument, type Explanation } from '../platform/errors.ts';
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

/** Renders the deployments as a table. @param clusterName name of the cluster, or names of several */
export function renderDeploymentTable(
  all: readonly ListedDeployment[],
  clusterName: string,
  style: Style,
): Printable {
  const view = { cluster: clusterName, maxLines: Infinity, hint: '', maxReasonLines: Infinity };
  return renderOverview(all.map(createRow), style, view);
}

function createRow(listed: ListedDeployment): OverviewRow {
  const { cluster = '', deployment, upgrade, problem } = listed;
  const { name, application = '' } = deployment;
  const words = describeDeployment(deployment);
  const isKnown = `${deployment.status}` !== words;
  const mood = problem === undefined ? getMood(deployment.status) : 'act';
  return {
    ...(upgrade ? createUpgradeCells(upgrade.snapshot) : createStateCells(mood, words)),
    cluster: printable(cluster),
    deployment: printable(name),
    application: printable(application === `fabric:/${name}` ? '' : application),
    reason: printable(listReasons(listed).join('; ')),
    steps: [],
    detailsCommand: undefined,
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
export function renderDeploymentLine(listed: ListedDeployment, time: Date): Printable {
  const { cluster, deployment, upgrade } = listed;
  const { application } = deployment;
  const name = nameDeployment(deployment.name, cluster);
  const words = [
    describeDeployment(deployment),
    ...(upgrade ? [describeTarget(upgrade.snapshot) + describeState(upgrade.snapshot)] : []),
    ...listReasons(listed),
  ];
  const head = application ? `${name} (${application})` : name;
  return renderPlainLine(`${head}: ${words.join('; ')}`, time);
}

/** Lists what is to be said beside the state. While upgrading, the deployment's details repeat the upgrade's state. */
function listReasons({ deployment, upgrade, problem }: ListedDeployment): readonly string[] {
  return [
    ...(problem ? [`its upgrade could not be read: ${problem}`] : []),
    ...(deployment.details && !upgrade ? [excerptInline(deployment.details)] : []),
  ];
}

function describeTarget({ upgrade }: UpgradeSnapshot): string {
  return upgrade.targetVersion && !isNeverUpgraded(upgrade) ? `to ${upgrade.targetVersion}: ` : '';
}

/**
 * Renders all deployments as one JSON document of the gateway's own documents, with those of their upgrades and, of
 * several clusters, their names.
 * @param errors why clusters could not be read, by name
 */
export function renderDeploymentsJson(
  all: readonly ListedDeployment[],
  errors: ReadonlyMap<string, Explanation> = new Map(),
): string {
  const items = all.map(({ cluster, deployment: { document }, upgrade }) => {
    const members = [
      ...(upgrade ? [`"UpgradeProgress":${upgrade.document}`] : []),
      ...(cluster === undefined ? [] : [`"cluster":${JSON.stringify(cluster)}`]),
    ];
    return members.length > 0 ? `${document.slice(0, -1)},${members.join(',')}}` : document;
  });
  const failed = [...errors].map(
    ([cluster, explanation]) =>
      `${createErrorDocument(explanation).slice(0, -1)},"cluster":${JSON.stringify(cluster)}}`,
  );
  return `{"Items":[${items.join(',')}]${failed.length > 0 ? `,"Errors":[${failed.join(',')}]` : ''}}`;
}
