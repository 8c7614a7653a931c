/** Summarizes an upgrade in one line. Pure. */
import { collectFindings } from './findings/collect.ts';
import { describeFindingInline, type FindingCode, isAbout } from './findings/finding.ts';
import { summarizeNodes } from './node-wording.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback } from './state.ts';
import { describeState } from './wording.ts';

/** Codes of findings that contradict the state. */
const contradictionCodes: readonly FindingCode[] = ['late-start', 'record-differs'];

/**
 * Summarizes an upgrade in one line, without its clocks: the line only changes when the upgrade moves, or when the data
 * begin to contradict each other.
 * @param name of the deployment; names its cluster where that is necessary
 */
export function summarize(snapshot: UpgradeSnapshot, name = snapshot.upgrade.deployment): string {
  const { upgrade } = snapshot;
  const { state, targetVersion } = upgrade;
  const target =
    targetVersion && !isNeverUpgraded(upgrade)
      ? ` ${isRollback(upgrade) ? 'back ' : ''}to ${targetVersion}`
      : '';
  const nodes = upgrade.currentDomain?.nodes ?? [];
  const findings = collectFindings(snapshot);
  const checks = findings.filter(({ code }) => code === 'safety-check');
  const [check] = checks;
  const more = checks.length - 1;
  const others = more > 0 ? ` (and ${more} more)` : '';
  // A line of a rollback does not repeat the cause.
  const isRollingBack = isRollback(upgrade) && !hasEnded(upgrade);
  const cause = findings.find((one) => isAbout('cause', one) && one.severity !== 'info');
  const status = [
    `${describeState(snapshot)} [${state ?? 'not reported'}]`,
    ...(nodes.length > 0 ? [summarizeNodes(nodes, hasEnded(upgrade))] : []),
  ];
  const sentences = [
    ...(check ? [`${check.what}${others}.`] : []),
    ...findings.filter(({ code }) => contradictionCodes.includes(code)).map(({ what }) => `${what}.`),
    ...(cause && !isRollingBack ? [describeFindingInline(cause)] : []),
  ];
  const line = `${name}${target}: ${status.join('; ')}`;
  return sentences.length > 0 ? `${line}. ${sentences.join(' ')}` : line;
}
