/**
 * Shortens texts of the cluster to the lines that matter. Health reports and error messages hold stack traces of more than
 * a hundred lines, listings of nodes and replicas, and their reason anywhere between these. Pure.
 */
import { formatCount, truncate } from './format.ts';

/** Room for an excerpt. */
export interface ExcerptLimits {
  readonly maxLines: number;
  /** Characters of all lines. */
  readonly maxLength: number;
}

/** Room on a screen. */
export const screenLimits: ExcerptLimits = { maxLines: 6, maxLength: 600 };

/** Room in a line of a log. */
export const inlineLimits: ExcerptLimits = { maxLines: 4, maxLength: 300 };

/** Shortens a text to its beginning and the line that matters most. @returns lines, with a count of those left out */
export function excerpt(text: string, limits = screenLimits): string {
  const { lines, left } = selectLines(text, limits);
  return lines.join('\n') + (left > 0 ? ` (${formatCount(left, 'more line')})` : '');
}

/** Shortens a text as {@link excerpt} does, to a single line. */
export function excerptInline(text: string, limits = inlineLimits): string {
  return selectLines(text, limits).lines.join(' ');
}

/** Splits a text at its line ends. Leaves out blank lines, and blanks around a line. */
export function splitTextLines(text: string): readonly string[] {
  return text
    .split(/[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Largest part of a text that is searched. The runtime's longest report has 4096 characters. */
const maxSearchedLength = 50_000;

/** Characters below which a part of a line says nothing. */
const minPartLength = 40;

/** Rows of a listing that stay. */
const maxRows = 3;

function selectLines(
  text: string,
  { maxLines, maxLength }: ExcerptLimits,
): { readonly lines: readonly string[]; readonly left: number } {
  const all = splitReport(text.slice(0, maxSearchedLength));
  const useful = dropListings(
    all.filter((line, index) => !isNoise(line) && !isPythonFrame(all[index - 1] ?? '')),
  );
  const kept = useful.length > 0 ? useful : all;
  const key = findKeyLine(kept);
  const keyLength = key === undefined ? 0 : Math.min(key.length, (maxLength * 2) / 3);
  const lines: string[] = [];
  let room = maxLength;
  for (const line of kept) {
    const isKey = line === key;
    const reserved = isKey || key === undefined || lines.includes(key) ? 0 : keyLength;
    const isLast = reserved > 0 && lines.length >= maxLines - 1;
    if (lines.length >= maxLines || (isLast && !isKey)) continue;
    const share = room - reserved;
    if (lines.length > 0 && share < Math.min(line.length, minPartLength)) continue;
    const part = cutMiddle(line, Math.max(minPartLength, share));
    lines.push(part);
    room -= part.length;
  }
  return { lines, left: all.length - lines.length };
}

/** Matches the envelope of an error message of Docker (`Hosting2/ContainerActivator.cpp`). */
const dockerResponse =
  /DockerRequest returned StatusCode=\w+ with ResponseBody=\{"message":"((?:[^"\\]|\\.)*)"\}/g;

/** Matches what the runtime adds to its reports: where to read more. */
const boilerplate =
  / ?Please look at your application logs[^.]{0,200}\.| ?For (?:more )?information[^.\n]{0,200}?(?:visit|see):? ?https?:\S+/gi;

/** Cuts a line in its middle: it begins with what happened, and often ends with the reason. */
function cutMiddle(line: string, maxLength: number): string {
  if (line.length <= maxLength) return line;
  const end = Math.floor((maxLength - 3) / 2);
  const head = truncate(line, maxLength - 3 - end).replace(/\s+\S*$/, '');
  const tail = line.slice(-end).replace(/^\p{Cs}|^\S*\s+/u, '');
  return `${head} … ${tail}`;
}

/**
 * Splits a report into lines: at its line ends, at those that JSON inside the report escaped, and between nested
 * exceptions and stack frames, which some loggers put on one line.
 */
function splitReport(text: string): readonly string[] {
  return splitTextLines(
    text
      .replace(dockerResponse, (_, message: string) => `Docker: ${parseString(message)}`)
      .replace(boilerplate, '')
      // `\n` in a path of Windows follows a letter, a digit, or a drive.
      .replace(/\\r\\n|(?<=[.;,!?)\]}"'\s]|\w\w:)\\n|\\n(?=\s)/g, '\n')
      .replaceAll('--->', '\n')
      .replace(/(?<![ \t])[ \t]{2,}(?=at [\w.<>`]+.*\()/g, '\n'),
  );
}

/** Parses the content of a JSON string literal. */
function parseString(literal: string): string {
  try {
    return JSON.parse(`"${literal}"`);
  } catch {
    return literal;
  }
}

/** Recognises stack frames and lines without information. */
function isNoise(line: string): boolean {
  return (
    /^at .+[)\]:]|^at [\w.$<>`/]+\(|^--- End of .*---$|^\.\.\. \d+ more$|^goroutine \d+ |\.go:\d+( \+0x[\da-f]+)?$/.test(
      line,
    ) ||
    isPythonFrame(line) ||
    /^Traceback \(most recent call last\):$/.test(line) ||
    /^[-=\s]+$|^[\w ]+: N\/A$|^TargetReplicaSetSize: \d+$|^Constraint Elimination Sequence:$/.test(line) ||
    /^see(?: also)?:? https?:\S+$/i.test(line)
  );
}

/** Recognises a stack frame of Python, whose source code follows on the next line. */
function isPythonFrame(line: string): boolean {
  return /^File ".*", line \d+/.test(line);
}

/** Cuts off the nodes that the balancer lists by constraint, and shortens runs of lines of the same form. */
function dropListings(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line) => /^Nodes Eliminated By Constraints/i.test(line));
  const body = end === -1 ? lines : lines.slice(0, end);
  let run = 0;
  return body.filter((line, index) => {
    const form = getForm(line);
    run = form !== undefined && form === getForm(body[index - 1] ?? '') ? run + 1 : 1;
    return run <= maxRows;
  });
}

/** Describes the form that the rows of a listing have in common; `undefined` for a line of too few words. */
function getForm(line: string): string | undefined {
  const form = line.replace(/[\p{L}\p{N}_]+/gu, 'w');
  return form.split('w').length > 3 ? form : undefined;
}

/**
 * Finds the line that matters most, wherever it is: the constraint that eliminated the last node, the innermost
 * exception, the exit code.
 */
function findKeyLine(lines: readonly string[]): string | undefined {
  return (
    lines.find((line) => /(?<!\d)0\/\d+ node\(s\) remain/.test(line)) ??
    lines.findLast((line) => /^(?:Caused by|Inner Exception)\b/i.test(line)) ??
    lines.findLast((line) => /^[\w.]+(?:Exception|Error)\b.*[:)]/.test(line)) ??
    lines.find((line) => /\bexit(?:ed with)? code\b/i.test(line))
  );
}
