/**
 * Collects all findings on an upgrade: why it went wrong, what it waits for, how long it takes. Table, lines, records,
 * live view and build agents print these, so that all of them agree. Pure.
 */
import { type NextStep, removeDuplicates } from '../../platform/next-step.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isKnownState, isNeverUpgraded } from '../state.ts';
import { addExits } from './container-exits.ts';
import { createFinding, type Finding, type Severity } from './finding.ts';
import { explainUncheckedHealth } from './health-check.ts';
import { explainDifference, explainOverdue } from './inconsistency.ts';
import { getCommandContext } from './own-commands.ts';
import { collectCauses } from './rollback-cause.ts';
import * as commands from './sfctl-commands.ts';
import { collectTimes } from './time-left.ts';
import { explainHealth } from './unhealthy.ts';
import { buildUpgrade } from './upgrade-command.ts';
import { collectWaits } from './waiting.ts';

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Collects all findings, the most important first. */
export function collectFindings(snapshot: UpgradeSnapshot): readonly Finding[] {
  const findings = [
    ...collectCauses(snapshot),
    ...collectNotes(snapshot),
    ...explainDifference(snapshot),
    ...collectWaits(snapshot),
    ...explainOverdue(snapshot),
    ...collectTimes(snapshot),
  ];
  const sorted = findings.sort((one, other) => ranks[one.severity] - ranks[other.severity]);
  return addExits(sorted, snapshot).map((finding) => ({
    ...finding,
    next: commands.prependSelect(finding.next, snapshot.commandTarget),
  }));
}

/** Collects the next steps of several findings, without duplicates. */
export function collectNextSteps(findings: readonly Finding[]): readonly NextStep[] {
  return removeDuplicates(findings.flatMap(({ next }) => next));
}

function collectNotes(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { upgrade, status } = snapshot;
  const note = { where: [], evidence: [], next: [] };
  if (isNeverUpgraded(upgrade)) {
    if (status?.status === 'Failed' || status?.status === 'Upgrading') return [];
    const what = status
      ? `${upgrade.deployment} was never upgraded`
      : `${upgrade.deployment} was never upgraded, or its creation failed`;
    const next: readonly NextStep[] = [
      ...(status
        ? []
        : [
            {
              what: 'Show the status of the deployment',
              command: commands.buildStatus(getCommandContext(snapshot)),
            },
          ]),
      { what: 'Start an upgrade', command: buildUpgrade(snapshot) },
    ];
    return [{ ...note, code: 'never-upgraded', severity: 'info', what, next }];
  }
  const warnings = hasEnded(upgrade) ? [] : explainWarnings(snapshot);
  if (isKnownState(upgrade.state)) return [...explainUncheckedHealth(snapshot), ...warnings];
  const what = `This version of sfcompose does not know the state "${upgrade.state ?? ''}"`;
  return [{ ...note, code: 'unknown-state', severity: 'warning', what }, ...warnings];
}

function explainWarnings(snapshot: UpgradeSnapshot): readonly Finding[] {
  const { healthWarnings } = snapshot.upgrade;
  if (healthWarnings.length === 0) return [];
  const { where, evidence } = explainHealth(snapshot, healthWarnings);
  return [
    createFinding('health-warnings', 'info', 'Health warnings, which the health policy accepts', {
      where,
      evidence,
    }),
  ];
}
