/** Explains verdicts: the cause, and what to do next. Pure. */
import { suggestList } from '../cluster/faults/not-found.ts';
import { addTarget, type CommandTarget } from '../platform/command-target.ts';
import { type Explanation, getErrorCode } from '../platform/errors.ts';
import {
  capitalize,
  endSentence,
  formatArgument,
  formatDuration,
  formatProseTime,
} from '../platform/format.ts';
import type { Verdict } from '../platform/outcome.ts';
import { excerpt } from '../platform/report-text.ts';
import { collectFindings, collectNextSteps } from '../upgrade/findings/collect.ts';
import { type Finding, isAbout } from '../upgrade/findings/finding.ts';
import { buildStatus, prependSelect } from '../upgrade/findings/sfctl-commands.ts';
import { hasEnded, isNeverUpgraded, isRollback } from '../upgrade/state.ts';
import { findEnd } from '../upgrade/times.ts';
import { describeState } from '../upgrade/wording.ts';
import type { UpgradeReading } from './read.ts';

/** The subject of a verdict. */
export interface JudgedUpgrade extends Pick<UpgradeReading, 'snapshot' | 'status'> {
  readonly deployment: string;
  /** The version that the upgrade should go to, if that matters. */
  readonly expected: string | undefined;
  readonly commandTarget: CommandTarget;
}

/** Explains a verdict. @returns `undefined` for a success */
export function explainVerdict(verdict: Verdict, judged: JudgedUpgrade): Explanation | undefined {
  if (verdict === 'completed') return undefined;
  return {
    outcome: verdict,
    code: getErrorCode(verdict),
    what: `${judged.deployment}: ${describeVerdict(verdict, judged)}`,
    ...explainCause(verdict, judged),
  };
}

function describeVerdict(verdict: Verdict, { snapshot, status, expected }: JudgedUpgrade): string {
  if (snapshot === undefined) {
    if (verdict === 'rolled-back')
      return 'first upgrade rolled back while the new version was being provisioned';
    if (verdict === 'not-found') return 'removed while its upgrade was being rolled back';
    if (verdict === 'superseded')
      return `expected an upgrade to ${expected}, but the cluster has no record of one`;
    return `the deployment is ${status?.status}, and the cluster has no record of its upgrade`;
  }
  const { upgrade } = snapshot;
  const words = describeState(snapshot);
  const version = isNeverUpgraded(upgrade) ? undefined : upgrade.targetVersion;
  if (verdict !== 'superseded')
    return version && isRollback(upgrade) && hasEnded(upgrade) ? `${words} to ${version}` : words;
  if (snapshot.contradiction) return words;
  if (expected !== undefined && (version !== expected || isRollback(upgrade))) {
    const found = version ? `${isRollback(upgrade) ? 'a rollback' : 'one'} to ${version}` : 'a different one';
    return `expected an upgrade to ${expected}, but found ${found}: ${words}`;
  }
  const which = version ? ` (${isRollback(upgrade) ? 'back ' : ''}to ${version})` : '';
  return `a different upgrade${which} replaced the one being watched: ${words}`;
}

function explainCause(
  verdict: Verdict,
  { deployment, snapshot, status, commandTarget }: JudgedUpgrade,
): Pick<Explanation, 'evidence' | 'next'> {
  const name = formatArgument(deployment, commandTarget.shells);
  if (verdict === 'superseded' && !snapshot?.contradiction) {
    const statusDetails = snapshot?.upgrade.statusDetails;
    return {
      evidence: statusDetails ? [`The cluster reports: ${endSentence(excerpt(statusDetails))}`] : [],
      next: [
        {
          what: 'Watch the current upgrade',
          command: addTarget(`sfcompose upgrade-progress ${name} --watch`, commandTarget),
        },
      ],
    };
  }
  if (snapshot) {
    const isBroken = verdict !== 'in-progress' && verdict !== 'not-found';
    const findings = collectFindings(snapshot).filter((one) => !isBroken || isAbout('cause', one));
    const { evidence, next } = listFindings(findings);
    const repeated = findings.filter(isTold).map(({ what }) => `${what}.`);
    return { evidence: evidence.filter((line) => !repeated.includes(line)), next };
  }
  return {
    evidence: status?.details ? [`The deployment reports: ${endSentence(excerpt(status.details))}`] : [],
    next: status
      ? prependSelect(
          [
            {
              what: 'Show the status of the deployment',
              command: buildStatus({ deployment, commandTarget }),
            },
          ],
          commandTarget,
        )
      : [suggestList(commandTarget)],
  };
}

/** Reports whether a finding only repeats the state. */
function isTold({ code }: Finding): boolean {
  return code === 'never-upgraded' || code === 'approval';
}

/**
 * Describes an upgrade that had ended before the watch began, and when, so that the previous upgrade is not mistaken
 * for the next.
 * @param now milliseconds since 1970
 * @returns `undefined` if the watch saw the end, an expected version rules out the previous upgrade, or there was none
 */
export function describeEarlierEnd(
  { snapshot }: UpgradeReading,
  isFirstReading: boolean,
  expected: string | undefined,
  now: number,
): string | undefined {
  if (!isFirstReading || expected !== undefined || snapshot === undefined) return undefined;
  if (isNeverUpgraded(snapshot.upgrade) || !hasEnded(snapshot.upgrade)) return undefined;
  const end = findEnd(snapshot)?.getTime() ?? Number.NaN;
  const when =
    end < now ? `ended ${formatDuration(now - end)} ago (${formatProseTime(new Date(end))}),` : 'had ended';
  return `the upgrade ${when} before this watch began`;
}

/** Puts a remark before the evidence. */
export function withRemark(explanation: Explanation, remark: string | undefined): Explanation {
  if (remark === undefined) return explanation;
  const sentence = `${capitalize(remark)}.`;
  return { ...explanation, evidence: [sentence, ...(explanation.evidence ?? [])] };
}

/** Lists findings as evidence, and their next steps. */
export function listFindings(findings: readonly Finding[]): Required<Pick<Explanation, 'evidence' | 'next'>> {
  return {
    evidence: findings.flatMap(({ what, evidence }) => [`${what}.`, ...evidence]),
    next: collectNextSteps(findings),
  };
}
