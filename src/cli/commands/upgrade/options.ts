/** Resolves the options of `upgrade`. */
import { type ComposeFile, type Interpolation, readComposeFile } from '../../../config/compose-file.ts';
import {
  type RegistryCredentials,
  type RegistryFlags,
  resolveRegistry,
} from '../../../config/registry-credentials.ts';
import { findValue } from '../../../config/setting.ts';
import { expectCurrentSetting, expectVersionSetting } from '../../../config/settings.ts';
import {
  resolveUpgradePolicy,
  type UpgradePolicy,
  type UpgradePolicyFlags,
} from '../../../config/upgrade-policy.ts';
import { usageError } from '../../../platform/errors.ts';
import { formatDuration } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import type { WatchFlags } from '../upgrade-progress/options.ts';

/** Options as typed, not checked yet. */
export interface UpgradeFlags extends WatchFlags, UpgradePolicyFlags, RegistryFlags {
  readonly file: string;
  /** `false` for `--no-interpolate`. */
  readonly interpolate?: boolean | undefined;
  readonly expectCurrent?: string | undefined;
  readonly waitForCurrent?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

/** Checked options, apart from those of the connection and the watch. */
export interface UpgradeSettings {
  readonly file: ComposeFile;
  readonly policy: UpgradePolicy;
  readonly registry: RegistryCredentials | 'none' | undefined;
  readonly expectedCurrent: string | undefined;
  readonly expected: string | undefined;
}

/**
 * Checks the options, and reads and checks the compose file.
 * @throws ExpectedError `usage`, or `invalid` for the content of the file
 */
export async function resolveUpgrade(flags: UpgradeFlags, host: Host): Promise<UpgradeSettings> {
  const { env } = host;
  const { expectCurrent, expectVersion } = flags;
  const policy = resolveUpgradePolicy(flags, env);
  const expectedCurrent = findValue(expectCurrentSetting, expectCurrent, env)?.value;
  const expected = findValue(expectVersionSetting, expectVersion, env)?.value;
  const file = await readComposeFile(flags.file, selectInterpolation(flags), host);
  const registry = await resolveRegistry(flags, host);
  return { file, policy, registry, expectedCurrent, expected };
}

function selectInterpolation({ interpolate }: UpgradeFlags): Interpolation {
  if (interpolate === undefined) return 'refuse';
  return interpolate ? 'replace' : 'keep';
}

/** Server time limits, in seconds: above the first a request gets a notice, above the second it is refused. */
const longTimeout = 60;
const maxTimeout = 300;

/**
 * Checks the time limit of the request, for which the cluster may hold it: an upgrade that starts late may be unwanted.
 * @returns a notice about a long limit
 * @throws a usage error for one that is too long
 */
export function checkTimeout(timeoutSeconds: number): readonly string[] {
  const limit = formatDuration(timeoutSeconds * 1000);
  if (timeoutSeconds > maxTimeout)
    throw usageError(
      `--timeout ${limit} is too long for an upgrade: the cluster may hold the request for that time and start the upgrade late. Use at most ${formatDuration(maxTimeout * 1000)}.`,
    );
  return timeoutSeconds > longTimeout
    ? [`With --timeout ${limit} the cluster may start the upgrade up to ${limit} after the request.`]
    : [];
}
