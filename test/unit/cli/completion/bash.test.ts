/** Completion for bash: parsing its command line, and quoting for it. */
import { describe, expect, it } from 'vitest';
import { parseLine, quoteInsertion } from '../../../../src/cli/completion/bash.ts';

interface InsertionCase {
  readonly candidate: string;
  readonly last: string;
  readonly replaced: string;
  readonly expected?: string;
}

describe('completion for bash', () => {
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
  ])('parses %j', (line, expected) => {
    expect(parseLine(line)).toEqual({ isRedirection: false, ...expected });
  });

  it.each<InsertionCase>([
    { candidate: 'web', last: 'w', replaced: 'w', expected: 'web' },
    { candidate: 'my app', last: '', replaced: '', expected: 'my\\ app' },
    { candidate: 'my app', last: 'my\\ a', replaced: 'my\\ a', expected: 'my\\ app' },
    { candidate: 'my app', last: "'my a", replaced: 'my a', expected: 'my app' },
    { candidate: "it's", last: "'it", replaced: 'it', expected: "it'\\''s" },
    { candidate: 'a"$b`c\\!', last: '"a', replaced: 'a', expected: `a\\"\\$b\\\`c\\\\"'!'"` },
    { candidate: 'a"$b`c\\!', last: '', replaced: '', expected: 'a\\"\\$b\\`c\\\\\\!' },
    { candidate: 'a:b:c', last: 'a:b', replaced: 'b', expected: 'b:c' },
    { candidate: 'a:b:c', last: 'a:b', replaced: 'a:b', expected: 'a:b:c' },
    { candidate: '--output=plain', last: '--output=', replaced: '', expected: 'plain' },
    { candidate: '--output=plain', last: '--output=pl', replaced: '--output=pl', expected: '--output=plain' },
    { candidate: '~x', last: '', replaced: '', expected: '\\~x' },
    { candidate: 'ü', last: '', replaced: '', expected: 'ü' },
    { candidate: 'web', last: 'x:', replaced: '' },
  ])(
    'inserts $expected for $candidate after $last, of which $replaced is replaced',
    ({ candidate, last, replaced, expected }) => {
      expect(quoteInsertion(candidate, last, replaced)).toBe(expected);
    },
  );
});
