/** Says what went wrong. The only place where an error becomes a message. */
import { CommanderError } from 'commander';
import { colorSetting, type Format, outputSetting } from '../config/settings.ts';
import { renderErrorLines, renderErrorTable } from '../output/error.ts';
import { renderErrorJson } from '../output/json/document.ts';
import { renderOutcomeRecord } from '../output/json/records.ts';
import { createStyle } from '../output/style.ts';
import { ExpectedError, type Explanation, usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { Outcome } from '../platform/outcome.ts';
import { literal, type Printable, printableLines } from '../platform/printable.ts';

/**
 * Tells of it on the streams that the format asks for.
 * @param elapsed milliseconds
 */
export function reportError(error: unknown, argv: readonly string[], host: Host, elapsed: number): Outcome {
  const explanation = explainError(error);
  const format = findFormat(argv, host.env);
  if (format === 'json') {
    try {
      host.stdout.write(literal`${renderErrorJson(explanation)}\n`);
    } catch (misfit) {
      // A query of the last document that was read. The outcome stands without it.
      reportError(misfit, argv, host, elapsed);
    }
  }
  if (format === 'ndjson') {
    const ending = {
      outcome: explanation.outcome,
      reason: explanation.what,
      deployment: explanation.deployment ?? null,
      targetVersion: explanation.targetVersion ?? null,
      elapsed,
      ...(explanation.deployments && { deployments: explanation.deployments }),
    };
    host.stdout.write(renderOutcomeRecord(ending, new Date(host.clock.now())));
  }
  const style = createStyle(findColor(argv), host.stderr, host.env);
  const isTable = format === 'table' && explanation.request !== undefined;
  host.stderr.write(isTable ? renderErrorTable(explanation, style) : renderErrorLines(explanation, style));
  if (explanation.outcome === 'internal') host.stderr.write(literal`${formatStack(error)}\n`);
  return explanation.outcome;
}

function explainError(error: unknown): Explanation {
  if (error instanceof ExpectedError) return error.explanation;
  if (error instanceof CommanderError) return usageError(describeUsageProblem(error)).explanation;
  return {
    outcome: 'internal',
    code: 'SFCOMPOSE_E_INTERNAL',
    what: 'This is a bug in sfcompose; please report it with the lines below.',
  };
}

function describeUsageProblem({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'There is no such command; sfcompose --help lists them all.';
  // What follows an option that does not exist may be a secret: --token=…
  const told =
    code === 'commander.unknownOption' ? message.replace(/(?<=option '[^=]*)=.*(?=')/s, '') : message;
  return told.replace(/^error: /, '').replace(/\n/g, ' ');
}

function formatStack(error: unknown): Printable {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return printableLines(stack);
}

/**
 * The format, read from a command line that may be wrong elsewhere: whoever asked for JSON gets JSON of that too.
 */
function findFormat(argv: readonly string[], env: Host['env']): Format {
  let asked: string | undefined = env['SFCOMPOSE_OUTPUT'];
  for (const [index, word] of argv.entries()) {
    if (word === '--') break;
    if (word === '--json') asked = 'json';
    else if (/^(?:--output|-[qvw]*o)$/.test(word)) asked = argv[index + 1];
    else asked = /^(?:--output=|-[qvw]*o)(.+)$/.exec(word)?.[1] ?? asked;
  }
  return outputSetting.parse(asked ?? '') ?? 'table';
}

function findColor(argv: readonly string[]) {
  if (argv.includes('--no-color')) return 'never';
  const at = argv.indexOf('--color');
  const asked = at === -1 ? argv.find((word) => word.startsWith('--color='))?.slice(8) : argv[at + 1];
  return colorSetting.parse(asked ?? '') ?? 'auto';
}
