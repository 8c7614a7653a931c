/** The manual page, made of what `--help` is made of, so that the two never differ. In roff, with the macros of man(7). */
import { type Command, Help, type Option } from 'commander';
import { outcomes } from '../platform/outcome.ts';
import { helpEndings } from './help.ts';

/** Variables that are no option's, by what they are for. */
const otherVariables: readonly (readonly [names: string, meaning: string])[] = [
  ['NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE', 'whether to colour, where --color does not say it'],
  ['http_proxy, https_proxy, all_proxy, no_proxy', 'proxies, as curl reads them; in upper case as well'],
  ['NODE_EXTRA_CA_CERTS', 'authorities that Node.js trusts beside its own'],
  ['SFCTL_CONFIG_DIR', "the folder of sfctl's settings; its SFCTL_SERVICEFABRIC_... count as well"],
  ['HOME, XDG_CACHE_HOME', "where sfctl's settings are found, and where compiled code is kept"],
  ['NODE_DISABLE_COMPILE_CACHE', 'keeps and takes no compiled code'],
  ['TERM', 'where it is "dumb" nothing is drawn in place'],
  ['GITHUB_OUTPUT, GITHUB_STEP_SUMMARY', 'the files for the outputs and the summary of a step'],
];

const help = new Help();

export function manual(program: Command): string {
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const name = program.name();
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${program.version()}"`,
    // Names of options and variables are not to be broken up, nor lines to be stretched.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${name} \\- ${escaped(inSentence(program.description()))}`,
    '.SH SYNOPSIS',
    ...[program, ...commands].flatMap((command) => [usage(command), '.br']).slice(0, -1),
    '.SH DESCRIPTION',
    escaped(program.description()),
    'The result is all that is written to standard output; what is said about it goes to standard error.',
    '.SH COMMANDS',
    ...commands.flatMap(described),
    '.SH OPTIONS',
    ...[program, ...commands].flatMap(optionsOf),
    '.SH EXIT STATUS',
    ...Object.values(outcomes).flatMap(({ exitCode, when }) => entry(bold(String(exitCode)), when)),
    '.SH ENVIRONMENT',
    ...[...variablesOf(commands)].flatMap(([variable, flag]) => entry(bold(variable), `See ${flag}.`)),
    ...otherVariables.flatMap(([names, meaning]) => entry(bold(names), meaning)),
    '.SH FILES',
    ...entry(bold('~/.sfctl/config'), 'what "sfctl cluster select" chose: used where nothing else says it'),
    '.SH EXAMPLES',
    ...asTyped(Object.values(helpEndings).flatMap(({ examples }) => examples)),
    '.SH SEE ALSO',
    escaped('sfctl(1), az(1), curl(1), https://jmespath.org'),
    '',
  ].join('\n');
}

function usage(command: Command): string {
  return marked(help.commandUsage(command));
}

function described(command: Command): string[] {
  const { list } = helpEndings[command.name()] ?? {};
  return [
    `.SS ${escaped(command.name())}`,
    escaped(help.subcommandDescription(command)),
    ...help
      .visibleArguments(command)
      .flatMap((argument) => entry(italic(help.argumentTerm(argument)), help.argumentDescription(argument))),
    ...(list ? asTyped(list.split('\n')) : []),
  ];
}

function optionsOf(command: Command): string[] {
  const visible = help.visibleOptions(command);
  const groups = help.groupItems([...command.options], visible, groupOf);
  return [
    `.SS ${escaped(command.name())}`,
    ...[...groups].flatMap(([heading, options]) => [
      ...(groups.size > 1 ? ['.PP', bold(heading)] : []),
      ...options.flatMap((option) => entry(marked(help.optionTerm(option)), help.optionDescription(option))),
    ]),
  ];
}

function groupOf({ helpGroupHeading }: Option): string {
  return helpGroupHeading ?? 'Options:';
}

/** The variables that options name in their descriptions, with the option of each. */
function variablesOf(commands: readonly Command[]): Map<string, string> {
  const found = commands
    .flatMap(({ options }) => options)
    .flatMap((option) =>
      [...option.description.matchAll(/\bSFCOMPOSE_\w+/g)].map(
        ([variable]) => [variable, option.long ?? option.flags] as const,
      ),
    );
  return new Map(found);
}

/** @param term in roff */
function entry(term: string, meaning: string): string[] {
  return ['.TP', term, escaped(meaning)];
}

function asTyped(lines: readonly string[]): string[] {
  return ['.PP', '.nf', ...lines.map(escaped), '.fi'];
}

/** What is to be typed in bold, what stands for something else in italics. */
function marked(text: string): string {
  return text.replace(/[^ ,]+/g, (word) => (/^[<[]/.test(word) ? `\\fI${escaped(word)}\\fR` : bold(word)));
}

function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

function italic(text: string): string {
  return `\\fI${escaped(text)}\\fR`;
}

function inSentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** What roff or a typesetter would make something else of. */
const spellings: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** A text in one line, as it is: a line that begins with a dot is no request. */
function escaped(text: string): string {
  return text
    .replace(/[\\\-'`^~]/g, (character) => spellings[character] ?? '')
    .replace(
      /[^ -~]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^\./, '\\&.');
}
