/** Rows of an overview: each describes a deployment briefly. */
import { getCurrentSnapshot, isUnderWay, type WatchStatus } from '../../monitor/status.ts';
import { describeReason, describeStatus } from '../../monitor/status-wording.ts';
import type { Target } from '../../monitor/target.ts';
import { formatDuration } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { findActiveDomain, nameActiveDomain } from '../../upgrade/active-domain.ts';
import { measureProgress, type UpgradeProgress } from '../../upgrade/domain-progress.ts';
import { collectFindings } from '../../upgrade/findings/collect.ts';
import type { Finding } from '../../upgrade/findings/finding.ts';
import { describeEnding, describeHeadline, findVersions, type Mood } from '../../upgrade/headline.ts';
import type { Duration } from '../../upgrade/model.ts';
import { isCheckFailing, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import {
  isHealthCheck,
  isKnownState,
  isNeverUpgraded,
  isRollback,
  isWaitingForApproval,
} from '../../upgrade/state.ts';
import { describeStateBriefly } from '../../upgrade/wording.ts';

/** Brief description of a deployment. Texts may be empty. */
export interface OverviewRow extends UpgradeCells {
  /** Name of the cluster, in an overview of several; otherwise empty. */
  readonly cluster: Printable;
  readonly deployment: Printable;
  /** Name of the application, where it differs from that of the deployment. */
  readonly application: Printable;
  /** Problem that needs attention. */
  readonly reason: Printable;
  /** Next steps that are urgent, or the only ones. */
  readonly steps: readonly NextStep[];
  /** Command that shows more of the reason. */
  readonly detailsCommand: string | undefined;
  /** Category in the tally of the title: `upgrading`. */
  readonly kind: string;
  /** Priority for room: 0 needs attention, 1 is still moving, 2 is the rest. */
  readonly rank: 0 | 1 | 2;
}

/** The cells about an upgrade. */
export interface UpgradeCells {
  readonly mood: Mood;
  readonly state: Printable;
  readonly from: Printable;
  readonly to: Printable;
  readonly bar: { readonly progress: UpgradeProgress; readonly isBack: boolean } | undefined;
  /** `UD1 2/3`. */
  readonly domain: Printable;
  readonly elapsed: Duration | undefined;
}

const noUpgrade = {
  from: literal``,
  to: literal``,
  bar: undefined,
  domain: literal``,
  elapsed: undefined,
};

/** Creates the cells of a deployment without a known upgrade. */
export function createStateCells(mood: Mood, state: string): UpgradeCells {
  return { ...noUpgrade, mood, state: printable(state) };
}

/** Creates the cells of an upgrade. */
export function createUpgradeCells(snapshot: UpgradeSnapshot): UpgradeCells {
  const { upgrade } = snapshot;
  const ending = describeEnding(snapshot);
  const { mood, state } = ending
    ? { mood: ending.mood, state: describeStateBriefly(snapshot) }
    : describeProgress(snapshot, collectFindings(snapshot));
  if (isNeverUpgraded(upgrade)) return createStateCells(mood, state);
  const { from = '', to = '' } = findVersions(snapshot);
  const whole = { share: 1, next: 1, reached: 1 };
  const progress = mood === 'good' ? whole : measureProgress(snapshot);
  const active = ending ? undefined : findActiveDomain(snapshot);
  const place = active?.place === undefined ? '' : ` ${active.place}/${active.total}`;
  return {
    mood,
    state: printable(state),
    from: printable(from),
    to: printable(to),
    bar: progress && { progress, isBack: isRollback(upgrade) },
    domain: printable(active ? nameActiveDomain(active) + place : ''),
    elapsed: upgrade.duration || undefined,
  };
}

/** Describes an upgrade under way. The domain has a cell of its own. */
function describeProgress(
  snapshot: UpgradeSnapshot,
  findings: readonly Finding[],
): { readonly mood: Mood; readonly state: string } {
  const { upgrade } = snapshot;
  const { mood, words } = describeHeadline(snapshot, findings);
  const isWaiting = mood === 'act' && findings.some(({ code }) => code === 'safety-check');
  if (isWaiting && !isWaitingForApproval(upgrade)) {
    const { domainDuration = 0 } = upgrade;
    return {
      mood,
      state: domainDuration < 1000 ? 'safety check' : `safety check, ${formatDuration(domainDuration)}`,
    };
  }
  if (isHealthCheck(upgrade))
    return { mood, state: isCheckFailing(snapshot) ? 'unhealthy so far' : 'checking health' };
  return { mood, state: words };
}

/**
 * Creates the row of a deployment that is read or watched.
 * @param formatReadCommand formats the command that shows one of the deployments; without it none is suggested
 */
export function createStatusRow(
  status: WatchStatus,
  formatReadCommand?: (target: Target) => string,
): OverviewRow {
  const { deployment, cluster, isAmongClusters, failure, explanation, outcome } = status;
  const snapshot = outcome === 'superseded' ? undefined : getCurrentSnapshot(status);
  const cells = snapshot ? createUpgradeCells(snapshot) : createUnreadCells(status);
  const mood = failure && isMoving(cells.mood) ? 'act' : cells.mood;
  const isEnded = snapshot !== undefined && describeEnding(snapshot) !== undefined;
  const isApproval = snapshot !== undefined && !isEnded && isWaitingForApproval(snapshot.upgrade);
  const { text, steps } = describeReason(status);
  const hasDetails = snapshot !== undefined && text !== '' && !isApproval;
  const isOver = isEnded || (explanation !== undefined && !isUnderWay(status));
  return {
    ...cells,
    mood,
    cluster: printable(isAmongClusters ? `${cluster}` : ''),
    deployment: printable(deployment),
    // The application usually has the deployment's name.
    application: literal``,
    reason: printable(text),
    steps: isApproval ? (collectFindings(snapshot)[0]?.next ?? []) : steps,
    detailsCommand: hasDetails ? formatReadCommand?.(status) : undefined,
    kind: describeKind(status, snapshot),
    rank: mood === 'act' || mood === 'bad' ? 0 : isOver ? 2 : 1,
  };
}

function isMoving(mood: Mood): boolean {
  return mood === 'busy' || mood === 'idle';
}

function createUnreadCells(status: WatchStatus): UpgradeCells {
  return createStateCells(isUnderWay(status) ? 'idle' : 'bad', describeStatus(status));
}

/** Returns the category of a deployment in the tally. */
function describeKind(status: WatchStatus, snapshot: UpgradeSnapshot | undefined): string {
  return snapshot ? describeUpgradeKind(snapshot) : describeStatus(status);
}

/** Returns the category of an upgrade in the tally; its row has the details. */
export function describeUpgradeKind(snapshot: UpgradeSnapshot): string {
  const { upgrade } = snapshot;
  if (describeEnding(snapshot)) return describeStateBriefly(snapshot);
  if (!isKnownState(upgrade.state)) return 'in an unknown state';
  if (isWaitingForApproval(upgrade)) return 'waiting for approval';
  return isRollback(upgrade) ? 'rolling back' : 'upgrading';
}
