/** `sfcompose help [topic]`: shows help on a command or a topic. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Host } from '../../platform/host.ts';
import { literal, printableLines } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { listNames, renderHelp } from '../help/render-help.ts';
import { isTopic, renderTopic } from '../help/topics.ts';

/** Widest help, in columns: longer lines are hard to read. */
const maxHelpWidth = 110;

/** Shows help on a command or topic; without one, on the program. @throws a usage error for an unknown topic */
export async function help(
  topic: string | undefined,
  program: CommandUnknownOpts,
  host: Host,
): Promise<CommandResult> {
  if (topic === undefined) return printHelp(program, host);
  const command = program
    .createHelp()
    .visibleCommands(program)
    .find((one) => listNames(one).includes(topic));
  if (command) return printHelp(command, host);
  if (!isTopic(topic)) {
    const { unknownTopicError } = await import('../usage/explain-usage.ts');
    throw unknownTopicError(topic, program);
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
