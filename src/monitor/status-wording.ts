/** Describes the statuses of watched deployments, one by one and together. Pure. */
import { describeFault } from '../cluster/faults/fault.ts';
import { isDeploymentMissing } from '../cluster/faults/not-found.ts';
import { capitalize, endSentence, formatCount, formatTally } from '../platform/format.ts';
import type { NextStep } from '../platform/next-step.ts';
import { describeOutcome } from '../platform/outcome.ts';
import { collectFindings } from '../upgrade/findings/collect.ts';
import { describeFindingInline, type Finding, isAbout } from '../upgrade/findings/finding.ts';
import { summarize } from '../upgrade/summary.ts';
import { describeState, describeStateBriefly } from '../upgrade/wording.ts';
import { getCurrentSnapshot, isUnderWay, type WatchStatus } from './status.ts';
import { nameTarget } from './target.ts';

/** Describes the state in few words: `rolling forward`, `not found`. */
export function describeStatus(status: WatchStatus): string {
  const { reading, outcome } = status;
  const snapshot = getCurrentSnapshot(status);
  if (snapshot && outcome !== 'superseded') return describeStateBriefly(snapshot);
  if (!isUnderWay(status)) return describeOutcome(outcome);
  return reading ? 'no record of the upgrade' : 'not read yet';
}

/** A problem that needs attention. */
export interface StatusReason {
  /** Sentences; empty without a problem. */
  readonly text: string;
  /** Next steps that the text does not contain. */
  readonly steps: readonly NextStep[];
}

/** Describes the problem of a deployment, without its name. */
export function describeReason(status: WatchStatus): StatusReason {
  const { failure, reading, explanation, outcome, remark } = status;
  if (failure)
    return {
      text: `${reading ? 'Contact lost' : 'No usable response'}: ${describeFault(failure.fault)} (${failure.count} of ${failure.maxCount} attempts failed).`,
      steps: [],
    };
  if (explanation && isDeploymentMissing(explanation)) {
    const [first] = explanation.next ?? [];
    if (first === undefined) return { text: '', steps: [] };
    return first.command ? { text: '', steps: [first] } : { text: first.what, steps: [] };
  }
  const finding = findProblem(status);
  const end = describeEnd(status);
  const isSaid =
    end === describeStatus(status) || (explanation?.request === undefined && finding !== undefined);
  const parts = [
    isSaid || end === undefined ? undefined : capitalize(end),
    finding && (isAbout('cause', finding) ? describeCauseOf(status, finding) : finding.what),
    outcome === 'completed' || remark === undefined ? undefined : capitalize(remark),
  ];
  return { text: parts.flatMap((part) => (part ? endSentence(part) : [])).join(' '), steps: [] };
}

/** Describes a cause without the deployment's name, so that deployments with the same cause have the same reason. */
function describeCauseOf(status: WatchStatus, finding: Finding): string {
  const application = getCurrentSnapshot(status)?.upgrade.application ?? `fabric:/${status.deployment}`;
  return describeFindingInline(finding).replaceAll(`${application}/`, '');
}

/** Describes state and problem in one line that names the target. */
export function formatStatusLine(status: WatchStatus): string {
  return `${nameTarget(status)}: ${describeStatusFully(status)}`;
}

/** Describes state and problem in one line, without the deployment's name. */
export function describeStatusFully(status: WatchStatus): string {
  const snapshot = getCurrentSnapshot(status);
  const finding = findProblem(status);
  const state = describeEnd(status) ?? (snapshot ? describeState(snapshot) : describeStatus(status));
  const line = status.remark ? `${state}; ${status.remark}` : state;
  return finding ? `${endSentence(line)} ${describeFindingInline(finding)}` : line;
}

/** Summarizes the upgrade in one line, or the status if nothing current is known about the upgrade. */
export function summarizeStatus(status: WatchStatus): string {
  const snapshot = getCurrentSnapshot(status);
  return snapshot ? summarize(snapshot, nameTarget(status)) : formatStatusLine(status);
}

/** Describes all statuses in one line: `3 deployments: 1 rolling back, 2 upgraded; 1 without contact`. */
export function describeAll(statuses: readonly WatchStatus[]): string {
  const contact = describeContact(statuses);
  return `${formatCount(statuses.length, 'deployment')}: ${formatTally(statuses.map(describeStatus))}${contact ? `; ${contact}` : ''}`;
}

/** Counts deployments without contact: `1 without contact`. */
export function describeContact(statuses: readonly WatchStatus[]): string | undefined {
  const failing = statuses.filter(({ failure }) => failure !== undefined).length;
  return failing > 0 ? `${failing} without contact` : undefined;
}

/** Selects the most important finding. Findings on an upgrade that replaced the one being watched do not count. */
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
