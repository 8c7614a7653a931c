/** Renders the reference of the command line in Markdown, from the same definitions as `--help`. */
import { type CommandUnknownOpts, Help, type Option } from '@commander-js/extra-typings';
import { getPath, listAllCommands, listNames } from '../../src/cli/command-tree.ts';
import { installation } from '../../src/cli/completion/scripts.ts';
import { listOptionVariables, otherVariables } from '../../src/cli/help/environment.ts';
import { examples } from '../../src/cli/help/examples.ts';
import { formatUsage, listChoices } from '../../src/cli/help/render-help.ts';
import { SettingOption } from '../../src/cli/setting-option.ts';
import { getOutcomeWord, type Outcome, outcomes } from '../../src/platform/outcome.ts';

const help = new Help();

/** Renders `docs/reference.md`. */
export function renderReference(program: CommandUnknownOpts): string {
  const commands = listAllCommands(program);
  const renderOnce = createOnceRenderer();
  return [
    '# Reference',
    'All commands, options, exit codes and environment variables, as in `sfcompose <command> --help` and `man sfcompose`.',
    '## Commands',
    renderTable(
      ['command', 'does'],
      commands.map((command) => [
        listNames(command)
          .map((name) => getPath(command).replace(/[^ ]+$/, name))
          .map((path) => `[\`${path}\`](#${getAnchor(command)})`)
          .join(', '),
        command.summary(),
      ]),
    ),
    ...commands.flatMap((command) => renderCommand(command, renderOnce)),
    '## Exit codes',
    'Of several deployments, the worst one counts.',
    renderTable(
      ['code', 'word', 'when'],
      Object.entries(outcomes).map(([outcome, { exitCode, when }]) => [
        String(exitCode),
        `\`${getOutcomeWord(outcome as Outcome)}\``,
        markUp(when),
      ]),
    ),
    '## Environment',
    'Options take precedence over environment variables. Empty variables are ignored.',
    renderTable(
      ['variable', 'meaning'],
      [...listOptionVariables(commands), ...otherVariables].map(([names, meaning]) => [
        names
          .split(', ')
          .map((name) => `\`${name}\``)
          .join(', '),
        markUp(meaning),
      ]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Returns the anchor of a command's heading. */
function getAnchor(command: CommandUnknownOpts): string {
  return getPath(command).replaceAll(' ', '-');
}

/** Renders a titled table, or where the same table stands already. */
type OnceRenderer = (title: string, table: string, command: CommandUnknownOpts) => string;

function createOnceRenderer(): OnceRenderer {
  const places = new Map<string, CommandUnknownOpts>();
  return (title, table, command) => {
    const place = places.get(table);
    if (place) return `**${title}**: same as [${getPath(place)}](#${getAnchor(place)}).`;
    places.set(table, command);
    return `**${title}**\n\n${table}`;
  };
}

function renderCommand(command: CommandUnknownOpts, renderOnce: OnceRenderer): readonly string[] {
  const aliases = command.aliases();
  const groups = new Set(listOwnOptions(command).map(getGroup));
  return [
    `## ${getPath(command)}`,
    markUp(command.description()),
    renderBlock([formatUsage(command)]),
    ...(aliases.length > 0 ? [`Alias: ${aliases.map((alias) => `\`${alias}\``).join(', ')}`] : []),
    'Examples:',
    renderBlock(examples[getPath(command)] ?? []),
    ...listChoices(command).map(([heading, entries]) => {
      const rows = entries.map(([value, meaning]) => [`\`${value}\``, markUp(meaning)]);
      return renderOnce(removeColon(heading), renderTable(['value', 'meaning'], rows), command);
    }),
    ...(command.name() === 'completion' ? [renderBlock(installation.split('\n').slice(1))] : []),
    ...[...groups].map((group) => {
      const options = listOwnOptions(command).filter((option) => getGroup(option) === group);
      const table = renderTable(['option', 'does', 'environment', 'default'], options.map(toCells));
      return renderOnce(removeColon(group), table, command);
    }),
  ];
}

/** Lists the visible options of a command, without `--help`, which all have. */
function listOwnOptions(command: CommandUnknownOpts): readonly Option[] {
  return help.visibleOptions(command).filter((option) => command.options.includes(option));
}

function removeColon(heading: string): string {
  return heading.replace(/:$/, '');
}

/** Sets the options that a text names as code. */
function markUp(text: string): string {
  return text.replace(/(?<![\w-])--?[a-z][\w-]*(?: (?:json|never)\b)?/g, '`$&`');
}

function toCells(option: Option): readonly string[] {
  const { variable, defaultValue = '' } = option instanceof SettingOption ? option.facts : {};
  return [
    `\`${option.flags}\``,
    markUp(option.description),
    (variable ?? '').replace(/SFCOMPOSE_\w+/g, '`$&`'),
    defaultValue.replace(/(?:^|(?<= ))(?:\d+(?:[smh]|ms)?|--[\w-]+|https?:\S+)(?= |,|$)/g, '`$&`'),
  ];
}

function getGroup({ helpGroupHeading }: Option): string {
  return helpGroupHeading ?? 'Options:';
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = head.map((_, column) => rows.some((row) => row[column]));
  const renderRow = (cells: readonly string[]) =>
    `| ${cells
      .filter((_, column) => used[column])
      .map((cell) => cell.replaceAll('|', '\\|').replace(/<([\w-]+)>(?![^`]*`)/g, '`<$1>`'))
      .join(' | ')} |`;
  return [renderRow(head), renderRow(head.map(() => '---')), ...rows.map(renderRow)].join('\n');
}

function renderBlock(lines: readonly string[]): string {
  return ['```sh', ...lines.map((line) => line.trimStart()), '```'].join('\n');
}
