/** Renders the manual page from the same definitions as `--help`, in roff with the macros of man(7). */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { outcomes } from '../platform/outcome.ts';
import { getPath, listAllCommands } from './command-tree.ts';
import { installation } from './completion/scripts.ts';
import { listOptionVariables, otherVariables } from './help/environment.ts';
import { examples } from './help/examples.ts';
import { formatUsage, groupOptions, listChoices } from './help/render-help.ts';

/** Renders the manual page of the whole program. */
export function renderManPage(program: CommandUnknownOpts): string {
  const commands = listAllCommands(program);
  const name = program.name();
  const places = new Map<string, string>();
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${program.version()}"`,
    // Turns off hyphenation, which would break option names, and justification.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${name} \\- ${escapeRoff(toPhrase(program.description()))}`,
    '.SH SYNOPSIS',
    ...[program, ...commands].flatMap((command) => [markUp(formatUsage(command)), '.br']).slice(0, -1),
    '.SH DESCRIPTION',
    escapeRoff(program.description()),
    'Results go to standard output, everything else to standard error.',
    '.SH COMMANDS',
    ...commands.flatMap(describeCommand),
    '.SH OPTIONS',
    ...[program, ...commands].flatMap((command) => describeOptions(command, places)),
    '.SH EXIT STATUS',
    ...Object.values(outcomes).flatMap(({ exitCode, when }) => formatEntry(toBold(String(exitCode)), when)),
    '.SH ENVIRONMENT',
    ...[...listOptionVariables(commands), ...otherVariables].flatMap(([names, meaning]) =>
      formatEntry(toBold(names), meaning),
    ),
    '.SH FILES',
    ...formatEntry(
      toBold('~/.config/sfcompose/config.json'),
      'The stored clusters. $XDG_CONFIG_HOME replaces ~/.config; on Windows the file is in %APPDATA%, on macOS in ~/Library/Application Support.',
    ),
    ...formatEntry(
      toBold('~/.sfctl/config'),
      'The cluster that "sfctl cluster select" chose, used unless an option or a variable names another.',
    ),
    '.SH EXAMPLES',
    ...formatVerbatim(Object.values(examples).flat()),
    '.SH SEE ALSO',
    escapeRoff('sfctl(1), az(1), curl(1), https://jmespath.org'),
    '',
  ].join('\n');
}

function describeCommand(command: CommandUnknownOpts): string[] {
  const aliases = command.aliases();
  return [
    `.SS ${escapeRoff(getPath(command) || command.name())}`,
    escapeRoff(command.description()),
    ...(aliases.length > 0 ? ['.PP', escapeRoff(`Alias: ${aliases.join(', ')}`)] : []),
    ...listChoices(command).flatMap(([heading, entries]) => [
      '.PP',
      escapeRoff(heading),
      ...entries.flatMap(([value, meaning]) => formatEntry(toBold(value), meaning)),
    ]),
    ...(command.name() === 'completion' ? formatVerbatim(installation.split('\n')) : []),
  ];
}

/** @param places of the groups that were described before, by their text */
function describeOptions(command: CommandUnknownOpts, places: Map<string, string>): string[] {
  const groups = groupOptions(command);
  return [
    `.SS ${escapeRoff(getPath(command) || command.name())}`,
    ...groups.flatMap(([heading, options]) => {
      const text = options.flatMap(([flags, description]) => formatEntry(markUp(flags.trim()), description));
      const title = groups.length > 1 ? ['.PP', toBold(heading)] : [];
      const place = places.get(text.join('\n'));
      if (place && groups.length > 1) return [...title, '.br', escapeRoff(`Same as for ${place}.`)];
      places.set(text.join('\n'), getPath(command));
      return [...title, ...text];
    }),
  ];
}

/** @param term is roff already */
function formatEntry(term: string, meaning: string): string[] {
  return ['.TP', term, escapeRoff(meaning)];
}

function formatVerbatim(lines: readonly string[]): string[] {
  return ['.PP', '.nf', ...lines.map(escapeRoff), '.fi'];
}

/** Sets literals in bold and placeholders in italics. */
function markUp(text: string): string {
  return text.replace(/[^ ,]+/g, (word) =>
    /^[<[]/.test(word) ? `\\fI${escapeRoff(word)}\\fR` : toBold(word),
  );
}

function toBold(text: string): string {
  return `\\fB${escapeRoff(text)}\\fR`;
}

function toPhrase(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** Characters with a meaning in roff, or that a typesetter would replace. */
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Escapes one line of text; a leading dot would begin a request. */
function escapeRoff(text: string): string {
  return text
    .replace(/[\\\-'`^~]/g, (character) => escapes[character] ?? '')
    .replace(
      /[^ -~]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^\./, '\\&.');
}
