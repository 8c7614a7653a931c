/** Finds and names commands, which may belong to a group: `sfcompose cluster add`. */
import { type CommandUnknownOpts, Help } from '@commander-js/extra-typings';

const help = new Help();

/** Lists the visible commands of a program or group, without those of groups below. */
export function listCommands(group: CommandUnknownOpts): readonly CommandUnknownOpts[] {
  return help.visibleCommands(group);
}

/** Lists all visible commands, each group before its own commands. */
export function listAllCommands(group: CommandUnknownOpts): readonly CommandUnknownOpts[] {
  return listCommands(group).flatMap((command) => [command, ...listAllCommands(command)]);
}

/** Lists the names of a command: its own, then its aliases. */
export function listNames(command: CommandUnknownOpts): readonly string[] {
  return [command.name(), ...command.aliases()];
}

/** Returns what to type for a command: `cluster add`; the empty text for the program itself. */
export function getPath(command: CommandUnknownOpts): string {
  const { parent } = command;
  return parent ? `${getPath(parent)} ${command.name()}`.trimStart() : '';
}

/**
 * Finds the command that words begin with. Options before it are skipped.
 * @returns the innermost command, and the words after its name
 */
export function findCommand(
  group: CommandUnknownOpts,
  words: readonly string[],
): { readonly command: CommandUnknownOpts; readonly rest: readonly string[] } {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const name = words[at];
  const command = group.commands.find((one) => name !== undefined && listNames(one).includes(name));
  return command ? findCommand(command, words.slice(at + 1)) : { command: group, rest: words };
}
