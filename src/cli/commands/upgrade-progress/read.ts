/** Reads the latest upgrade of each deployment once, behind a spinner, and prints it. */
import { graceMs } from '../../../cluster/time-limits.ts';
import { explainStop } from '../../../monitor/explain-failure.ts';
import { judgeReading, readUpgrade, type UpgradeReading } from '../../../monitor/read.ts';
import { describeRetry, maxBackoffMs, type ReadFailure, readWithRetries } from '../../../monitor/retry.ts';
import { createStatus, endStatus, type WatchStatus } from '../../../monitor/status.ts';
import { nameTarget } from '../../../monitor/target.ts';
import { startSpinner } from '../../../output/spinner.ts';
import type { Explanation } from '../../../platform/errors.ts';
import { literal, printable } from '../../../platform/printable.ts';
import { withTimeout } from '../../../platform/timeout.ts';
import type { UpgradeContext, UpgradeTarget } from './context.ts';
import type { UpgradeProgressSettings } from './options.ts';

/** Reads all targets at the same time, and prints them unless the format is JSON. */
export async function readAll(context: UpgradeContext): Promise<readonly WatchStatus[]> {
  const { settings, targets, host } = context;
  const { format, quiet, color } = settings;
  const isMany = targets.length > 1;
  const text = isMany
    ? literal`Reading the upgrades of ${targets.length} deployments`
    : literal`Reading the upgrade of ${printable(targets[0]?.deployment ?? '')}`;
  const spinner = quiet ? undefined : await startSpinner(text, color, host);
  const failing = new Map(targets.map(({ endpoint }) => [endpoint, new Set<object>()]));
  let count = 0;
  const onRetry = (target: UpgradeTarget, failure: ReadFailure) => {
    const retry = describeRetry(failure);
    context.trace(isMany ? `  ${nameTarget(target)}: ${retry}` : `  ${retry}`);
    if (!isMany) spinner?.setText(literal`${text}: ${printable(retry)}`);
  };
  const readEach = (signal: AbortSignal) =>
    Promise.all(
      targets.map(async (target) => {
        const status = await readOne(target, context, signal, failing.get(target.endpoint), onRetry);
        count++;
        if (isMany) spinner?.setText(literal`${text} (${count} done)`);
        return status;
      }),
    );
  const statuses = await withTimeout(host.clock, getMaxReadMs(context), host.interrupt, readEach)
    .then((read) => addSuggestions(read, context))
    .finally(() => spinner?.stop());
  if (format !== 'json') {
    const { printStatuses } = await import('./print.ts');
    await printStatuses(statuses, settings, host);
  }
  return statuses;
}

/** Suggests names for deployments that do not exist. */
async function addSuggestions(
  statuses: readonly WatchStatus[],
  { targets, host }: UpgradeContext,
): Promise<readonly WatchStatus[]> {
  if (statuses.every(({ outcome }) => outcome !== 'not-found')) return statuses;
  const { suggestNames } = await import('../../../monitor/suggest-names.ts');
  return suggestNames(statuses, targets, host.interrupt);
}

/** The deadline for reading many deployments, in milliseconds, unless the attempts for one may take longer. */
const minReadMs = 600_000;

function getMaxReadMs({ targets, settings: { retries } }: UpgradeContext): number {
  const timeoutMs = 1000 * Math.max(...targets.map(({ connection }) => connection.timeoutSeconds));
  const maxPauseMs = Math.max(maxBackoffMs.single, timeoutMs);
  return Math.max(minReadMs, (retries + 1) * (timeoutMs + graceMs) + retries * maxPauseMs);
}

/** @param signal aborted with the interrupt, and at the deadline of all */
async function readOne(
  target: UpgradeTarget,
  { settings, host }: UpgradeContext,
  signal: AbortSignal,
  failing: Set<object> = new Set(),
  onRetry: (target: UpgradeTarget, failure: ReadFailure) => void,
): Promise<WatchStatus> {
  const { deployment, connection } = target;
  const status = createStatus(target);
  const source = target.createSource();
  try {
    const read = () => readUpgrade(source, deployment, 'single', undefined, signal);
    const options = { ...settings, timeoutSeconds: connection.timeoutSeconds, failing };
    const reading = await readWithRetries(read, options, signal, host, (failure) => onRetry(target, failure));
    return endStatus({ ...status, reading }, await explainReading(reading, target, settings));
  } catch (error) {
    const context = { deployment, connection, wasRead: false };
    const explainLateness = () => explainDeadline(deployment);
    const isLate = signal.aborted;
    return endStatus(
      status,
      await explainStop(error, host.interrupt, isLate, explainLateness, context, host.clock),
    );
  }
}

/** A plain read succeeds in any state of the upgrade. */
async function explainReading(
  reading: UpgradeReading,
  { deployment, connection: { commandTarget } }: UpgradeTarget,
  { exitStatus, expected }: UpgradeProgressSettings,
): Promise<Explanation | undefined> {
  const verdict = exitStatus ? judgeReading(reading, expected) : 'completed';
  if (verdict === 'completed') return undefined;
  const { explainVerdict } = await import('../../../monitor/explain-verdict.ts');
  return explainVerdict(verdict, { ...reading, deployment, expected, commandTarget });
}

function explainDeadline(deployment: string): Explanation {
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TIMEOUT',
    what: `${deployment}: not read, because the other reads took too long.`,
  };
}
