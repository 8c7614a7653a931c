/** What every watch does at its beginning and at its end, of one deployment or of several. */
import { previousAdvice } from '../../endings.ts';
import { interruptedBy } from '../../errors.ts';
import type { Outcome } from '../../exit-code.ts';
import type { Host } from '../../host.ts';
import type { BuildAgent } from '../../reporters/build-agent.ts';
import { printable, shown } from '../../text.ts';
import type { Settings } from '../options.ts';

/**
 * Loads all that any ending needs: by the time that a watch ends, sfcompose may have been reinstalled, and its files have
 * other names.
 */
export async function loadEndings(): Promise<void> {
  await Promise.all([
    import('../../error-report.ts'),
    import('../../explanations/explain.ts'),
    import('../../render/ndjson.ts'),
    import('../../suggestions.ts'),
    import('./ending.ts'),
  ]);
}

/** Warns of a success that may be that of the previous upgrade. */
export function warnOfPrevious(
  deployment: string,
  remark: string,
  agent: BuildAgent,
  { quiet }: Settings,
  { stderr }: Host,
): void {
  const warning = `${deployment}: ${remark}; ${previousAdvice}.`;
  if (!quiet) stderr.write(shown`sfcompose: ${printable(warning)}\n`);
  agent.warn(warning);
}

/**
 * A watch is a success only once its output is taken: `sfcompose … --watch | head -1 && deploy` must not deploy what is
 * still on its way.
 */
export async function outcomeOnceTaken({ stdout, interrupt }: Host): Promise<Outcome> {
  await stdout.flushed(interrupt);
  if (interrupt.aborted) return interruptedBy(interrupt.reason);
  return stdout.gone.aborted ? stdout.gone.reason : 'completed';
}
