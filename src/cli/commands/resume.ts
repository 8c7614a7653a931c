/** `sfcompose resume <deployment> [domain]`: approves the next upgrade domain of a manual upgrade. */
import { findValue } from '../../config/setting.ts';
import { expectVersionSetting } from '../../config/settings.ts';
import {
  explainConflict,
  explainStatus,
  nothingStarted,
  suggestRollback,
  suggestWatch,
} from '../../monitor/acting/conflict.ts';
import type { DeploymentState } from '../../monitor/acting/deployment-state.ts';
import { findTarget } from '../../monitor/acting/settle.ts';
import { ExpectedError, type Explanation, getErrorCode, usageError } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import type { CommandResult } from '../../platform/result.ts';
import { buildCommand } from '../../upgrade/findings/own-commands.ts';
import { nameDomain } from '../../upgrade/names.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback, isWaitingForApproval } from '../../upgrade/state.ts';
import { describeState } from '../../upgrade/wording.ts';
import { type Acting, openActing, resolveActing } from './acting/context.ts';
import { follow } from './acting/follow.ts';
import { printAccepted } from './acting/print-accepted.ts';
import { readState } from './acting/read.ts';
import { request } from './acting/request.ts';
import { runActing } from './acting/result.ts';
import type { WatchFlags } from './upgrade-progress/options.ts';

/** Approves the next domain. @param domain the domain that is expected to be next @throws a usage error */
export async function resume(
  deployment: string,
  domain: string | undefined,
  flags: WatchFlags,
  host: Host,
): Promise<CommandResult> {
  const { expectVersion, watch = false } = flags;
  const expected = findValue(expectVersionSetting, expectVersion, host.env)?.value;
  if (domain === '') throw usageError('Empty [domain]: use the name of an upgrade domain, or leave it out.');
  const acting = await openActing(await resolveActing(deployment, flags, host), host);
  return runActing(acting, () => run(acting, domain, expected, watch));
}

async function run(
  acting: Acting,
  wanted: string | undefined,
  expected: string | undefined,
  watch: boolean,
): Promise<CommandResult> {
  const { deployment } = acting;
  const state = await readState(acting);
  const { snapshot, domain } = findPause(state, wanted, expected, acting);
  const { upgrade } = snapshot;
  const application = upgrade.application ?? `fabric:/${deployment}`;
  const accepted = await request(acting, {
    kind: 'resume',
    isRepeatable: true,
    isAccepted: (later) => hasContinued(later, domain),
    isUnchanged: () => false,
    send: (writer, signal) => writer.resume(application, domain, signal),
  });
  const version = isRollback(upgrade) ? undefined : upgrade.targetVersion;
  if (watch) return follow(acting, { expected: version, approvedDomain: domain });
  const following = findFollowing(snapshot, domain);
  return printAccepted(acting, {
    kind: 'resume',
    accepted,
    what: `${nameDomain(domain, 'Domain')} of ${deployment} approved; ${describeFollowing(following, snapshot)}`,
    fromVersion: undefined,
    toVersion: upgrade.targetVersion,
    domain,
    next: [suggestWatch(acting)],
  });
}

interface Pause {
  readonly snapshot: UpgradeSnapshot;
  /** The domain that waits for approval. */
  readonly domain: string;
}

/** Finds the domain that the upgrade waits to continue with. @throws ExpectedError if it does not wait for this one */
function findPause(
  state: DeploymentState,
  wanted: string | undefined,
  expected: string | undefined,
  acting: Acting,
): Pause {
  const snapshot = state.reading?.snapshot;
  const refuse = (explanation: Explanation) => new ExpectedError(explanation);
  const { deployment } = acting;
  if (snapshot === undefined) throw refuse(explainStatus(state.status, acting));
  const { upgrade } = snapshot;
  if (isNeverUpgraded(upgrade))
    throw refuse(explainConflict(`${deployment} was never upgraded, so nothing waits for approval.`, [], []));
  if (expected !== undefined && findTarget(state) !== expected)
    throw refuse({
      outcome: 'superseded',
      code: getErrorCode('superseded'),
      what: `The upgrade of ${deployment} is to ${upgrade.targetVersion}, not ${expected} (--expect-version). ${nothingStarted}`,
    });
  const next = hasEnded(upgrade) ? [] : [suggestWatch(acting)];
  if (!isWaitingForApproval(upgrade))
    throw refuse(
      explainConflict(
        `The upgrade of ${deployment} does not wait for approval.`,
        [`State: ${describeState(snapshot)}.`],
        next,
      ),
    );
  const domain = upgrade.currentDomain?.name;
  if (domain === undefined)
    throw refuse(
      explainConflict(
        `No upgrade domain of ${deployment} is left to continue with: its last health check failed.`,
        [],
        [suggestRollback(acting)],
      ),
    );
  if (wanted !== undefined && wanted !== domain)
    throw refuse(
      explainConflict(
        `The next upgrade domain of ${deployment} is ${domain}, not ${wanted}.`,
        [],
        [{ what: `Continue with ${domain}`, command: buildCommand('resume', acting) }],
      ),
    );
  return { snapshot, domain };
}

/** Reports whether the upgrade no longer waits for approval of a domain. */
function hasContinued({ reading }: DeploymentState, domain: string): boolean {
  const upgrade = reading?.snapshot?.upgrade;
  if (upgrade === undefined) return false;
  return !isWaitingForApproval(upgrade) || upgrade.currentDomain?.name !== domain;
}

/** Finds the domain after the approved one; `undefined` if it is the last, or not known. */
function findFollowing({ application }: UpgradeSnapshot, approved: string): string | undefined {
  return application?.domains.find(({ name, state }) => state === 'Pending' && name !== approved)?.name;
}

function describeFollowing(following: string | undefined, { application, upgrade }: UpgradeSnapshot): string {
  if (following !== undefined) return `${nameDomain(following)} follows, and waits for approval again`;
  if (application === undefined) return 'the upgrade then waits for approval again, or ends';
  return `it is the last one${isRollback(upgrade) ? ' of the rollback' : ''}`;
}
