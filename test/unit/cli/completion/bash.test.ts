/** What bash has of a command line, and what it is to insert. */
import { describe, expect, it } from 'vitest';
import { parseLine, quoteInsertion } from '../../../../src/cli/completion/bash.ts';

describe('a command line of bash', () => {
  it.each<[string, Partial<ReturnType<typeof parseLine>>]>([
    ['sfcompose ', { before: [], last: '' }],
    ['sfcompose upg', { before: [], last: 'upg' }],
    ['./bin/sfcompose demo  ', { before: ['demo'], last: '' }],
    ['sfcompose a\\ b \'c d\'"e f" "g \\" \\x" \'\'', { before: ['a b', 'c de f', 'g " \\x'], last: "''" }],
    ["sfcompose x 'a b", { before: ['x'], last: "'a b" }],
    ['sfcompose x "a \\" b ', { before: ['x'], last: '"a \\" b ' }],
    ['sfcompose x a\\', { before: ['x'], last: 'a\\' }],
    ['sfcompose x a\\ ', { before: ['x'], last: 'a\\ ' }],
    ['sfcompose -e http://x:1 $(rm x)', { before: ['-e', 'http://x:1', '$(rm'], last: 'x)' }],
    ['sfcompose 2>/dev/null x > o', { before: ['x'], last: 'o', isRedirection: true }],
    ['sfcompose x >', { before: ['x'], last: '>', isRedirection: true }],
    ['sfcompose x &>> log y', { before: ['x'], last: 'y', isRedirection: false }],
  ])('%s', (line, expected) => {
    expect(parseLine(line)).toEqual({ isRedirection: false, ...expected });
  });

  it.each<[candidate: string, last: string, replaced: string, expected: string | undefined]>([
    ['web', 'w', 'w', 'web'],
    ['my app', '', '', 'my\\ app'],
    ['my app', 'my\\ a', 'my\\ a', 'my\\ app'],
    ['my app', "'my a", 'my a', 'my app'],
    ["it's", "'it", 'it', "it'\\''s"],
    ['a"$b`c\\!', '"a', 'a', `a\\"\\$b\\\`c\\\\"'!'"`],
    ['a"$b`c\\!', '', '', 'a\\"\\$b\\`c\\\\\\!'],
    ['a:b:c', 'a:b', 'b', 'b:c'],
    ['a:b:c', 'a:b', 'a:b', 'a:b:c'],
    ['--output=plain', '--output=', '', 'plain'],
    ['--output=plain', '--output=pl', '--output=pl', '--output=plain'],
    ['~x', '', '', '\\~x'],
    ['ü', '', '', 'ü'],
    ['web', 'x:', '', undefined],
  ])('gets %s for %s, of which %s is replaced', (candidate, last, replaced, expected) => {
    expect(quoteInsertion(candidate, last, replaced)).toBe(expected);
  });
});
