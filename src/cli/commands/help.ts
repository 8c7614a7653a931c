/** `sfcompose help [topic...]`: shows help on a command or a topic. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Host } from '../../platform/host.ts';
import { literal, printableLines } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { findCommand } from '../command-tree.ts';
import { renderHelp } from '../help/render-help.ts';
import { isTopic, renderTopic } from '../help/topics.ts';

/** Widest help, in columns: longer lines are hard to read. */
const maxHelpWidth = 110;

/** Shows help on a command or topic; without words, on the program. @throws a usage error for unknown words */
export async function help(
  words: readonly string[],
  program: CommandUnknownOpts,
  host: Host,
): Promise<CommandResult> {
  const { command, rest } = findCommand(program, words);
  const [topic] = rest;
  if (topic === undefined) return printHelp(command, host);
  if (command !== program || rest.length > 1 || !isTopic(topic)) {
    const { unknownTopicError } = await import('../usage/explain-usage.ts');
    throw unknownTopicError(topic, command);
  }
  return print(renderTopic(topic, program, getWidth(host)), host);
}

/** Shows the help of a command, or of the program. */
export function printHelp(command: CommandUnknownOpts, host: Host): CommandResult {
  return print(renderHelp(command, getWidth(host)), host);
}

function print(text: string, { stdout }: Host): CommandResult {
  stdout.write(literal`${printableLines(text)}\n`);
  return { outcome: 'completed' };
}

function getWidth({ stdout }: Host): number {
  return Math.min(stdout.columns || 80, maxHelpWidth);
}
