/** Renders the help of the program and of its commands. */
import { type CommandUnknownOpts, Help, type Option } from '@commander-js/extra-typings';
import { getPath, listCommands, listNames } from '../command-tree.ts';
import { installation } from '../completion/scripts.ts';
import { describeOption, SettingArgument } from '../setting-option.ts';
import { examples, firstCommands } from './examples.ts';
import { type Entry, measureTerms, renderColumns, renderEntries, renderParagraph } from './layout.ts';
import { topics } from './topics.ts';

const help = new Help();

/** Renders the help of a command, or of the program. @param width columns of the terminal */
export function renderHelp(command: CommandUnknownOpts, width: number): string {
  return (command.parent ? renderCommandHelp(command, width) : renderProgramHelp(command, width)).join('\n');
}

function renderProgramHelp(program: CommandUnknownOpts, width: number): readonly string[] {
  // The last line tells how to get help.
  const commands = listSummaries(program).filter(([name]) => name !== 'help');
  const termWidth = measureTerms([...firstCommands, ...commands]);
  return [
    ...renderParagraph(program.description(), width),
    `Usage: ${formatUsage(program)}`,
    '',
    'Start with:',
    ...renderColumns(firstCommands, termWidth, width),
    '',
    'Commands:',
    ...renderColumns(commands, termWidth, width),
    '',
    ...renderParagraph(
      `Read more: sfcompose help <command>, ${Object.keys(topics)
        .map((topic) => `help ${topic}`)
        .join(', ')}`,
      width,
    ),
  ];
}

function listSummaries(group: CommandUnknownOpts): readonly Entry[] {
  return listCommands(group).map((command) => [listNames(command).join(', '), command.summary()]);
}

function renderCommandHelp(command: CommandUnknownOpts, width: number): readonly string[] {
  const groups = groupOptions(command);
  const termWidth = measureTerms(groups.flatMap(([, entries]) => entries));
  return [
    ...renderParagraph(command.description(), width),
    '',
    `Usage: ${formatUsage(command)}`,
    ...(command.aliases().length > 0 ? [`Alias: ${command.aliases().join(', ')}`] : []),
    '',
    'Examples:',
    ...(examples[getPath(command)] ?? []).map((example) => `  ${example}`),
    ...(command.commands.length > 0
      ? ['', ...renderEntries('Commands:', listSummaries(command), width)]
      : []),
    ...listChoices(command).flatMap(([heading, entries]) => ['', ...renderEntries(heading, entries, width)]),
    ...(command.name() === 'completion' ? ['', ...installation.split('\n')] : []),
    ...groups.flatMap(([heading, entries]) => ['', heading, ...renderColumns(entries, termWidth, width)]),
    '',
    ...renderParagraph(
      command.commands.length > 0
        ? `Read more: sfcompose help ${getPath(command)} <command>`
        : 'Read more: sfcompose help exit-codes, sfcompose help environment',
      width,
    ),
  ];
}

/** Formats the usage of a command: `sfcompose list [options]`. */
export function formatUsage(command: CommandUnknownOpts): string {
  const { parent, registeredArguments } = command;
  const path = `sfcompose ${getPath(command)}`;
  if (command.commands.length > 0 && parent) return `${path} <command> [options]`;
  if (parent === null) return `${command.name()} <command> [options]`;
  const values = registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const hasOptions = command.options.length > 0;
  return [path, ...values, ...(hasOptions ? ['[options]'] : [])].join(' ');
}

/** Lists the values of arguments that take a closed set, by heading. */
export function listChoices(command: CommandUnknownOpts): readonly (readonly [string, readonly Entry[]])[] {
  if (command.name() === 'help') return [['Topics:', Object.entries(topics)]];
  return command.registeredArguments.flatMap((argument) => {
    if (!(argument instanceof SettingArgument)) return [];
    const { choices, defaultValue } = argument.setting;
    if (choices === undefined) return [];
    const name = argument.name();
    const heading = `${name.charAt(0).toUpperCase()}${name.slice(1)}s${defaultValue ? ` (default: ${defaultValue})` : ''}:`;
    return [[heading, Object.entries(choices)] as const];
  });
}

/** Lists the options of a command by group, with the terms aligned at their long names. */
export function groupOptions(command: CommandUnknownOpts): readonly (readonly [string, readonly Entry[]])[] {
  const groups = help.groupItems([...command.options], help.visibleOptions(command), getGroup);
  return [...groups].map(([heading, options]) => [
    heading,
    options.map(
      (option): Entry => [option.short ? option.flags : `    ${option.flags}`, describeOption(option)],
    ),
  ]);
}

function getGroup({ helpGroupHeading }: Option): string {
  return helpGroupHeading ?? 'Options:';
}
