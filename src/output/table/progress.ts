/** Renders how far an upgrade is: a bar, its upgrade domains, and the nodes of the current one. */
import { formatElapsed } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { type Domain, type DomainState, measureProgress } from '../../upgrade/domain-progress.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { describeNode } from '../../upgrade/wording.ts';
import { paintNothing, type Style } from '../style.ts';
import type { Line } from './layout.ts';

/** Cells. */
const barWidth = 24;

/** Renders the progress as a bar: done, in progress, and left. */
export function renderBar(snapshot: UpgradeSnapshot, style: Style): readonly Line[] {
  const progress = measureProgress(snapshot);
  if (progress === undefined) return [];
  const { done, total, words } = progress;
  const countCells = (parts: number) => Math.round((barWidth * Math.min(parts, total)) / total);
  const [past, reached] = [countCells(done), countCells(done + 1)];
  const repeat = (cell: string, count: number) => printable(cell.repeat(count));
  return [
    [
      { text: repeat('█', past), paint: style.good },
      { text: repeat('▒', reached - past), paint: style.busy },
      { text: literal`${repeat('░', barWidth - reached)} ${printable(words)}`, paint: paintNothing },
    ],
  ];
}

const domainStates: readonly DomainState[] = ['done', 'current', 'unhealthy', 'failed', 'next', 'waiting'];

/** Renders the domains with a line for each state, which leaves out its middle if it is long. */
export function renderDomains(domains: readonly Domain[], full: boolean): readonly Printable[] {
  // Where all domains are done, their names alone say nothing.
  if (!full && domains.every(({ state, took }) => state === 'done' && took === undefined)) return [];
  return domainStates.flatMap((state) => {
    const names = domains.filter((domain) => domain.state === state).map(formatDomain);
    if (names.length === 0) return [];
    return [printable(`${state.padEnd(9)}  ${abbreviate(names, full).join(', ')}`)];
  });
}

function formatDomain({ name, took }: Domain): string {
  return took === undefined ? name : `${name} (${formatElapsed(took)})`;
}

function abbreviate(names: readonly string[], full: boolean): readonly string[] {
  if (full || names.length <= 8) return names;
  return [...names.slice(0, 3), `… ${names.length - 6} more …`, ...names.slice(-3)];
}

/** Renders the nodes of the current domain, with a line for each. */
export function renderNodes({ upgrade, services }: UpgradeSnapshot): readonly Printable[] {
  const nodes = upgrade.currentDomain?.nodes ?? [];
  const width = nodes.reduce((max, { name }) => Math.min(24, Math.max(max, name.length)), 0);
  return nodes.map((node) => printable(`${node.name.padEnd(width)}  ${describeNode(node, services)}`));
}
