/** Explains a wrong command line in one message, with the nearest right one and the help to read. */
import { CommanderError, type CommandUnknownOpts, type Option } from '@commander-js/extra-typings';
import { InvalidSettingError } from '../../config/setting.ts';
import { ExpectedError, usageError } from '../../platform/errors.ts';
import { formatArgument } from '../../platform/format.ts';
import type { Shells } from '../../platform/shell-quoting.ts';
import { findSimilar } from '../../platform/similar-names.ts';
import { findCommand, getPath, listCommands, listNames } from '../command-tree.ts';
import { findSplitDuration } from '../find-split-duration.ts';
import { topics } from '../help/topics.ts';
import { SettingArgument, SettingOption } from '../setting-option.ts';
import { suggestValue } from './suggest-value.ts';

/** Words that people know from other tools, and the command that does it here. */
const commandSynonyms: Readonly<Record<string, string>> = {
  up: 'upgrade-progress',
  progress: 'upgrade-progress',
  show: 'upgrade-progress',
  get: 'upgrade-progress',
  describe: 'upgrade-progress',
  state: 'upgrade-progress',
  deploy: 'upgrade',
  apply: 'upgrade',
  start: 'upgrade',
  'upgrade-rollback': 'rollback',
  abort: 'rollback',
  cancel: 'rollback',
  undo: 'rollback',
  'upgrade-resume': 'resume',
  approve: 'resume',
  continue: 'resume',
  next: 'resume',
  follow: 'watch',
  wait: 'watch',
  logs: 'watch',
  ps: 'list',
  deployments: 'list',
  log: 'history',
  past: 'history',
  events: 'history',
  check: 'connection',
  ping: 'connection',
  config: 'connection',
  doctor: 'connection',
  clusters: 'cluster',
  context: 'cluster',
  contexts: 'cluster',
  select: 'cluster',
  use: 'cluster',
  add: 'cluster',
  version: '--version',
};

/** Words that people know from other tools, and the command of `cluster` that does it. */
const clusterSynonyms: Readonly<Record<string, string>> = {
  create: 'add',
  new: 'add',
  set: 'add',
  select: 'use',
  switch: 'use',
  current: 'list',
  show: 'list',
  get: 'list',
  delete: 'remove',
  forget: 'remove',
};

/** Options that people know from other tools, and what they are called here. */
const optionSynonyms: Readonly<Record<string, string>> = {
  '--file-path': '--file',
  '--compose-file': '--file',
  '--upgrade-mode': '--mode',
  '--unhealthy-app': '--max-unhealthy-nodes',
  '--user': '--registry-user',
  '--wait': '--watch',
  '--follow': '--watch',
  '-f': '--watch',
  '--format': '--output',
  '--url': '--endpoint',
  '--host': '--endpoint',
  '--server': '--endpoint',
  '--cluster-endpoint': '--endpoint',
  '--context': '--cluster',
  '--replace': '--force',
  '--overwrite': '--force',
  '--cert': '--cert-file',
  '--pem': '--cert-file',
  '--key': '--key-file',
  '--ca': '--ca-file',
  '--pfx': '--pfx-file',
  '--token': '--token-file',
  '--no-verify': '--insecure',
  '--silent': '--quiet',
  '--debug': '--verbose',
  '--version': '-V',
};

/**
 * Adds to a usage error the nearest right command line, and the help to read.
 * @param error of commander, or the usage error of a command
 */
export function explainUsage(
  error: CommanderError | ExpectedError,
  argv: readonly string[],
  program: CommandUnknownOpts,
  shells: Shells,
): ExpectedError {
  const { command } = findCommand(program, argv);
  const { what, ...explanation } = toUsageError(error, argv, command, shells).explanation;
  // An error with next steps says more than the help does.
  if (explanation.next?.length) return new ExpectedError({ ...explanation, what });
  return new ExpectedError({ ...explanation, what: `${what} ${pointToHelp(command)}` });
}

/** Creates the error for `sfcompose help` with an unknown word. @param group whose command the word should name */
export function unknownTopicError(topic: string, group: CommandUnknownOpts): ExpectedError {
  const names = [...listCommandNames(group), ...(group.parent ? [] : Object.keys(topics))];
  const nearest = findSynonym(topic, group) ?? findNearest(topic, names);
  return usageError(`No help on "${[getPath(group), topic].join(' ').trim()}".${didYouMean(nearest)}`);
}

function toUsageError(
  error: CommanderError | ExpectedError,
  argv: readonly string[],
  command: CommandUnknownOpts,
  shells: Shells,
): ExpectedError {
  if (error instanceof CommanderError) return usageError(describeProblem(error, argv, command, shells));
  if (!(error instanceof InvalidSettingError)) return error;
  const nearest = findSingleDash(argv, command) ?? suggestValue(error.setting, error.text);
  return usageError(error.message + didYouMean(nearest));
}

function describeProblem(
  { code, message }: CommanderError,
  argv: readonly string[],
  command: CommandUnknownOpts,
  shells: Shells,
): string {
  // To the last quote, because what was typed may contain quotes.
  const [, quoted = ''] = /'(.*)'/s.exec(message) ?? [];
  switch (code) {
    case 'commander.unknownCommand':
      return describeUnknownCommand(quoted, command, shells);
    case 'commander.unknownOption':
      return describeUnknownOption(quoted, argv, command);
    case 'commander.missingArgument':
      return `Missing <${quoted}>${describeAllowed(command.registeredArguments.find((one) => one.name() === quoted))}.`;
    case 'commander.optionMissingArgument':
      return `Missing value for ${formatName(quoted)}${describeAllowed(command.options.find(({ flags }) => flags === quoted))}.`;
    case 'commander.missingMandatoryOptionValue': {
      const option = command.options.find(({ flags }) => flags === quoted);
      return `Missing ${option?.flags.replace(/^-\w, /, '')}.`;
    }
    case 'commander.excessArguments':
      return describeExcess(argv, command);
    case 'commander.conflictingOption': {
      const [one = '', other = ''] = [...message.matchAll(/'(.*?)'/g)].map(([, flags = '']) =>
        formatName(flags),
      );
      return `${one} and ${other} contradict each other: use one of them.`;
    }
    default:
      return message.replace(/^error: /, '').replace(/\n/g, ' ');
  }
}

function describeUnknownCommand(name: string, group: CommandUnknownOpts, shells: Shells): string {
  const nearest = findSynonym(name, group) ?? findNearest(name, listCommandNames(group));
  const problem = `Unknown command "${[getPath(group), name].join(' ').trim()}".`;
  if (nearest || group.parent) return problem + didYouMean(nearest);
  return `${problem} To see the deployment of that name: sfcompose status ${formatArgument(name, shells)}.`;
}

function findSynonym(word: string, group: CommandUnknownOpts): string | undefined {
  const synonyms = group.parent ? clusterSynonyms : commandSynonyms;
  return Object.hasOwn(synonyms, word.toLowerCase()) ? synonyms[word.toLowerCase()] : undefined;
}

function describeUnknownOption(typed: string, argv: readonly string[], command: CommandUnknownOpts): string {
  // What comes after the name may be a secret: --token=...
  const name = typed.replace(/=.*/s, '');
  const isNamed = ({ long, short }: Option) => name === long || name === short;
  if (command.options.some(isNamed)) return `${name} takes no value.`;
  if (command.commands.length > 0) {
    if (name === '-v' && command.parent === null) return `Unknown option -v.${didYouMean('--version')}`;
    if (command.commands.some(({ options }) => options.some(isNamed)))
      return `${name} belongs after the command, as in "${['sfcompose', getPath(command), 'list', name].filter(Boolean).join(' ')}".`;
  }
  const names = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
  const synonym = optionSynonyms[name];
  const known = synonym !== undefined && names.includes(synonym) ? synonym : undefined;
  return `Unknown option ${name}.${didYouMean(known ?? findSingleDash(argv, command) ?? findNearest(name, names))}`;
}

function describeExcess(argv: readonly string[], command: CommandUnknownOpts): string {
  const split = findSplitDuration(argv, command);
  if (split) return split.message;
  const { length } = command.registeredArguments;
  const takes = ['no arguments', 'only one argument'][length] ?? `at most ${length} arguments`;
  const hint = getPath(command) === 'list' ? ' To see one deployment: sfcompose status <deployment>.' : '';
  return `${getPath(command)} takes ${takes}.${hint}`;
}

/** Continues a sentence with what an option or argument takes. */
function describeAllowed(target: object | undefined): string {
  const isSetting = target instanceof SettingOption || target instanceof SettingArgument;
  return isSetting && target.setting.allowed ? `: use ${target.setting.allowed}` : '';
}

/** Finds an option that was typed with one hyphen: `-watch`, `-output`. */
function findSingleDash(argv: readonly string[], { options }: CommandUnknownOpts): string | undefined {
  const longNames = options.map(({ long }) => long);
  return argv.map((word) => `-${word}`).find((name) => longNames.includes(name));
}

/** Finds the name that begins with the typed one, or is nearest. Dashes do not count: they make short options similar. */
function findNearest(typed: string, names: readonly string[]): string | undefined {
  const bare = stripDashes(typed);
  const [similar] = findSimilar(bare, names.map(stripDashes));
  return (
    names.find((name) => bare.length >= 2 && name.startsWith(typed)) ??
    names.find((name) => stripDashes(name) === similar)
  );
}

function stripDashes(name: string): string {
  return name.replace(/^-+/, '');
}

function listCommandNames(group: CommandUnknownOpts): readonly string[] {
  return listCommands(group).flatMap(listNames);
}

/** Names an option by its flags: `--output` for `-o, --output <format>`. */
function formatName(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}

function pointToHelp(command: CommandUnknownOpts): string {
  // The program's help lists the commands and topics.
  if (command.parent && command.name() === 'help') return pointToHelp(command.parent);
  return `See ${['sfcompose', getPath(command), '--help'].filter(Boolean).join(' ')}.`;
}
