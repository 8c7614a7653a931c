/** What to tell of an upgrade that ended, and not well: the cause, and what to do next. Pure. */

import { suggestList } from '../cluster/faults/not-found.ts';
import { addTarget, type CommandTarget } from '../platform/command-target.ts';
import { type Explanation, getErrorCode } from '../platform/errors.ts';
import { formatArgument, formatDuration, formatTime } from '../platform/format.ts';
import { collectFindings, collectNextSteps } from '../upgrade/findings/collect.ts';
import { type Finding, isAbout } from '../upgrade/findings/finding.ts';
import { buildStatus, prependSelect } from '../upgrade/findings/sfctl-commands.ts';
import type { DeploymentStatus, Verdict } from '../upgrade/model.ts';
import type { UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback } from '../upgrade/state.ts';
import { describeState } from '../upgrade/wording.ts';
import type { Ended } from './watch.ts';

/** What a verdict is on. */
export interface Judged {
  readonly deployment: string;
  /** `undefined` where the cluster has no record of the upgrade. */
  readonly snapshot: UpgradeSnapshot | undefined;
  readonly status: DeploymentStatus | undefined;
  /** The version that it was to go to, if that mattered. */
  readonly expected: string | undefined;
  readonly commandTarget: CommandTarget;
}

/** @returns `undefined` for a success, of which there is nothing to explain */
export function explainEnding(verdict: Verdict, ended: Judged): Explanation | undefined {
  if (verdict === 'completed') return undefined;
  const { deployment, snapshot } = ended;
  const version = snapshot?.upgrade.targetVersion;
  return {
    outcome: verdict,
    code: getErrorCode(verdict),
    what: `${deployment}: ${whatHappened(verdict, ended)}`,
    ...whyAndNext(verdict, ended),
    deployment,
    ...(version ? { targetVersion: version } : {}),
  };
}

function whatHappened(verdict: Verdict, { snapshot, status, expected }: Judged): string {
  if (snapshot === undefined) {
    return (
      {
        'rolled-back': 'its first upgrade was rolled back while the new version was still being prepared',
        'not-found': 'it was removed while its upgrade was being rolled back',
      }[verdict as string] ??
      `the deployment is ${status?.status}, and the cluster has no record of its upgrade`
    );
  }
  const { upgrade } = snapshot;
  const words = describeState(snapshot);
  const version = upgrade.targetVersion && !isNeverUpgraded(upgrade) ? ` to ${upgrade.targetVersion}` : '';
  if (verdict !== 'superseded') return words + (isRollback(upgrade) && hasEnded(upgrade) ? version : '');
  const other = `another upgrade took its place: ${words}${version}`;
  return expected === undefined ? other : `${other}, not the one to ${expected}`;
}

function whyAndNext(
  verdict: Verdict,
  { deployment, snapshot, status, commandTarget }: Judged,
): Pick<Explanation, 'evidence' | 'next'> {
  const name = formatArgument(deployment);
  if (verdict === 'superseded' && !snapshot?.contradiction) {
    const said = snapshot?.upgrade.statusDetails;
    return {
      evidence: said ? [`The cluster says: ${said}`] : [],
      next: [
        `Watch the upgrade that took its place: ${addTarget(`sfcompose upgrade-progress ${name} --watch`, commandTarget)}`,
      ],
    };
  }
  if (snapshot) {
    const isBroken = verdict !== 'in-progress' && verdict !== 'not-found';
    return told(collectFindings(snapshot).filter((one) => !isBroken || isAbout('cause', one)));
  }
  return {
    evidence: status?.details ? [`The deployment says: ${status.details}`] : [],
    next: status
      ? prependSelect([`See what it says: ${buildStatus({ deployment })}`], commandTarget)
      : [suggestList(commandTarget)],
  };
}

/**
 * Describes an upgrade that had ended before the watch began, so that nobody mistakes the previous upgrade for the next.
 * Gives the time if it is known.
 * @param now milliseconds since 1970
 * @returns `undefined` if the watch saw the end, an expected version rules out the previous upgrade, or there was none
 */
export function remarkOn(
  { reading: { snapshot }, isFirst }: Ended,
  expected: string | undefined,
  now: number,
): string | undefined {
  if (!isFirst || expected !== undefined || snapshot === undefined) return undefined;
  if (isNeverUpgraded(snapshot.upgrade) || !hasEnded(snapshot.upgrade)) return undefined;
  const end = endOf(snapshot)?.getTime() ?? Number.NaN;
  const when =
    end < now ? `ended ${formatDuration(now - end)} ago (${formatTime(new Date(end))}),` : 'had ended';
  return `the upgrade ${when} before this watch began`;
}

export const previousAdvice =
  'it may be the previous upgrade. Wait for a certain version with --expect-version';

export function withRemark(explanation: Explanation, remark: string | undefined): Explanation {
  if (remark === undefined) return explanation;
  const sentence = `${remark.charAt(0).toUpperCase()}${remark.slice(1)}.`;
  return { ...explanation, evidence: [sentence, ...(explanation.evidence ?? [])] };
}

/** Computes the end of an upgrade, whose own clock stops there. */
function endOf({ upgrade, application }: UpgradeSnapshot): Date | undefined {
  if (upgrade.state === 'Failed') return upgrade.failedAt ?? application?.failedAt;
  const start = upgrade.startedAt ?? application?.startedAt;
  return start && upgrade.duration !== undefined ? new Date(start.getTime() + upgrade.duration) : undefined;
}

/** After a deletion or lost contact what was read before says nothing of how it stands. */
export function isOutOfSight({ outcome, request }: Explanation): boolean {
  return request !== undefined && ['not-found', 'unreachable', 'unauthorized'].includes(outcome);
}

/** The JSON text that stands for an ending: the gateway's own error, or the last document that still says how it stands. */
export function documentAt(explanation: Explanation, last: string | undefined): string | undefined {
  return explanation.document ?? (isOutOfSight(explanation) ? undefined : last);
}

/** Findings one after the other, and below them what can be done. */
export function told(findings: readonly Finding[]): { evidence: readonly string[]; next: readonly string[] } {
  return {
    evidence: findings.flatMap(({ what, evidence }) => [`${what}.`, ...evidence]),
    next: collectNextSteps(findings),
  };
}
