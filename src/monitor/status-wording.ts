/** Describes how watched deployments stand, one by one and together. Pure. */
import { describeFault } from '../cluster/faults/fault.ts';
import { endSentence, formatCount, formatTally } from '../platform/format.ts';
import { describeOutcome } from '../platform/outcome.ts';
import { collectFindings } from '../upgrade/findings/collect.ts';
import { describeFindingInline, type Finding } from '../upgrade/findings/finding.ts';
import { summarize } from '../upgrade/summary.ts';
import { judgeSnapshot } from '../upgrade/verdict.ts';
import { describeState, describeStateBriefly } from '../upgrade/wording.ts';
import { getCurrentSnapshot, isUnderWay, type WatchStatus } from './status.ts';

/** Describes the state in few words: `rolling forward`, `not found`. */
export function describeStatus(status: WatchStatus): string {
  const { reading, outcome } = status;
  const snapshot = getCurrentSnapshot(status);
  if (snapshot && outcome !== 'superseded') return describeStateBriefly(snapshot);
  if (!isUnderWay(status)) return describeOutcome(outcome);
  return reading ? 'no record of the upgrade' : 'not read yet';
}

/** Describes what is wrong in few words. @returns `undefined` where nothing is */
export function describeProblem(status: WatchStatus): string | undefined {
  const { failure, reading } = status;
  if (failure)
    return `${reading ? 'contact lost' : 'no usable response'}: ${describeFault(failure.fault)} (${failure.count} of ${failure.maxCount} attempts failed)`;
  const finding = findProblem(status);
  if (finding) return finding.what;
  const end = describeEnd(status);
  return end === describeStatus(status) ? undefined : end;
}

/** Describes state and problem in one line that names the deployment. */
export function formatStatusLine(status: WatchStatus): string {
  const snapshot = getCurrentSnapshot(status);
  const finding = findProblem(status);
  const state = describeEnd(status) ?? (snapshot ? describeState(snapshot) : describeStatus(status));
  const { deployment, remark } = status;
  const line = `${deployment}: ${remark ? `${state}; ${remark}` : state}`;
  return finding ? `${endSentence(line)} ${describeFindingInline(finding)}` : line;
}

/** Summarizes the upgrade in one line, or the status where nothing current is known of the upgrade. */
export function summarizeStatus(status: WatchStatus): string {
  const snapshot = getCurrentSnapshot(status);
  return snapshot ? summarize(snapshot) : formatStatusLine(status);
}

/** Ranks for sorting: problems first, then what is under way, then the rest. */
export function rankStatus(status: WatchStatus): 0 | 1 | 2 {
  if (describeProblem(status) !== undefined || (status.explanation && !isUnderWay(status))) return 0;
  const snapshot = getCurrentSnapshot(status);
  return !snapshot || judgeSnapshot(snapshot) === 'in-progress' ? 1 : 2;
}

/** Describes all of them in one line: `3 deployments: 1 rolling back, 2 upgraded; 1 without contact`. */
export function describeAll(statuses: readonly WatchStatus[]): string {
  const failing = statuses.filter(({ failure }) => failure !== undefined).length;
  const contact = failing > 0 ? `; ${failing} without contact` : '';
  return `${formatCount(statuses.length, 'deployment')}: ${formatTally(statuses.map(describeStatus))}${contact}`;
}

/** Finds what matters most. Findings on an upgrade that replaced the one being watched do not count. */
function findProblem(status: WatchStatus): Finding | undefined {
  const snapshot = status.outcome === 'superseded' ? undefined : getCurrentSnapshot(status);
  const [first] = snapshot ? collectFindings(snapshot) : [];
  return first?.severity === 'info' ? undefined : first;
}

/** Describes an end that is not a success, without the deployment's name. */
function describeEnd(status: WatchStatus): string | undefined {
  const { deployment, explanation } = status;
  if (explanation === undefined || isUnderWay(status)) return undefined;
  const name = `${deployment}: `;
  return explanation.what.startsWith(name) ? explanation.what.slice(name.length) : explanation.what;
}
