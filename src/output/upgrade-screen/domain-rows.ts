/** The rows of the upgrade domains: state, name, nodes, and time. */
import { formatCount, formatDuration, formatElapsed } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import {
  type Domain,
  type DomainState,
  listDomains,
  listUnreachedDomains,
} from '../../upgrade/domain-progress.ts';
import type { Headline, Mood } from '../../upgrade/headline.ts';
import { findCauses } from '../../upgrade/health/causes.ts';
import type { Duration, NodeProgress } from '../../upgrade/model.ts';
import { nameDomain, nameNodes } from '../../upgrade/names.ts';
import { describePhase } from '../../upgrade/node-wording.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isHealthCheck, isRollback, isWaitingForApproval } from '../../upgrade/state.ts';
import type { Style } from '../style.ts';
import { measureWidth } from '../text-width.ts';
import { cut, cutName } from './line.ts';
import { renderGlyph, selectPaint } from './paint.ts';
import { drawLines, gap, indent, maxRows, measureColumn } from './table-lines.ts';

/** A row: a domain, or several in the same state. */
interface DomainRow {
  readonly state: DomainState;
  readonly domains: readonly Domain[];
}

/** @param fold whether to fold domains even if they are few; `never` for `--full` */
export function renderDomainRows(
  snapshot: UpgradeSnapshot,
  headline: Headline,
  fold: 'always' | 'many' | 'never',
  style: Style,
): readonly Printable[] {
  const { list } = listDomains(snapshot);
  const isFolded = fold === 'always' || (fold === 'many' && list.length > maxRows);
  const rows = isFolded ? foldRows(list) : list.map((domain) => ({ state: domain.state, domains: [domain] }));
  const names = rows.map((row) => renderName(row, snapshot, headline, style));
  const times = rows.map((row) => renderTime(row, snapshot, style));
  const nameWidth = measureColumn(names);
  const timeWidth = measureColumn(times);
  const nodesWidth = style.width - indent - nameWidth - gap - (timeWidth > 0 ? gap + timeWidth : 0);
  // Without room for nodes, names and times are left.
  if (nodesWidth < 10)
    return drawLines(
      names.map((name, index) => [name, times[index] ?? literal``]),
      [nameWidth, timeWidth],
      [1],
    );
  const nodes = rows.map((row) => renderNodes(row, snapshot, headline, nodesWidth, style));
  return timeWidth === 0
    ? drawLines(
        names.map((name, index) => [name, nodes[index] ?? literal``]),
        [nameWidth, nodesWidth],
      )
    : drawLines(
        names.map((name, index) => [name, nodes[index] ?? literal``, times[index] ?? literal``]),
        [nameWidth, nodesWidth, timeWidth],
        [2],
      );
}

/** Folds domains that are done, and those to come, into one row each. */
function foldRows(list: readonly Domain[]): readonly DomainRow[] {
  const rows: { state: DomainState; domains: Domain[] }[] = [];
  for (const domain of list) {
    const state = domain.state === 'next' ? 'waiting' : domain.state;
    const last = rows.at(-1);
    const isSame = last?.state === state && (state === 'done' || state === 'waiting');
    if (isSame) last.domains.push(domain);
    else rows.push({ state, domains: [domain] });
  }
  return rows;
}

/** @param isWaiting whether the upgrade waits for approval to continue with the next domain */
function selectMood(state: DomainState, { mood }: Headline, isWaiting: boolean): Mood {
  switch (state) {
    case 'done':
      return 'good';
    case 'current':
      return mood === 'act' || mood === 'bad' ? mood : 'busy';
    case 'unhealthy':
    case 'failed':
      return 'bad';
    case 'next':
      return isWaiting ? 'act' : 'idle';
    default:
      return 'idle';
  }
}

function renderName(
  { state, domains }: DomainRow,
  snapshot: UpgradeSnapshot,
  headline: Headline,
  style: Style,
) {
  const { glyphs } = style;
  const [first, last] = [domains[0]?.name ?? '', domains.at(-1)?.name ?? ''];
  const name =
    domains.length === 1
      ? cutName(nameDomain(first), style)
      : literal`${cutName(nameDomain(first), style)}${glyphs.dash}${cutName(last, style)}`;
  const isBack = isRollback(snapshot.upgrade);
  const isWaiting = isWaitingForApproval(snapshot.upgrade);
  const mood = isBack && state === 'current' ? 'busy' : selectMood(state, headline, isWaiting);
  const glyph = isBack && state === 'done' ? style.good(glyphs.back) : renderGlyph(mood, style);
  return literal`${glyph} ${mood === 'act' || mood === 'bad' ? selectPaint(mood, style)(name) : name}`;
}

/** Renders the time of a domain. A clock of zero says nothing. */
function renderTime({ state, domains }: DomainRow, { upgrade }: UpgradeSnapshot, style: Style): Printable {
  const isUnderWay = state === 'current' || state === 'unhealthy' || state === 'failed';
  const took = isUnderWay ? upgrade.domainDuration : domains.length === 1 ? domains[0]?.took : undefined;
  if (took === undefined || took < 1000) return literal``;
  const text = printable(formatElapsed(took));
  return state === 'done' ? style.faint(text) : text;
}

/** Renders the nodes of a domain, or how many domains there are. */
function renderNodes(
  row: DomainRow,
  snapshot: UpgradeSnapshot,
  headline: Headline,
  width: number,
  style: Style,
): Printable {
  const { state, domains } = row;
  const [domain] = domains;
  if (domain === undefined) return literal``;
  if (domains.length > 1) return style.faint(cut(describeFold(domains, style), width, style));
  const { upgrade, nodes } = snapshot;
  const listed = upgrade.currentDomain?.name === domain.name ? upgrade.currentDomain.nodes : [];
  const known = (nodes ?? []).filter((node) => node.domain === domain.name).map(({ name }) => name);
  const remark = describeDomain(domain, snapshot);
  const paint = selectPaint(selectMood(state, headline, isWaitingForApproval(upgrade)), style);
  const entries = listEntries(known, listed, findUnhealthy(state, snapshot), isReached(state), style);
  return joinEntries([...entries, ...(remark === '' ? [] : [{ text: remark, paint }])], width, style);
}

interface Entry {
  readonly text: string;
  readonly paint: (text: Printable) => Printable;
}

/** Reports whether nodes that the document does not list are done. */
function isReached(state: DomainState): boolean {
  return state !== 'next' && state !== 'waiting';
}

/** Finds the nodes that make the domain fail its health check. */
function findUnhealthy(state: DomainState, { upgrade }: UpgradeSnapshot): ReadonlySet<string> {
  const isJudged = state === 'unhealthy' || state === 'failed';
  return new Set(isJudged ? findCauses(upgrade.unhealthyEvaluations).flatMap(({ nodes }) => nodes) : []);
}

/** Lists all nodes of a domain: the document leaves out those that are done. */
function listEntries(
  known: readonly string[],
  listed: readonly NodeProgress[],
  unhealthy: ReadonlySet<string>,
  isReached: boolean,
  style: Style,
): readonly Entry[] {
  const progress = new Map(listed.map((node) => [node.name, node]));
  const names = [...new Set([...known, ...progress.keys()])];
  return names.map((name) => {
    const node = progress.get(name);
    const short = cutName(nameNodes([name], 1), style);
    if (unhealthy.has(name)) return { text: `${short} ${style.glyphs.bad}`, paint: style.bad };
    if (node)
      return {
        text: `${short} ${describePhase(node.phase)}${formatNodeTime(node)}`,
        paint: selectPhasePaint(node, style),
      };
    return { text: isReached ? `${short} ${style.glyphs.done}` : short, paint: style.faint };
  });
}

/** Formats how long the upgrade of a node takes, from the first minute on, if the runtime tells. */
function formatNodeTime({ duration = 0 }: NodeProgress): string {
  return duration < 60_000 ? '' : ` (${formatDuration(duration)})`;
}

function selectPhasePaint({ phase }: NodeProgress, style: Style): Entry['paint'] {
  return phase === 'Upgrading' ? style.busy : (text) => text;
}

/** Describes a domain apart from its nodes. */
function describeDomain(domain: Domain, snapshot: UpgradeSnapshot): string {
  const { upgrade } = snapshot;
  switch (domain.state) {
    case 'current':
      return isHealthCheck(upgrade) ? 'checking health' : '';
    case 'unhealthy':
      return 'unhealthy so far';
    case 'failed':
      return 'failed';
    case 'next':
    case 'waiting':
      return listUnreachedDomains(snapshot).includes(domain.name) ? 'not started' : '';
    default:
      return '';
  }
}

/** Joins entries as far as they fit, and counts the rest. */
function joinEntries(entries: readonly Entry[], width: number, style: Style): Printable {
  const parts = entries.map(({ text, paint }) => {
    const fitted = cut(text, width, style);
    return { width: measureWidth(fitted), text: paint(fitted) };
  });
  let line = literal``;
  let used = 0;
  for (const [index, part] of parts.entries()) {
    const separator = index === 0 ? literal`` : literal`   `;
    const more = parts.length - index - 1;
    const room = width - used - separator.length - (more > 0 ? `   +${more}`.length : 0);
    if (part.width > room)
      return literal`${line}${style.faint(literal`${separator}+${parts.length - index}`)}`;
    line = literal`${line}${separator}${part.text}`;
    used += separator.length + part.width;
  }
  return line;
}

/** Describes domains in one row: `6 domains, 4m each`. */
function describeFold(domains: readonly Domain[], { glyphs }: Style): string {
  const took = domains.flatMap((domain) => domain.took ?? []);
  const count = formatCount(domains.length, 'domain');
  return took.length < domains.length ? count : `${count}, ${formatSpread(took, `${glyphs.dash}`)} each`;
}

/** Rounds to minutes, as exact as the cluster's clocks are. */
function formatSpread(took: readonly Duration[], dash: string): string {
  const unit = Math.max(...took) < 120_000 ? 1000 : 60_000;
  const [low, high] = [Math.min(...took), Math.max(...took)].map((time) =>
    formatDuration(Math.round(time / unit) * unit),
  );
  return low === high ? `${low}` : `${low}${dash}${high}`;
}
