/** Reports the result of a command. Nothing else writes last records, annotations and errors. */
import { indentJsonPieces } from '../output/json/document.ts';
import {
  createErrorDocument,
  ExpectedError,
  type Explanation,
  getSignalOutcome,
} from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { getOutcomeWord, type Outcome } from '../platform/outcome.ts';
import { literal } from '../platform/printable.ts';
import type { CommandResult } from '../platform/result.ts';
import type { ReportOutput } from './output-options.ts';

/** Outcomes that tell the state of an upgrade, rather than a failure to read it. */
const stateOutcomes: readonly Outcome[] = ['completed', 'rolled-back', 'failed', 'superseded', 'in-progress'];

/** Lists the outcomes of all deployments of a command. */
function listOutcomes({ outcome, record }: CommandResult): readonly Outcome[] {
  return record?.deployments?.map((result) => result.outcome) ?? [outcome];
}

/**
 * Reports a result on the streams that the format asks for.
 * @param elapsedMs milliseconds since the command began
 * @returns the final outcome: `usage` if the query does not fit a document, and not a success whose output was not read
 */
export async function reportResult(
  result: CommandResult,
  { format, color, quiet, silent }: ReportOutput,
  elapsedMs: number,
  host: Host,
): Promise<Outcome> {
  const misfit = format === 'json' ? writeDocument(result, host) : undefined;
  const final: CommandResult =
    misfit && !result.explanation ? { ...result, outcome: misfit.outcome, explanation: misfit } : result;
  const { outcome, explanation, record, warnings = [] } = final;
  const untold = warnings.filter(({ isOnScreen }) => !(isOnScreen && format === 'table'));
  if (!quiet && untold.length > 0) {
    const { renderWarning } = await import('../output/error.ts');
    for (const warning of untold) host.stderr.write(renderWarning(warning, host));
  }
  if (format === 'ndjson' && (record || explanation)) {
    const { renderOutcomeRecord } = await import('../output/json/records.ts');
    const made = { reason: explanation?.what ?? '', deployment: null, targetVersion: null };
    const last = { ...(record ?? made), outcome, elapsedMs };
    host.stdout.write(renderOutcomeRecord(last, new Date(host.clock.now())));
  }
  if (explanation === undefined) {
    const read = final.mustBeRead ? await waitUntilRead(outcome, host) : outcome;
    if (read === outcome) await final.annotate?.(final);
    return read;
  }
  await final.annotate?.(final);
  // The exit code is the answer.
  if (silent && listOutcomes(final).every((one) => stateOutcomes.includes(one))) return outcome;
  const { renderError, renderStack } = await import('../output/error.ts');
  if (misfit && misfit !== explanation) host.stderr.write(renderError(misfit, format, color, host));
  const isOnScreen = format === 'table' && final.isOnScreen;
  // The log of a build has both streams, and its annotation tells everything.
  if (isOnScreen && final.isAnnotated && explanation.request === undefined) return outcome;
  const isBelowScreen = isOnScreen && host.stdout.isTTY && host.stderr.isTTY;
  const left = isBelowScreen ? omitPrinted(explanation) : explanation;
  if (left && isBelowScreen) host.stderr.write(literal`\n`);
  if (left) host.stderr.write(renderError(left, format, color, host));
  if (outcome === 'internal') host.stderr.write(renderStack(final.bug));
  return outcome;
}

/** Leaves out what the screen above has just told. @returns `undefined` if nothing is left */
function omitPrinted(explanation: Explanation): Explanation | undefined {
  const { outcome, code, what, request, next = [] } = explanation;
  // A screen tells no failed request.
  if (request !== undefined) return explanation;
  const word = getOutcomeWord(outcome);
  if (word === 'interrupted') return { outcome, code, what, next };
  // The first step watches on; the others are those of the screen.
  return word === 'timed-out' ? { outcome, code, what, next: next.slice(0, 1) } : undefined;
}

/** @returns the explanation if the query does not fit the document; then its error document was written instead */
function writeDocument({ document, explanation }: CommandResult, host: Host): Explanation | undefined {
  const json = document ?? (explanation && (explanation.document ?? createErrorDocument(explanation)));
  if (json === undefined) return undefined;
  const write = (text: string) => {
    for (const piece of indentJsonPieces(text)) host.stdout.write(piece);
    host.stdout.write(literal`\n`);
  };
  try {
    write(json);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    write(createErrorDocument(error.explanation));
    return error.explanation;
  }
}

/** Waits until the output was taken. @returns the outcome, unless that was prevented */
async function waitUntilRead(outcome: Outcome, { stdout, interrupt }: Host): Promise<Outcome> {
  await stdout.waitForFlush(interrupt);
  if (interrupt.aborted) return getSignalOutcome(interrupt.reason);
  return stdout.closeSignal.aborted ? stdout.closeSignal.reason : outcome;
}

/** Makes the result of a command that has thrown. Anything but an expected error is a bug of ours. */
export function toResult(error: unknown): CommandResult {
  if (error instanceof ExpectedError)
    return { outcome: error.explanation.outcome, explanation: error.explanation };
  const explanation: Explanation = {
    outcome: 'internal',
    code: 'SFCOMPOSE_E_INTERNAL',
    what: 'This is a bug in sfcompose. Please report the bug with the lines below.',
  };
  return { outcome: 'internal', explanation, bug: error };
}
