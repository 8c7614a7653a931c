/** Finds what can come next on a command line, from its definition. */
import {
  type Argument,
  CommanderError,
  type CommandUnknownOpts,
  type Option,
} from '@commander-js/extra-typings';
import type { ConnectionFlags } from '../../config/connection-flags.ts';
import { clusterSetting } from '../../config/settings.ts';
import { findCommand, getPath, listCommands, listNames } from '../command-tree.ts';
import { topics } from '../help/topics.ts';
import { describeOption, SettingArgument, SettingOption } from '../setting-option.ts';

/** A word that can stand in the place of the one being typed. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** Everything that can stand in the place of a word. */
export type Completion =
  | { readonly of: 'words'; readonly candidates: readonly Candidate[] }
  /** The shell completes file names itself. */
  | { readonly of: 'files' }
  /** The stored clusters. @param head the part of the word before the name */
  | { readonly of: 'clusters'; readonly head: string }
  /** The deployments of the cluster that the flags name, without those given already. */
  | { readonly of: 'deployments'; readonly flags: ConnectionFlags; readonly operands: readonly string[] };

/**
 * Finds the completion of a word.
 * @param program parses the words, and must not run a command afterwards
 * @param before the words before it, without the program's name
 * @param current the part of the word that is typed already
 */
export function findCompletion(
  program: CommandUnknownOpts,
  before: readonly string[],
  current: string,
): Completion {
  const { command, rest } = findCommand(program, before);
  if (command.commands.length > 0) {
    if (rest.some((word) => !word.startsWith('-'))) return completeWords([], current);
    return completeWords(current.startsWith('-') ? listOptions(command) : listSummaries(command), current);
  }
  const words = getPath(command) === 'help' ? listHelp(program, rest) : [];
  if (words.length > 0 && !current.startsWith('-')) return completeWords(words, current);
  return completeCommand(command, rest, current);
}

/** Lists the words that can follow a command in `sfcompose help`. */
function listHelp(program: CommandUnknownOpts, words: readonly string[]): readonly Candidate[] {
  const { command, rest } = findCommand(program, words);
  if (rest.length > 0) return [];
  return [...listSummaries(command), ...(command === program ? listTopics() : [])];
}

function completeCommand(
  command: CommandUnknownOpts,
  before: readonly string[],
  current: string,
): Completion {
  const operands = parseOperands(command, before);
  if (operands === undefined) return completeValue(findOption(command, before.at(-1) ?? ''), '', current);
  const isOption = current.startsWith('-') && !before.includes('--');
  const attached = isOption ? findAttachedOption(command, current) : undefined;
  if (attached) return completeValue(attached.option, attached.head, current);
  const argument = findArgument(command, operands.length);
  if (isOption || argument === undefined || getPath(command) === 'help')
    return completeWords(listOptions(command), current || '--');
  if (argument.name() === 'deployment')
    return { of: 'deployments', flags: command.opts() as ConnectionFlags, operands };
  return completeValue(argument, '', current);
}

/**
 * Parses the words with the command itself, and ignores unknown options.
 * @returns the operands; `undefined` if the last word is an option without its value
 */
function parseOperands(
  command: CommandUnknownOpts,
  before: readonly string[],
): readonly string[] | undefined {
  try {
    const { operands, unknown } = command.parseOptions([...before]);
    return [...operands, ...unknown.filter((word) => !word.startsWith('-'))];
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.optionMissingArgument') return undefined;
    throw error;
  }
}

function findArgument({ registeredArguments }: CommandUnknownOpts, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

/** @param word `--output`, `-o`, or several short options such as `-wo`, whose last one counts */
function findOption(command: CommandUnknownOpts, word: string): Option | undefined {
  const name = word.startsWith('--') ? word : `-${word.at(-1)}`;
  return command.options.find(({ long, short }) => name === long || name === short);
}

/** Finds an option whose value is in the same word, and the part before the value: `--output=`, `-o`, `-wo`. */
function findAttachedOption(
  command: CommandUnknownOpts,
  word: string,
): { option: Option; head: string } | undefined {
  const [, long = ''] = /^(--[^=]+)=/.exec(word) ?? [];
  if (long) {
    const option = findOption(command, long);
    return option?.required ? { option, head: `${long}=` } : undefined;
  }
  for (let end = 2; end < word.length; end++) {
    const option = findOption(command, `-${word.charAt(end - 1)}`);
    if (option?.required) return { option, head: word.slice(0, end) };
    if (option === undefined) return undefined;
  }
  return undefined;
}

function completeValue(target: Option | Argument | undefined, head: string, current: string): Completion {
  // The placeholder in the help shows that the value is a file.
  if (target && 'flags' in target && /<(?:path|file)>/.test(target.flags)) return { of: 'files' };
  const isSetting = target instanceof SettingOption || target instanceof SettingArgument;
  if (isSetting && target.setting === clusterSetting) return { of: 'clusters', head };
  const choices = Object.entries((isSetting && target.setting.choices) || {});
  const candidates = choices.map(([choice, meaning]) => ({ word: head + choice, meaning }));
  return completeWords(candidates, current);
}

function completeWords(candidates: readonly Candidate[], current: string): Completion {
  return { of: 'words', candidates: candidates.filter(({ word }) => word.startsWith(current)) };
}

function listSummaries(group: CommandUnknownOpts): readonly Candidate[] {
  return listCommands(group).flatMap((command) =>
    listNames(command).map((word) => ({ word, meaning: command.summary() })),
  );
}

function listTopics(): readonly Candidate[] {
  return Object.entries(topics).map(([word, meaning]) => ({ word, meaning }));
}

/** Lists the options that can still be given, long forms first. */
function listOptions(command: CommandUnknownOpts): readonly Candidate[] {
  const help = command.createHelp();
  const open = help.visibleOptions(command).filter((option) => {
    const isRepeatable = option.variadic || option.parseArg !== undefined;
    return isRepeatable || command.getOptionValueSource(option.attributeName()) !== 'cli';
  });
  return (['long', 'short'] as const).flatMap((form) =>
    open.flatMap((option) => {
      const word = option[form];
      return word ? [{ word, meaning: describeOption(option) }] : [];
    }),
  );
}
