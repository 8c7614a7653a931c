/** Arguments of printed commands, for each shell. */
import { describe, expect, it } from 'vitest';
import { formatArgument, formatPathArgument } from '../../../src/platform/format.ts';
import { anyShell, type Shells } from '../../../src/platform/shell-quoting.ts';

const posix: Shells = ['posix'];
const powershell: Shells = ['powershell'];
const cmd: Shells = ['cmd'];

describe('an argument', () => {
  it.each([
    ['web', 'web'],
    ['fabric:/web~api', 'fabric:/web~api'],
    ['Node 1', '"Node 1"'],
    ['a;b, c', '"a;b, c"'],
    ['R & D', '"R & D"'],
    ["it's", '"it\'s"'],
    ['~user', '"~user"'],
    ['*', '"*"'],
    ['\u00fc', '"\u00fc"'],
    ['it\u2019s', '"it\u2019s"'],
    ['C:\\my keys\\a.pem', '"C:\\my keys\\a.pem"'],
  ])('%s is formatted as %s for every shell', (text, argument) => {
    for (const shells of [posix, powershell, cmd, anyShell])
      expect([shells, formatArgument(text, shells)]).toEqual([shells, argument]);
    expect(formatArgument(text, undefined)).toBe(argument);
  });

  it.each([
    { text: '$HOME', inPosix: "'$HOME'", inPowerShell: "'$HOME'", inBoth: "'$HOME'" },
    { text: '$(a b)', inPosix: "'$(a b)'", inPowerShell: "'$(a b)'", inBoth: "'$(a b)'" },
    { text: '`x`', inPosix: "'`x`'", inPowerShell: "'`x`'", inBoth: "'`x`'" },
    { text: 'hey!!', inPosix: "'hey!!'", inPowerShell: "'hey!!'", inBoth: "'hey!!'" },
    { text: 'a\u201db', inPosix: "'a\u201db'", inPowerShell: "'a\u201db'", inBoth: "'a\u201db'" },
    { text: "it's $5", inPosix: `'it'"'"'s $5'`, inPowerShell: "'it''s $5'" },
    { text: '$it\u2019s', inPowerShell: "'$it\u2019\u2019s'" },
    { text: '\\\\server\\a', inPowerShell: '"\\\\server\\a"', inCmd: '"\\\\server\\a"' },
  ])('$text is formatted for each shell', ({ text, inPosix, inPowerShell, inCmd, inBoth }) => {
    expect(formatArgument(text, posix)).toBe(inPosix ?? '<name>');
    expect(formatArgument(text, powershell)).toBe(inPowerShell ?? '<name>');
    expect(formatArgument(text, cmd)).toBe(inCmd ?? '<name>');
    expect(formatArgument(text, ['posix', 'powershell'])).toBe(inBoth ?? '<name>');
    expect(formatArgument(text, undefined)).toBe('<name>');
  });

  it.each([
    { name: 'nothing', text: '' },
    { name: 'an option', text: '--force' },
    { name: 'a file whose content az reads', text: '@/etc/passwd' },
    { name: 'a double quote', text: 'a"b' },
    { name: 'a variable of cmd', text: '%PATH%' },
    { name: 'a command for cmd, to which PowerShell passes it without quotes', text: 'a&calc' },
    { name: 'a variable and a command for cmd', text: '$a & calc' },
    { name: 'a variable and an option, which cmd splits', text: '$a --force' },
    { name: 'a quoted option, which PowerShell splits', text: "$a'--force" },
    { name: 'a backslash before a single quote, which fish takes for escaped', text: "$a\\'b" },
    { name: 'a final backslash, which escapes the quote', text: 'a b\\' },
    { name: 'a line break', text: 'a\nb' },
    { name: 'an invisible character', text: 'a\u200bb' },
    { name: 'a letter that is normalised to a backtick', text: 'a\u1fefb' },
    { name: 'a command for an agent', text: '##[error] x' },
  ])('with $name is a placeholder for every shell', ({ text }) => {
    for (const shells of [posix, powershell, cmd, anyShell])
      expect([shells, formatPathArgument(text, shells)]).toEqual([shells, '<file>']);
  });
});
