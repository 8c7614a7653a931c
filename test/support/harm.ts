/** Searches the output of commands for harmful text. */
import {
  agentCommand,
  findBroken,
  findHarmful,
  githubCommand,
  ownCommands,
  stripColors,
  stripFrames,
} from './hostile-text.ts';
import { type Run, type RunOptions, run } from './run.ts';

type Format = 'table' | 'plain' | 'json' | 'ndjson';

/** Beginnings of the lines of screens. */
const screenStart = String.raw`(?:\d+ deployments?  |Nothing is upgrading  |\d+ [a-z ]+(?:, \d+ [a-z ]+)*  \d|\d+ deployments?$|web  |web$|127\.0\.0\.1:\d+$|[✓●!✗↩·] |[█▓▒░]| {2}|$|Why   |Note  |Next  |Health tree|Also sent$|exit code \d+$|mode |Monitored|Unmonitored|started )`;

/** Beginnings of the lines on stdout, by format and view. */
export const lineStarts: Readonly<Record<Format | 'watch' | 'narrow', RegExp>> = {
  table: new RegExp(`^${screenStart}`),
  plain: /^2026-11-24T08:00:\d\dZ /,
  json: /^ *["{}[\]]/,
  ndjson: /^\{"type":"(?:progress|deployment|upgrade|contact|ended|connection|plan|request|outcome)",/,
  watch: new RegExp(`^(?:${screenStart}|2026-11-24T08:00:\\d\\dZ )`),
  narrow: new RegExp(`^(?:${screenStart}|│ |[A-Z][a-z ]*$| ?…?$|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |The state ")`),
};

/** Beginnings of the lines on stderr: messages with their details, traces, tables. */
const stderrLineStarts = /^(?:sfcompose: | {2}|[<>] |✗ |$)/;

/** The shape of harmless output. */
export interface OutputShape {
  readonly lines: RegExp;
  readonly agent?: 'github' | 'azure';
  readonly isColored?: boolean;
  /** Whether stdout is a terminal with a live view. */
  readonly isLive?: boolean;
}

/** Finds all harm in the output of a run. @returns descriptions */
export function findHarm({ exitCode, stdout, stderr, files }: Run, shape: OutputShape): readonly string[] {
  const { lines, agent = '', isColored = false, isLive = false } = shape;
  const { summary = '', outputs = '' } = files;
  const prose = dropCode(summary);
  const tables = prose.replace(/^(?!\|).*\n/gm, '');
  const still = isLive ? stripFrames(stdout) : stdout;
  const [out, err] = isColored ? [stripColors(still), stripColors(stderr)] : [still, stderr];
  const own = ownCommands[agent];
  const others = own ? err.replace(own, 'sfcompose: ') : err;
  return [
    ...findBroken(stdout + stderr + summary + outputs),
    ...findHarmful(out + err + summary + outputs).map((character) => `${character} comes out`),
    ...[agentCommand, githubCommand].flatMap((command) => [
      ...quoteMatch(command, out, 'a command on stdout'),
      ...quoteMatch(command, others, 'a command on stderr'),
    ]),
    ...findStrayLines(out, lines, 'stdout'),
    ...findStrayLines(others, stderrLineStarts, 'stderr'),
    ...quoteMatch(/^(?:::|##vso).*%0A\s*(?:::|##)/im, err, 'a command in an annotation'),
    ...quoteMatch(/bug in sfcompose/, err, 'a crash'),
    ...(own && countIssues(err, 'error') !== Math.min(exitCode, 1)
      ? [`${countIssues(err, 'error')} errors`]
      : []),
    ...[...findCommands(err), ...findCommands(out)]
      .filter((command) => !harmlessCommand.test(command))
      .map((command) => `an unsafe command: ${command}`),
    ...findStrayLines(prose, /^(?:### |- |\| |[^\s#>`~+-]|$)/, 'the summary'),
    ...findStrayLines(tables, /^(?:\|(?: [^|]* \|){2,3})$/, 'a table of the summary'),
    ...findMarkup(prose),
    ...(outputs === '' || threeOutputs.test(outputs) ? [] : [`outputs: ${outputs}`]),
  ];
}

/** Finds all harm in a report in Markdown. @returns descriptions */
export function findMarkdownHarm(markdown: string): readonly string[] {
  const prose = dropCode(markdown).replace(/^(.{1,2}) \*\*(.*)\*\*$/gmu, '- $2');
  return [
    ...findBroken(markdown),
    ...findHarmful(markdown).map((character) => `${character} comes out`),
    ...findStrayLines(prose, /^(?:#{1,3} |- |\| |---$|[^\s#>`~+-]|$)/, 'the report'),
    ...findMarkup(prose.replace(/^(?:#{1,3} |---$)/gm, '')),
  ];
}

/** Removes the blocks of code, which cannot be left. */
function dropCode(markdown: string): string {
  return markdown.replace(/^(`{3,})sh\n.*\n\1$/gm, '');
}

/** Finds characters in prose that have a meaning in Markdown or HTML. */
function findMarkup(prose: string): readonly string[] {
  return [
    ...quoteMatch(
      /[^\p{L}\p{M}\p{N}\p{Zs}\n.,;/%'"=+?-]|www\./iu,
      prose.replace(/^### [\u2705\u23f3\u274c] |^\| :.*|\||&#64;<!-- -->|&#\d+;/gm, ''),
      'markup',
    ),
    ...quoteMatch(/&#64;(?!<!-- -->)/, prose, 'a mail address'),
    ...quoteMatch(/^- (?:[-+*]|\d+[.)])\s/m, prose, 'a list in the list'),
  ];
}

function quoteMatch(found: RegExp, text: string, what: string): readonly string[] {
  const at = text.search(found);
  return at === -1 ? [] : [`${what}: ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 40))}`];
}

function findStrayLines(text: string, lineStarts: RegExp, stream: string): readonly string[] {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return lines.filter((line) => !lineStarts.test(line)).map((line) => `a line on ${stream}: ${line}`);
}

export function countIssues(stderr: string, level: 'error' | 'warning'): number {
  return (
    stderr.match(new RegExp(`^(?:::${level} title=|##vso\\[task\\.logissue type=${level}\\])`, 'gm'))
      ?.length ?? 0
  );
}

/** Finds the commands that the output tells an operator to type, which stand on lines of their own. */
export function findCommands(output: string): readonly string[] {
  return [...output.matchAll(/^ {2,8}((?:sfctl|sfcompose|az) .*)$/gm)].map(([, command = '']) => command);
}

/** Words without special characters, placeholders, and text in quotes that are safe in every shell. */
const harmlessWords = [
  /[\w.~:/=-]+/,
  /<[a-z ]+>/,
  /"[^"“”„$`%!]+(?<!\\)"/,
  // With "'" in place of a single quote.
  /(?:'[^'‘’‚‛"%&|<>^]*(?<!\\)'(?:"'")?)+/,
].map(({ source }) => source);

const harmlessCommand = new RegExp(`^(?:(?:${harmlessWords.join('|')})(?: |$))+$`);

const threeOutputs = /^outcome=[a-z-]+\nexit-code=\d+\ntarget-version=[\w.+-]*\n$/;

/** Output formats of a command that reads no upgrade. */
export const formats: Readonly<Record<Format, OutputShape>> = {
  table: { lines: lineStarts.table, isColored: true },
  plain: { lines: lineStarts.plain },
  json: { lines: lineStarts.json },
  ndjson: { lines: lineStarts.ndjson },
};

/** Output formats of a watch. */
export const watchFormats: typeof formats = {
  ...formats,
  table: { lines: lineStarts.watch, isColored: true },
};

/** Runs a command in every format, and finds all harm in its output. */
export async function findHarmInAnyFormat(
  argv: readonly string[],
  options: RunOptions = {},
  shapes = formats,
): Promise<readonly string[]> {
  const harm: string[] = [];
  for (const [format, shape] of Object.entries(shapes)) {
    const color = shape.isColored ? ['--color', 'always'] : [];
    const ended = await run([...argv, '-o', format, '-v', ...color], options);
    harm.push(...findHarm(ended, shape).map((one) => `${format}: ${one}`));
  }
  return harm;
}

/** The environment of a build agent that wants a summary and outputs. */
export const agentFiles = { GITHUB_STEP_SUMMARY: 'summary', GITHUB_OUTPUT: 'outputs' };
