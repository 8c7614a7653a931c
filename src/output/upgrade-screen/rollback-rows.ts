/** The rows of an upgrade that was rolled back: the time of each domain forward, and back. */
import { formatElapsed } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { findTurn } from '../../upgrade/domain-progress.ts';
import { findVersions } from '../../upgrade/headline.ts';
import type { Duration } from '../../upgrade/model.ts';
import { nameDomain } from '../../upgrade/names.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import type { Style } from '../style.ts';
import { cutName, cutVersion } from './line.ts';
import { drawLines, gap, indent, maxRows, measureColumn } from './table-lines.ts';

/** Renders the domains; empty if it is unknown which of them the upgrade had begun, and how long any of them took. */
export function renderRollbackRows(
  snapshot: UpgradeSnapshot,
  full: boolean,
  style: Style,
): readonly Printable[] {
  const { course } = snapshot;
  const turn = findTurn(snapshot);
  const forward = new Map(course.forward?.finished.map(({ name, took }) => [name, took]));
  const back = new Map(course.finished.map(({ name, took }) => [name, took]));
  const hasTimes = forward.size > 0 || back.size > 0;
  const names = turn?.names ?? (hasTimes ? (course.forward?.domains ?? []) : []);
  const { from, to } = findVersions(snapshot);
  const { glyphs } = style;
  const row = (name: string, index: number): readonly Printable[] => {
    const isKnown = turn ? index <= turn.index : back.has(name);
    if (!isKnown)
      return [
        style.faint(literal`${glyphs.pending} ${cutName(nameDomain(name), style)}`),
        describeDirection('', from, forward.get(name), style),
        turn ? style.faint(literal`not started`) : literal``,
      ];
    const isTurn = index === turn?.index;
    const glyph = isTurn ? style.bad(glyphs.bad) : style.good(glyphs.back);
    return [
      literal`${glyph} ${isTurn ? style.bad(cutName(nameDomain(name), style)) : cutName(nameDomain(name), style)}`,
      describeDirection('', from, forward.get(name), style),
      describeDirection('back on ', to, back.get(name), style),
    ];
  };
  const isMany = names.length > maxRows && !full;
  if (isMany && turn === undefined) return [];
  const rows = names.map(row);
  const shown = isMany && turn ? foldRows(rows, names, turn.index, style) : rows;
  const widths = [0, 1, 2].map((column) =>
    Math.max(1, measureColumn(shown.map((cells) => cells[column] ?? literal``))),
  );
  const total = indent + widths.reduce((sum, width) => sum + width + gap, -gap);
  const [nameWidth = 1, , backWidth = 1] = widths;
  const hasForward = shown.some(([, text = literal``]) => text !== '');
  if (hasForward && total <= style.width) return drawLines(shown, widths);
  // A narrow screen has the way back only.
  return drawLines(
    shown.map(([name = literal``, , text = literal``]) => [name, text]),
    [nameWidth, backWidth],
  );
}

/** Describes one direction: `back on v1 in 2m 00s`. */
function describeDirection(
  lead: string,
  version: string | undefined,
  took: Duration | undefined,
  style: Style,
): Printable {
  if (took === undefined && lead === '') return literal``;
  const where = version === undefined ? '' : cutVersion(version, style);
  const time = took === undefined ? '' : `in ${formatElapsed(took)}`;
  const words = version === undefined ? lead.replace('on ', '') : `${lead}${where}`;
  return printable(`${words} ${time}`.trim());
}

/** Folds the domains before the one in which the upgrade turned back, and those after it. */
function foldRows(
  rows: readonly (readonly Printable[])[],
  names: readonly string[],
  turn: number,
  style: Style,
): readonly (readonly Printable[])[] {
  const { glyphs } = style;
  const fold = (
    from: number,
    to: number,
    glyph: Printable,
    words: Printable,
  ): readonly (readonly Printable[])[] => {
    if (to - from < 2) return rows.slice(from, to);
    const first = cutName(nameDomain(names[from] ?? ''), style);
    const last = cutName(names[to - 1] ?? '', style);
    return [
      [literal`${glyph} ${first}${glyphs.dash}${last}`, literal``, literal`${words}, ${to - from} domains`],
    ];
  };
  return [
    ...fold(0, turn, style.good(glyphs.back), literal`taken back`),
    ...rows.slice(turn, turn + 1),
    ...fold(turn + 1, names.length, style.faint(glyphs.pending), style.faint(literal`not started`)),
  ];
}
