/** Searches what a command prints for harm. */
import {
  brokenIn,
  commandInLine,
  commandOfGithub,
  harmfulIn,
  ownCommands,
  withoutColors,
  withoutFrames,
} from './hostile-text.ts';
import { type Run, type RunOptions, run } from './run.ts';

type Format = 'table' | 'plain' | 'json' | 'ndjson';

/** How the lines on stdout begin. */
export const lineStarts: Readonly<Record<Format | 'watch' | 'narrow', RegExp>> = {
  table: /^[┌│├└]/,
  plain: /^2026-11-24T08:00:\d\dZ /,
  json: /^ *["{}[\]]/,
  ndjson: /^\{"type":"(?:progress|deployment|contact|connection|outcome)",/,
  watch: /^(?:[┌│├└]|2026-11-24T08:00:\d\dZ )/,
  narrow: /^(?: {2}|│ |[A-Z][a-z ]*$|…?$|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |The state ")/,
};

/** Those on stderr: of a message and what belongs to it, of a trace, of a table. */
const stderrLineStarts = /^(?:sfcompose: | {2}|[<>] |[┌│└])/;

export interface OutputShape {
  readonly lines: RegExp;
  readonly agent?: 'github' | 'azure';
  readonly isColored?: boolean;
  /** Whether stdout is a terminal that is drawn on. */
  readonly isLive?: boolean;
}

/** @returns what harm has come of a run, in words */
export function findHarm({ exitCode, stdout, stderr, files }: Run, look: OutputShape): readonly string[] {
  const { lines, agent = '', isColored = false, isLive = false } = look;
  const { summary = '', outputs = '' } = files;
  const still = isLive ? withoutFrames(stdout) : stdout;
  const [out, err] = isColored ? [withoutColors(still), withoutColors(stderr)] : [still, stderr];
  const own = ownCommands[agent];
  const others = own ? err.replace(own, 'sfcompose: ') : err;
  return [
    ...brokenIn(stdout + stderr + summary + outputs),
    ...harmfulIn(out + err + summary + outputs).map((character) => `${character} comes out`),
    ...[commandInLine, commandOfGithub].flatMap((command) => [
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
    ...findCommands(err)
      .filter((command) => !harmlessCommand.test(command))
      .map((command) => `to be typed: ${command}`),
    ...findStrayLines(summary, /^(?:### |- |$)/, 'the summary'),
    ...quoteMatch(
      /[^\p{L}\p{M}\p{N}\p{Zs}\n.,;/%'"=+?-]|www\./iu,
      summary.replace(/^### |&#64;<!-- -->|&#\d+;/g, ''),
      'in the summary',
    ),
    ...quoteMatch(/&#64;(?!<!-- -->)/, summary, 'a mail address'),
    ...quoteMatch(/^- (?:[-+*]|\d+[.)])\s/m, summary, 'a list in the list'),
    ...(outputs === '' || threeOutputs.test(outputs) ? [] : [`outputs: ${outputs}`]),
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

/** What follows on `See …:` and the like. */
export function findCommands(stderr: string): readonly string[] {
  const found = stderr.matchAll(/^ {2}[A-Z][\w ',]*: ((?:sfctl|sfcompose|az) .*)$/gm);
  return [...found].map(([, command = '']) => command);
}

/** Words that no shell makes more of, what the reader is to fill in, and paths in quotes that hold in every shell. */
const harmlessCommand = /^(?:[\w.~:/=-]+|<[a-z ]+>|"(?:[^"“”„$`%!\\]|\\(?!"))*"| )+$/;

const threeOutputs = /^outcome=[a-z-]+\nexit-code=\d+\ntarget-version=[\w.+-]*\n$/;

/** Each format of a command that reads no upgrade. */
export const formats: Readonly<Record<Format, OutputShape>> = {
  table: { lines: lineStarts.table, isColored: true },
  plain: { lines: lineStarts.plain },
  json: { lines: lineStarts.json },
  ndjson: { lines: lineStarts.ndjson },
};

/** What has come of a command in each format. */
export async function findHarmInAnyFormat(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<readonly string[]> {
  const harm: string[] = [];
  for (const [format, look] of Object.entries(formats)) {
    const color = look.isColored ? ['--color', 'always'] : [];
    const ended = await run([...argv, '-o', format, '-v', ...color], options);
    harm.push(...findHarm(ended, look).map((one) => `${format}: ${one}`));
  }
  return harm;
}

export const agentFiles = { GITHUB_STEP_SUMMARY: 'summary', GITHUB_OUTPUT: 'outputs' };
