/** Writes what is left to say at the end of a command: the only place for the last record, annotations and errors. */
import { CommanderError } from '@commander-js/extra-typings';
import { indentJsonPieces } from '../output/json/document.ts';
import {
  createErrorDocument,
  ExpectedError,
  type Explanation,
  getSignalOutcome,
  usageError,
} from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { Outcome } from '../platform/outcome.ts';
import { literal, printable } from '../platform/printable.ts';
import type { CommandResult } from '../platform/result.ts';
import type { ReportOutput } from './output-options.ts';

/**
 * Reports a result on the streams that the format asks for.
 * @param elapsedMs milliseconds since the command began
 * @returns the final outcome: `usage` if the query does not fit a document, and not a success that nobody has read
 */
export async function reportResult(
  result: CommandResult,
  { format, color, quiet }: ReportOutput,
  elapsedMs: number,
  host: Host,
): Promise<Outcome> {
  const misfit = format === 'json' ? writeDocument(result, host) : undefined;
  const final: CommandResult =
    misfit && !result.explanation ? { ...result, outcome: misfit.outcome, explanation: misfit } : result;
  const { outcome, explanation, record, warnings = [] } = final;
  if (!quiet) for (const warning of warnings) host.stderr.write(literal`sfcompose: ${printable(warning)}\n`);
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
  const { renderError, renderStack } = await import('../output/error.ts');
  if (misfit && misfit !== explanation) host.stderr.write(renderError(misfit, format, color, host));
  host.stderr.write(renderError(explanation, format, color, host));
  if (outcome === 'internal') host.stderr.write(renderStack(final.bug));
  return outcome;
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
  if (error instanceof CommanderError) return toResult(usageError(describeUsageProblem(error)));
  const explanation: Explanation = {
    outcome: 'internal',
    code: 'SFCOMPOSE_E_INTERNAL',
    what: 'This is a bug in sfcompose. Please report the bug with the lines below.',
  };
  return { outcome: 'internal', explanation, bug: error };
}

function describeUsageProblem({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'There is no such command; sfcompose --help lists them all.';
  // The text after an unknown option may be a secret: --token=…
  const problem =
    code === 'commander.unknownOption' ? message.replace(/(?<=option '[^=]*)=.*(?=')/s, '') : message;
  return problem.replace(/^error: /, '').replace(/\n/g, ' ');
}
