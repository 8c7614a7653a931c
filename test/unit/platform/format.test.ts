/** The formats of durations, times, and arguments of commands. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  endSentence,
  formatArgument,
  formatDuration,
  formatElapsed,
  formatProseTime,
} from '../../../src/platform/format.ts';

describe('a duration', () => {
  it.each([
    [0, '0s', '0s'],
    [-5, '0s', '0s'],
    [250, '250ms', '0s'],
    [59_999, '59s', '59s'],
    [120_000, '2m', '2m 00s'],
    [241_000, '4m 1s', '4m 01s'],
    [599_000, '9m 59s', '9m 59s'],
    [753_000, '12m', '12m 33s'],
    [3_600_000, '1h', '1h 00m 00s'],
    [3_900_000, '1h 5m', '1h 05m 00s'],
    [7_200_000, '2h', '2h 00m 00s'],
    [183_600_000, '2d 3h', '2d 03h 00m 00s'],
    [Infinity, 'no limit', 'no limit'],
  ])('of %d ms is %s in prose, and %s on a clock', (ms, prose, clock) => {
    expect(formatDuration(ms)).toBe(prose);
    expect(formatElapsed(ms)).toBe(clock);
  });
});

it('a time in prose is in UTC, to the second', () => {
  expect(formatProseTime(new Date('2026-11-24T07:05:18.900Z'))).toBe('2026-11-24 07:05:18 UTC');
  expect(formatProseTime(new Date(Number.NaN))).toBe('an unknown time');
});

it.each([
  ['no image', 'no image.'],
  ['no image. ', 'no image.'],
  ['really?', 'really?'],
])('%j ends as a sentence', (text, sentence) => {
  expect(endSentence(text)).toBe(sentence);
});

/** Arguments that are quoted, and as what. */
const quoted: readonly (readonly [text: string, argument: string])[] = [
  ['web', 'web'],
  ['fabric:/web~api', 'fabric:/web~api'],
  ['Node 1', '"Node 1"'],
  ['a;b&c|d', '"a;b&c|d"'],
  ["it's", '"it\'s"'],
  ['~user', '"~user"'],
  ['*', '"*"'],
  ['\u00fc', '"\u00fc"'],
  ['C:\\my keys\\a.pem', '"C:\\my keys\\a.pem"'],
  ['$HOME', "'$HOME'"],
  ['$(touch made)', '<name>'],
  ['`x`', "'`x`'"],
  ['hey!!', "'hey!!'"],
  ['%PATH%', "'%PATH%'"],
  ['$(a)\\b', "'$(a)\\b'"],
];

describe('an argument', () => {
  it.each(quoted)('%s is formatted as %s', (text, argument) => {
    expect(formatArgument(text)).toBe(argument);
  });

  it.each([
    { name: 'nothing', text: '' },
    { name: 'an option', text: '--force' },
    { name: 'a double quote', text: 'a"b' },
    { name: 'a curly quote, which PowerShell takes for a straight one', text: 'a\u201db' },
    { name: 'both a variable and a single quote', text: "$it's" },
    { name: 'a variable and a curly single quote', text: '$it\u2019s' },
    { name: 'a variable and a blank, at which cmd splits', text: '$a --force' },
    { name: 'a variable and a command for cmd', text: '$a&calc' },
    { name: 'a final backslash, which escapes the quote', text: 'a b\\' },
    { name: 'a line break', text: 'a\nb' },
    { name: 'an invisible character', text: 'a\u200bb' },
    { name: 'a letter that is normalised to a backtick', text: 'a\u1fefb' },
    { name: 'a command for an agent', text: '##[error] x' },
  ])('with $name is a placeholder', ({ text }) => {
    expect(formatArgument(text, '<file>')).toBe('<file>');
  });
});

/** Shells with the command that prints its arguments, each in a line. */
const shells: Readonly<Record<string, (words: string) => readonly string[]>> = {
  sh: (words) => ['-c', `printf '%s\\n' ${words}`],
  bash: (words) => ['-c', `printf '%s\\n' ${words}`],
  zsh: (words) => ['-f', '-c', `printf '%s\\n' ${words}`],
  pwsh: (words) => ['-NoProfile', '-Command', `/usr/bin/printf '%s\\n' ${words}`],
};

describe.each(Object.entries(shells))('an argument in %s', (shell, printWords) => {
  const isMissing = process.platform === 'win32' || spawnSync(shell, ['-c', 'exit']).error !== undefined;

  it.skipIf(isMissing)('is read as it was', () => {
    const list = quoted.filter(([, argument]) => argument !== '<name>');
    const { stdout } = spawnSync(shell, printWords(list.map(([, argument]) => argument).join(' ')), {
      encoding: 'utf8',
    });
    expect(stdout).toBe(list.map(([text]) => `${text}\n`).join(''));
  });
});
