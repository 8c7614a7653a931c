/** All deployments: as a table, lines, or JSON whose members are promised. */
import type { Listed } from '../monitor/list.ts';
import { type Printable, printable } from '../platform/printable.ts';
import type { Situation } from '../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../upgrade/state.ts';
import { deploymentWords, shortStateWords, stateWords } from '../upgrade/wording.ts';
import { plainLine } from './plain-line.ts';
import type { Style } from './style.ts';
import { limitFor } from './table/layout.ts';
import { type OverviewRow, renderOverview, upgradeCells } from './table/overview.ts';

export function deploymentsTable(all: readonly Listed[], style: Style): Printable {
  return renderOverview(all.map(rowOf), style, { limit: limitFor(true) });
}

function rowOf({ deployment, upgrade, problem }: Listed): OverviewRow {
  const { name, application, status, details } = deployment;
  const situation = upgrade?.situation;
  const isInTrouble = problem !== '' || status === 'Failed';
  const isAtRest = status === 'Ready';
  return {
    deployment: printable(name),
    application: printable(application),
    state: printable(situation ? shortStateWords(situation) : deploymentWords(deployment)),
    ...upgradeCells(situation),
    remark: printable([problemWords(problem), details].filter(Boolean).join('; ')),
    rank: isInTrouble ? 0 : isAtRest ? 2 : 1,
  };
}

export function deploymentLine(listed: Listed, time: Date): Printable {
  const { deployment } = listed;
  const application = deployment.application ? ` (${deployment.application})` : '';
  const words = [deploymentWords(deployment), ...detailsOf(listed)].join('; ');
  return plainLine(`${deployment.name}${application}: ${words}`, time);
}

/** What its upgrade does, and what the cluster says of it. */
function detailsOf({ deployment, upgrade, problem }: Listed): readonly string[] {
  return [
    ...(upgrade ? [targetWords(upgrade.situation) + stateWords(upgrade.situation)] : []),
    ...(problem ? [problemWords(problem)] : []),
    ...(deployment.details ? [deployment.details] : []),
  ];
}

function problemWords(problem: string): string {
  return problem && `its upgrade could not be read: ${problem}`;
}

function targetWords({ upgrade }: Situation): string {
  return upgrade.targetVersion && !isNeverUpgraded(upgrade) ? `to ${upgrade.targetVersion}: ` : '';
}

/** The gateway's own documents of all pages in one, each with that of its upgrade where that was read. */
export function deploymentsJson(all: readonly Listed[]): string {
  const items = all.map(({ deployment: { document }, upgrade }) =>
    upgrade ? `${document.slice(0, -1)},"UpgradeProgress":${upgrade.document}}` : document,
  );
  return `{"Items":[${items.join(',')}]}`;
}
