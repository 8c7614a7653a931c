/** All deployments: as a table, lines, or JSON whose members are promised. */
import type { Listed } from '../listing.ts';
import type { Situation } from '../situation.ts';
import { type Printable, printable, shown } from '../text.ts';
import { isNeverUpgraded } from '../upgrade.ts';
import { deploymentWords, stateWords } from '../words.ts';
import { grid } from './grid.ts';
import { plainLine } from './plain.ts';
import type { Style } from './style.ts';

export function deploymentsTable(all: readonly Listed[], style: Style): Printable {
  const rows = all.map(({ deployment, ...rest }) => [
    deployment.name,
    deployment.application,
    deploymentWords(deployment),
    detailsOf({ deployment, ...rest }).join('; '),
  ]);
  const hasDetails = rows.some(([, , , details]) => details !== '');
  const columns = ['Deployment', 'Application', 'Status', ...(hasDetails ? ['Details'] : [])];
  const cells = rows.map((row) => row.slice(0, columns.length).map(printable));
  return shown`${grid(columns.map(printable), cells, style)}\n`;
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
    ...(problem ? [`its upgrade could not be read: ${problem}`] : []),
    ...(deployment.details ? [deployment.details] : []),
  ];
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
