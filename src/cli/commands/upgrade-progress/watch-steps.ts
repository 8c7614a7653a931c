/** Steps at the beginning and end of every watch, of one deployment or several. */
import { previousAdvice } from '../../../monitor/result.ts';
import type { BuildAgent } from '../../../output/ci/agent.ts';
import { getSignalOutcome } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import type { Outcome } from '../../../platform/outcome.ts';
import { literal, printable } from '../../../platform/printable.ts';
import type { Settings } from './options.ts';

/**
 * Loads the code that any ending needs. By the time a watch ends, sfcompose may have been reinstalled, and its files have
 * other names.
 */
export async function loadEndings(): Promise<void> {
  await Promise.all([
    import('../../report-error.ts'),
    import('../../../cluster/faults/explain.ts'),
    import('../../../output/json/records.ts'),
    import('../../../monitor/suggest-names.ts'),
    import('./result.ts'),
  ]);
}

/** Warns of a success that may belong to the previous upgrade. */
export function warnOfPrevious(
  deployment: string,
  remark: string,
  agent: BuildAgent,
  { quiet }: Settings,
  { stderr }: Host,
): void {
  const warning = `${deployment}: ${remark}; ${previousAdvice}.`;
  if (!quiet) stderr.write(literal`sfcompose: ${printable(warning)}\n`);
  agent.warn(warning);
}

/**
 * Waits until the output of a successful watch was taken, and returns its outcome. Without that,
 * `sfcompose … --watch | head -1 && deploy` would deploy although nobody read the verdict.
 */
export async function outcomeOnceTaken({ stdout, interrupt }: Host): Promise<Outcome> {
  await stdout.waitForFlush(interrupt);
  if (interrupt.aborted) return getSignalOutcome(interrupt.reason);
  return stdout.closeSignal.aborted ? stdout.closeSignal.reason : 'completed';
}
