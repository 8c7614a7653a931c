/** Any text as an argument of a printed command, in real shells and in models of those that this machine lacks. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArgument } from '../../src/platform/format.ts';
import { anyShell, type Shell, type Shells } from '../../src/platform/shell-quoting.ts';
import { listStringArguments, loadPowerShellGrammar } from '../support/powershell-grammar.ts';
import { areShellsRequired } from '../support/required-shells.ts';
import { joinInPowerShell, parseInCmd, parseInPowerShell } from '../support/shell-models.ts';

/** Text of characters with a meaning in some shell, and of what they could make a shell do. */
const anyText = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(...' \'"`$!%&|<>^;(){}[]*?~#@=,\\-:./\u2018\u2019\u201c\u201d\u00fcax1'),
      },
      fc.constantFrom(' --force', '; touch made', '$(touch made)', '%CMDCMDLINE:~-1%', '& calc', "'", '\\\\'),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const anyTexts = fc.array(anyText, { minLength: 1, maxLength: 30 });

/** Every set of shells that may be in use. */
const candidates: readonly Shells[] = [
  ['posix'],
  ['powershell'],
  ['cmd'],
  ['posix', 'powershell'],
  ['powershell', 'cmd'],
  ['posix', 'cmd'],
  anyShell,
];

const placeholder = '<name>';

/** Formats all texts that can be quoted. */
function formatAll(texts: readonly string[], shells: Shells) {
  const printed = texts
    .map((text) => ({ text, argument: formatArgument(text, shells, placeholder) }))
    .filter(({ argument }) => argument !== placeholder);
  return { texts: printed.map(({ text }) => text), line: printed.map(({ argument }) => argument).join(' ') };
}

/** Checks the arguments that a shell gets. Those for other shells may differ, but must not be fewer. */
function check(shell: Shell, parse: (line: string) => readonly string[], runs: number) {
  const property = fc.property(anyTexts, fc.constantFrom(...candidates), (words, shells) => {
    const { texts, line } = formatAll(words, shells);
    const args = parse(line);
    if (shells.includes(shell)) expect(args).toEqual(texts);
    else expect(args.length).toBeGreaterThanOrEqual(texts.length);
    expect(args.filter((arg) => arg.startsWith('-'))).toEqual([]);
  });
  fc.assert(property, { numRuns: runs });
}

describe('arguments in cmd', () => {
  it('are the texts, and nothing else runs', () => {
    check('cmd', parseInCmd, 2000);
  });
});

describe('arguments in PowerShell', () => {
  it('are the texts, and nothing else runs', () => {
    check('powershell', parseInPowerShell, 2000);
  });

  it('are the same in batch files, such as those of az, sfctl and npm', () => {
    check('powershell', (line) => parseInCmd(joinInPowerShell(parseInPowerShell(line))), 2000);
  });
});

describe('quoted arguments in the grammar of PowerShell', () => {
  it('are strings with the texts, without expansions', async () => {
    const parse = await loadPowerShellGrammar();
    // The grammar does not know curly quotes.
    const straightTexts = fc.array(
      anyText.filter((text) => !/[\u2018-\u201e]/.test(text)),
      { minLength: 1 },
    );
    const property = fc.property(straightTexts, fc.constantFrom(...candidates), (words, shells) => {
      const { texts, line } = formatAll(
        words.filter((text) => !/^[\w.:/]/.test(text)),
        shells,
      );
      fc.pre(shells.includes('powershell') && texts.length > 0);
      expect(listStringArguments(parse(`sfctl ${line}`))).toEqual(texts);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

/** Real shells, and the script that prints its arguments with a NUL after each. */
const realShells: Readonly<Record<string, { readonly shell: Shell; argv(line: string): readonly string[] }>> =
  {
    bash: { shell: 'posix', argv: (line) => ['--norc', '-c', `printf '%s\\0' ${line}`] },
    dash: { shell: 'posix', argv: (line) => ['-c', `printf '%s\\0' ${line}`] },
    zsh: { shell: 'posix', argv: (line) => ['-f', '-c', `printf '%s\\0' ${line}`] },
    fish: { shell: 'posix', argv: (line) => ['--no-config', '-c', `printf '%s\\0' ${line}`] },
    pwsh: {
      shell: 'powershell',
      argv: (line) => ['-NoProfile', '-Command', `/usr/bin/printf '%s\\0' ${line}`],
    },
  };

describe.each(Object.entries(realShells))('arguments in a real %s', (program, { shell, argv }) => {
  const isMissing = process.platform === 'win32' || spawnSync(program, argv("''")).error !== undefined;
  const reason = isMissing ? ` (NOT TESTED: there is no ${program} on this machine)` : '';
  // Reporters may count skipped tests without naming them.
  if (isMissing) process.stderr.write(`Arguments in ${program}${reason}\n`);

  it.skipIf(isMissing && !(areShellsRequired && shell === 'posix'))(
    `are the texts, and nothing else runs${reason}`,
    () => {
      expect(isMissing).toBe(false);
      const run = (line: string) => {
        if (line === '') return [];
        const env = { ...process.env, LC_ALL: 'C.UTF-8' };
        const { stdout, stderr, status } = spawnSync(program, argv(line), { encoding: 'utf8', env });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        return stdout.split('\0').slice(0, -1);
      };
      check(shell, run, 60);
    },
  );
});
