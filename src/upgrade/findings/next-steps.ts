/** Parts of findings that several causes share: facts about the failure, and next steps. */
import { endSentence, formatProseTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { excerpt } from '../../platform/report-text.ts';
import type { FailureClassification } from '../enums.ts';
import type { Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isRollback } from '../state.ts';
import { findFailure, findStart } from '../times.ts';
import type { Finding } from './finding.ts';
import { buildCommand, getCommandContext } from './own-commands.ts';
import * as commands from './sfctl-commands.ts';
import { buildUpgrade } from './upgrade-command.ts';

/** Meanings of the failure classifications that newer runtimes send. */
const classifications = new Map<FailureClassification, string>([
  [
    'PreUpgradeSafetyCheckTimeout',
    'The safety checks before the upgrade of a node never cleared (PreUpgradeSafetyCheckTimeout): the likely cause is availability, quorum or placement in the cluster, not the new version.',
  ],
  [
    'PostUpgradeSafetyCheckTimeout',
    'The safety checks after the upgrade of a node never cleared (PostUpgradeSafetyCheckTimeout): the likely cause is the new version, or placement in the cluster.',
  ],
]);

/**
 * Adds to the evidence of a finding how the cluster classifies the failure, when it was, and the application's comment on
 * it.
 */
export function withFailureFacts(finding: Finding, snapshot: UpgradeSnapshot): Finding {
  const { upgrade, application } = snapshot;
  const classification = upgrade.failureClassification ?? application?.failureClassification;
  const meaning = classification && [
    classifications.get(classification) ?? `The cluster classifies the failure as ${classification}.`,
  ];
  const failedAt = findFailure(snapshot);
  const when = failedAt ? [`${describeEvent(upgrade)} at ${formatProseTime(failedAt)}.`] : [];
  const comment = application?.statusDetails
    ? [`The application reports: ${endSentence(excerpt(application.statusDetails))}`]
    : [];
  return { ...finding, evidence: [...(meaning ?? []), ...finding.evidence, ...when, ...comment] };
}

/** Describes the event that the cluster records as the failure. */
function describeEvent(upgrade: Upgrade): string {
  if (upgrade.state === 'Failed') return 'The upgrade failed';
  return isRollback(upgrade) ? 'The rollback began' : 'The upgrade stopped';
}

/**
 * Suggests the events from the start of the upgrade to a minute after its failure.
 * @param otherwise the span where start or failure is unknown
 */
export function suggestEvents(
  snapshot: UpgradeSnapshot,
  otherwise?: { readonly from: Date; readonly to: Date },
): readonly NextStep[] {
  const from = findStart(snapshot);
  const failedAt = findFailure(snapshot);
  const span = from && failedAt ? { from, to: new Date(failedAt.getTime() + 60_000) } : otherwise;
  if (span === undefined) return [];
  return [{ what: 'Show what happened', command: commands.buildEventList(snapshot, span.from, span.to) }];
}

/** Suggests another upgrade once this one has ended. @param isFault whether a fault must be fixed first */
export function suggestUpgrade(snapshot: UpgradeSnapshot, isFault = true): readonly NextStep[] {
  if (!hasEnded(snapshot.upgrade)) return [];
  const what = isFault ? 'After fixing the cause, upgrade again' : 'Upgrade again';
  return [{ what, command: buildUpgrade(snapshot) }];
}

/**
 * Suggests a rollback, unless one has begun, which cannot be reversed.
 * @param reservation what speaks against it, after a comma
 */
export function suggestRollback(snapshot: UpgradeSnapshot, reservation = ''): readonly NextStep[] {
  if (isRollback(snapshot.upgrade)) return [];
  return [
    {
      what: `Roll back${reservation}`,
      command: buildCommand('rollback', getCommandContext(snapshot)),
    },
  ];
}

/** Suggests a look at the cluster. */
export const clusterHealthStep: NextStep = {
  what: 'Show the health of the cluster',
  command: commands.clusterHealthCommand,
};

/** Suggests a look at the cluster, and at the services that carry out upgrades. */
export const systemHealthSteps: readonly NextStep[] = [
  clusterHealthStep,
  { what: 'Show the health of the system services', command: commands.systemHealthCommand },
];
