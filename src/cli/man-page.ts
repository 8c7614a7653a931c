/** Renders the manual page from the same definitions as `--help`, in roff with the macros of man(7). */
import { type CommandUnknownOpts, Help, type Option } from '@commander-js/extra-typings';
import { outcomes } from '../platform/outcome.ts';
import { helpEpilogues } from './help.ts';

/** Environment variables that belong to no option, with their purpose. */
const otherVariables: readonly (readonly [names: string, meaning: string])[] = [
  ['NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE', 'whether to colour, where --color does not say it'],
  ['http_proxy, https_proxy, all_proxy, no_proxy', 'proxies, as curl reads them; in upper case as well'],
  ['NODE_EXTRA_CA_CERTS', 'authorities that Node.js trusts beside its own'],
  ['SFCTL_CONFIG_DIR', "the folder of sfctl's settings; its SFCTL_SERVICEFABRIC_... count as well"],
  ['HOME, XDG_CACHE_HOME', "where sfctl's settings are found, and where compiled code is kept"],
  ['NODE_DISABLE_COMPILE_CACHE', 'keeps and takes no compiled code'],
  ['TERM', 'where it is "dumb" nothing is drawn in place, and screens are drawn in ASCII'],
  ['LC_ALL, LC_CTYPE, LANG', 'where the first that is set does not name UTF-8, screens are drawn in ASCII'],
  ['GITHUB_OUTPUT, GITHUB_STEP_SUMMARY', 'the files for the outputs and the summary of a step'],
];

const help = new Help();

/** Renders the manual page of the whole program. */
export function renderManPage(program: CommandUnknownOpts): string {
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const name = program.name();
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${program.version()}"`,
    // Turns off hyphenation, which would break option names, and justification.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${name} \\- ${escapeRoff(toPhrase(program.description()))}`,
    '.SH SYNOPSIS',
    ...[program, ...commands].flatMap((command) => [formatUsage(command), '.br']).slice(0, -1),
    '.SH DESCRIPTION',
    escapeRoff(program.description()),
    'The result is all that is written to standard output; what is said about it goes to standard error.',
    '.SH COMMANDS',
    ...commands.flatMap(describeCommand),
    '.SH OPTIONS',
    ...[program, ...commands].flatMap(describeOptions),
    '.SH EXIT STATUS',
    ...Object.values(outcomes).flatMap(({ exitCode, when }) => formatEntry(toBold(String(exitCode)), when)),
    '.SH ENVIRONMENT',
    ...[...findVariables(commands)].flatMap(([variable, flag]) =>
      formatEntry(toBold(variable), `See ${flag}.`),
    ),
    ...otherVariables.flatMap(([names, meaning]) => formatEntry(toBold(names), meaning)),
    '.SH FILES',
    ...formatEntry(
      toBold('~/.sfctl/config'),
      'what "sfctl cluster select" chose: used where nothing else says it',
    ),
    '.SH EXAMPLES',
    ...formatVerbatim(Object.values(helpEpilogues).flatMap(({ examples }) => examples)),
    '.SH SEE ALSO',
    escapeRoff('sfctl(1), az(1), curl(1), https://jmespath.org'),
    '',
  ].join('\n');
}

function formatUsage(command: CommandUnknownOpts): string {
  return markUp(help.commandUsage(command));
}

function describeCommand(command: CommandUnknownOpts): string[] {
  const { list } = helpEpilogues[command.name()] ?? {};
  return [
    `.SS ${escapeRoff(command.name())}`,
    escapeRoff(help.subcommandDescription(command)),
    ...help
      .visibleArguments(command)
      .flatMap((argument) =>
        formatEntry(toItalic(help.argumentTerm(argument)), help.argumentDescription(argument)),
      ),
    ...(list ? formatVerbatim(list.split('\n')) : []),
  ];
}

function describeOptions(command: CommandUnknownOpts): string[] {
  const visible = help.visibleOptions(command);
  const groups = help.groupItems([...command.options], visible, getGroup);
  return [
    `.SS ${escapeRoff(command.name())}`,
    ...[...groups].flatMap(([heading, options]) => [
      ...(groups.size > 1 ? ['.PP', toBold(heading)] : []),
      ...options.flatMap((option) =>
        formatEntry(markUp(help.optionTerm(option)), help.optionDescription(option)),
      ),
    ]),
  ];
}

function getGroup({ helpGroupHeading }: Option): string {
  return helpGroupHeading ?? 'Options:';
}

/** Finds the variables named in option descriptions, with their options. */
function findVariables(commands: readonly CommandUnknownOpts[]): Map<string, string> {
  const found = commands
    .flatMap(({ options }) => options)
    .flatMap((option) =>
      [...option.description.matchAll(/\bSFCOMPOSE_\w+/g)].map(
        ([variable]) => [variable, option.long ?? option.flags] as const,
      ),
    );
  return new Map(found);
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

function toItalic(text: string): string {
  return `\\fI${escapeRoff(text)}\\fR`;
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
