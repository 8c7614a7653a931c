/** Checks an upgrade before it is requested, and explains why it must not be. Pure. */
import type { RegistryCredentials } from '../../config/registry-credentials.ts';
import { type Explanation, getErrorCode } from '../../platform/errors.ts';
import { formatCount, formatList } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { CommandContext } from '../../upgrade/findings/own-commands.ts';
import { explainConflict, nothingStarted } from './conflict.ts';
import { hasSameImages, type UpgradePlan } from './plan.ts';
import type { RunningApplication } from './running-application.ts';
import { formatNextVersion } from './versions.ts';

/** Decisions that the command line makes. */
export interface UpgradeDecisions {
  /** The version that must run before the upgrade, if that matters. */
  readonly expectedCurrent: string | undefined;
  /** The version that the upgrade must get, if that matters. */
  readonly expected: string | undefined;
  readonly registry: RegistryCredentials | 'none' | undefined;
  /** Whether services may be deleted. */
  readonly isDeletionAllowed: boolean;
}

/** Services that a sentence names. */
const maxNames = 5;

/**
 * Explains why the upgrade must not be requested.
 * @param running `undefined` if the manifest of the current version could not be read
 * @returns `undefined` if nothing speaks against it, apart from services that would be deleted
 */
export function explainRefusedPlan(
  plan: UpgradePlan,
  running: RunningApplication | undefined,
  { expectedCurrent, expected, registry, isDeletionAllowed }: UpgradeDecisions,
  { deployment }: Pick<CommandContext, 'deployment'>,
): Explanation | undefined {
  const { fromVersion, toVersion } = plan;
  if (expectedCurrent !== undefined && fromVersion !== expectedCurrent)
    return explainConflict(
      `${deployment} runs ${fromVersion ?? 'an unknown version'}, not ${expectedCurrent} (--expect-current).`,
      [],
      [{ what: 'Check who has upgraded it in the meantime, and whether your file builds on that version.' }],
    );
  if (expected !== undefined && toVersion?.isExact && toVersion.version !== expected)
    return {
      outcome: 'superseded',
      code: getErrorCode('superseded'),
      what: `The next version of ${deployment} is ${formatNextVersion(toVersion)}, not ${expected} (--expect-version). ${nothingStarted}`,
    };
  if (running?.manifest.hasCredentials && registry === undefined)
    return explainUsage(
      `${deployment} pulls its images with registry credentials, which the cluster does not carry over to a new version.`,
      registrySteps,
    );
  if (running === undefined && (registry === undefined || !isDeletionAllowed))
    return explainUsage(
      `The cluster does not show the manifest of ${deployment}, so sfcompose cannot tell whether the upgrade would delete services or lose registry credentials.`,
      [
        ...(registry === undefined ? registrySteps : []),
        ...(isDeletionAllowed ? [] : [{ what: 'Allow the cluster to delete services', command: '--yes' }]),
      ],
    );
  return undefined;
}

const registrySteps: readonly NextStep[] = [
  { what: 'Pass the credentials', command: '--registry-user <name> --registry-password-file <file>' },
  { what: 'Or start the new version without credentials', command: '--no-registry' },
];

/** Explains services that would be deleted. */
export function explainDeletion({ deployment, changes }: UpgradePlan): Explanation {
  return explainUsage(describeDeletion(deployment, changes?.deleted ?? []), [
    { what: 'Put them into the compose file, or allow the cluster to delete them', command: '--yes' },
  ]);
}

/** Describes services that would be deleted, in a sentence. */
export function describeDeletion(deployment: string, deleted: readonly string[]): string {
  const names = formatList(deleted, maxNames);
  return `The upgrade would delete ${formatCount(deleted.length, 'service')} of ${deployment} that the compose file does not have: ${names}.`;
}

function explainUsage(what: string, next: readonly NextStep[]): Explanation {
  return { outcome: 'usage', code: getErrorCode('usage'), what: `${what} ${nothingStarted}`, next };
}

/** Lists doubts about an upgrade that do not prevent it, one sentence or two each. */
export function listDoubts(plan: UpgradePlan, registry: UpgradeDecisions['registry']): readonly string[] {
  const { deployment, health, policy } = plan;
  const isUnhealthy =
    health === 'Error' || (health === 'Warning' && policy.monitoring?.considerWarningAsError);
  return [
    ...(isUnhealthy
      ? [
          `${deployment} is unhealthy before the upgrade (${health}). Its health checks may fail for a reason that is not in the new version.`,
        ]
      : []),
    ...(hasSameImages(plan)
      ? [
          'Services and images are the same as now. The cluster restarts no service that is unchanged in the file, and does not pull its image again.',
        ]
      : []),
    ...(registry !== undefined && registry !== 'none' && !registry.isEncrypted
      ? [
          'The registry password is sent as it is: the cluster writes it to the traces of its gateway and to the application manifest. Encrypt it, and use --registry-password-encrypted.',
        ]
      : []),
  ];
}
