/** `sfcompose rollback <deployment>`: rolls back the upgrade under way, and follows that with `--watch`. */
import { findValue } from '../../config/setting.ts';
import { expectVersionSetting } from '../../config/settings.ts';
import {
  explainConflict,
  explainStatus,
  nothingStarted,
  suggestWatch,
} from '../../monitor/acting/conflict.ts';
import type { DeploymentState } from '../../monitor/acting/deployment-state.ts';
import { findTarget } from '../../monitor/acting/settle.ts';
import type { EndedEvent } from '../../monitor/watch.ts';
import { ExpectedError, type Explanation, getErrorCode } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import type { CommandResult } from '../../platform/result.ts';
import { buildCommand } from '../../upgrade/findings/own-commands.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback } from '../../upgrade/state.ts';
import { describeState } from '../../upgrade/wording.ts';
import { type Acting, openActing, resolveActing } from './acting/context.ts';
import { follow } from './acting/follow.ts';
import { printAccepted } from './acting/print-accepted.ts';
import { readState } from './acting/read.ts';
import { request } from './acting/request.ts';
import { runActing } from './acting/result.ts';
import type { WatchFlags } from './upgrade-progress/options.ts';

/** Rolls back. @throws a usage error */
export async function rollback(deployment: string, flags: WatchFlags, host: Host): Promise<CommandResult> {
  const { expectVersion, watch = false } = flags;
  const expected = findValue(expectVersionSetting, expectVersion, host.env)?.value;
  const acting = await openActing(await resolveActing(deployment, flags, host), host);
  return runActing(acting, () => run(acting, expected, watch));
}

async function run(acting: Acting, expected: string | undefined, watch: boolean): Promise<CommandResult> {
  const { deployment } = acting;
  const state = await readState(acting);
  const { snapshot } = state.reading ?? {};
  const refusal = explainRefusal(state, expected, acting);
  if (refusal) throw new ExpectedError(refusal);
  const isUnderWay = snapshot !== undefined && isRollback(snapshot.upgrade);
  const accepted = isUnderWay
    ? undefined
    : await request(acting, {
        kind: 'rollback',
        isRepeatable: true,
        isAccepted: ({ reading }) => reading?.snapshot !== undefined && isRollback(reading.snapshot.upgrade),
        isUnchanged: () => false,
        send: (writer, signal) => writer.rollBack(deployment, signal),
      });
  const version = isUnderWay ? expected : findTarget(state);
  if (watch) return follow(acting, { expected: version, judgeEnd: (ended) => judgeEnd(ended, acting) });
  const of = version === undefined ? '' : ` from ${version}`;
  return printAccepted(acting, {
    kind: 'rollback',
    accepted,
    what: isUnderWay
      ? `${deployment} is rolling back already`
      : `Rollback of ${deployment}${of} accepted; the cluster begins within a minute`,
    fromVersion: version,
    toVersion: isUnderWay ? snapshot.upgrade.targetVersion : undefined,
    next: [suggestWatch(acting)],
  });
}

/** Explains why there is nothing to roll back. @returns `undefined` if there is */
function explainRefusal(
  { status, reading }: DeploymentState,
  expected: string | undefined,
  acting: Acting,
): Explanation | undefined {
  const { deployment } = acting;
  const snapshot = reading?.snapshot;
  const isUpgrading = status.status === 'Upgrading';
  if (snapshot === undefined) return isUpgrading ? undefined : explainStatus(status, acting);
  const { upgrade } = snapshot;
  if (isUpgrading && isNeverUpgraded(upgrade)) return undefined;
  if (!isNeverUpgraded(upgrade) && expected !== undefined && isOtherUpgrade(snapshot, expected))
    return {
      outcome: 'superseded',
      code: getErrorCode('superseded'),
      what: `The upgrade of ${deployment} is not to ${expected} (--expect-version): ${describeState(snapshot)}, target version ${upgrade.targetVersion}. ${nothingStarted}`,
      next: [{ what: 'Show the upgrade', command: buildCommand('status', acting) }],
    };
  if (isNeverUpgraded(upgrade))
    return explainConflict(`${deployment} was never upgraded, so there is nothing to roll back.`, [], []);
  const again = {
    what: 'To return to the old version, upgrade with its compose file',
    command: buildCommand('upgrade', acting, ['-f <compose file>']),
  };
  if (upgrade.state === 'UnprovisioningCurrent')
    return explainConflict(
      `The upgrade of ${deployment} has reached all upgrade domains, and the cluster is removing the old version.`,
      ['A rollback is no longer possible.'],
      [again],
    );
  if (!hasEnded(upgrade)) return undefined;
  if (isRollback(upgrade))
    return explainConflict(`${deployment} was already rolled back to ${upgrade.targetVersion}.`, [], []);
  if (upgrade.state === 'Failed')
    return explainConflict(
      `The last upgrade of ${deployment} failed, and no upgrade is under way.`,
      [],
      [again],
    );
  return explainConflict(
    `The upgrade of ${deployment} to ${upgrade.targetVersion} is complete: the cluster has removed the old version.`,
    [],
    [again],
  );
}

/** A rollback's target is the version that it returns to. */
function isOtherUpgrade({ upgrade, application }: UpgradeSnapshot, expected: string): boolean {
  if (!isRollback(upgrade)) return upgrade.targetVersion !== expected;
  const leaves = application?.leaves;
  return upgrade.targetVersion === expected || (leaves !== undefined && leaves !== expected);
}

/** A rollback is a success here, and a completed upgrade is none. */
function judgeEnd(ended: EndedEvent, { deployment }: Acting): EndedEvent {
  const { explanation } = ended;
  if (explanation?.outcome === 'rolled-back') return { ...ended, explanation: undefined };
  if (explanation !== undefined) return ended;
  const outcome = 'conflict';
  return {
    ...ended,
    explanation: {
      outcome,
      code: getErrorCode(outcome),
      what: `${deployment}: the upgrade completed before the rollback took effect`,
    },
  };
}
