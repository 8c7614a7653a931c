/** The reason: what the upgrade waits for, or why it went wrong. */
import { endSentence } from '../../platform/format.ts';
import type { Printable } from '../../platform/printable.ts';
import { type Finding, isAbout } from '../../upgrade/findings/finding.ts';
import type { Style } from '../style.ts';
import { cut } from './line.ts';
import { selectSeverityPaint } from './paint.ts';
import { wrapHanging } from './prose.ts';

/** Selects the findings that give a reason. The bar has the estimate. */
export function selectReasons(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((one) => !(isAbout('time', one) && one.severity === 'info'));
}

/** Lines of one sentence, and of all, without `--full`. */
const maxSentenceLines = 12;
const maxLines = 18;

/** Renders findings as prose: what it is in its colour, and below it the evidence. */
export function renderReasons(
  findings: readonly Finding[],
  full: boolean,
  width: number,
  style: Style,
): readonly Printable[] {
  const lines = findings.flatMap((finding) => [
    // The state says that the upgrade waits for approval, and for which domain.
    ...(finding.code === 'approval' ? [] : renderWhat(finding, full, width, style)),
    ...renderEvidence(finding.evidence, full, width, style),
  ]);
  return limitLines(lines, full, width, style);
}

function renderWhat(
  { what, severity }: Finding,
  full: boolean,
  width: number,
  style: Style,
): readonly Printable[] {
  return wrapHanging(
    endSentence(what),
    width,
    2,
    full ? Infinity : maxSentenceLines,
    style.glyphs.ellipsis,
  ).map(selectSeverityPaint(severity, style));
}

/** Renders sentences, one below the other. */
export function renderEvidence(
  evidence: readonly string[],
  full: boolean,
  width: number,
  style: Style,
): readonly Printable[] {
  return evidence.flatMap((sentence) =>
    wrapHanging(sentence, width, 2, full ? Infinity : maxSentenceLines, style.glyphs.ellipsis),
  );
}

/** Leaves out lines, and says so. */
export function limitLines(
  lines: readonly Printable[],
  full: boolean,
  width: number,
  style: Style,
): readonly Printable[] {
  const left = lines.length - maxLines;
  if (full || left <= 1) return lines;
  const more = `${style.glyphs.ellipsis} ${left + 1} more lines; --full shows all`;
  return [...lines.slice(0, maxLines - 1), style.faint(cut(more, width, style))];
}
