/** The manual page in roff. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { getPath, listAllCommands } from '../../../src/cli/command-tree.ts';
import { examples } from '../../../src/cli/help/examples.ts';
import { renderManPage } from '../../../src/cli/man-page.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { describeOption, SettingArgument } from '../../../src/cli/setting-option.ts';
import { outcomes } from '../../../src/platform/outcome.ts';

// No command runs here, so that the host is never used.
const program = createProgram({} as Parameters<typeof createProgram>[0], () => {});
const page = renderManPage(program);
const commands = listAllCommands(program);

/** Renders roff as plain lines, as a reader sees them. */
function renderRoff(roff: string): readonly string[] {
  const escapes: Readonly<Record<string, string>> = {
    e: '\\',
    '-': '-',
    '&': '',
    '(aq': "'",
    '(ga': '`',
    '(ha': '^',
    '(ti': '~',
  };
  return roff
    .split('\n')
    .map((line) =>
      line
        .replace(/^\.(?:SH|SS) /, '')
        .replace(/\\(?:f[BIR]|\[u([\dA-F]+)\]|(\(..|.))/g, (_, code?: string, name?: string) =>
          code ? String.fromCodePoint(Number.parseInt(code, 16)) : (escapes[name ?? ''] ?? ''),
        ),
    );
}

/** Lines with requests and escapes that the page uses, and ASCII text that is no request. */
const wellFormed =
  /^(?:\.(?:TH|SH|SS) .+|\.(?:TP|PP|nf|fi|br|nh|ad l)|(?![.'])(?:\\(?:f[BIR]|[-e&]|\((?:aq|ga|ha|ti)|\[u[\dA-F]{4,}\])|[ -,.-[\]-~])*)$/;

const lines = renderRoff(page);

describe('the manual page', () => {
  it.each([
    'NAME',
    'SYNOPSIS',
    'DESCRIPTION',
    'COMMANDS',
    'OPTIONS',
    'EXIT STATUS',
    'ENVIRONMENT',
    'FILES',
    'EXAMPLES',
    'SEE ALSO',
  ])('has the section %s', (section) => expect(page).toContain(`\n.SH ${section}\n`));

  it.each(commands.map((command) => [getPath(command), command] as const))(
    'documents all of %s',
    (name, command) => {
      expect(lines).toEqual(expect.arrayContaining([name, command.description()]));
      const visible = command.options.filter(({ hidden }) => !hidden);
      for (const option of visible)
        expect(lines).toEqual(expect.arrayContaining([option.flags, describeOption(option)]));
      const choices = command.registeredArguments.map((argument) =>
        argument instanceof SettingArgument ? argument.setting.choices : {},
      );
      for (const [value, meaning] of choices.flatMap((values) => Object.entries(values ?? {})))
        expect(lines).toEqual(expect.arrayContaining([value, meaning]));
      expect(examples[name]?.length).toBeGreaterThan(0);
      expect(lines).toEqual(expect.arrayContaining([...(examples[name] ?? [])]));
    },
  );

  it('documents every exit code', () => {
    for (const { exitCode, when } of Object.values(outcomes))
      expect(lines).toEqual(expect.arrayContaining([String(exitCode), when]));
  });

  it('documents every environment variable that the program reads', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join('src', file), 'utf8'))
      .join('\n');
    const names = [...sources.matchAll(/\benv\['(\w+)'\]|['"](SFCOMPOSE_(?!E_)\w+)['"]|append\('(\w+)'/g)];
    const variables = new Set(names.map(([, ...found]) => found.find((name) => name !== undefined) ?? ''));
    expect(variables.size).toBeGreaterThan(15);
    const environment = page.slice(page.indexOf('.SH ENVIRONMENT'), page.indexOf('.SH FILES'));
    for (const name of variables) expect(environment.toUpperCase()).toContain(name.toUpperCase());
  });

  it('is well-formed roff', () => {
    expect(page.split('\n').filter((line) => !wellFormed.test(line))).toEqual([]);
    const { error, stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-z'], {
      input: page,
      encoding: 'utf8',
    });
    // groff is not installed everywhere.
    if (!error) expect(stdout + stderr).toBe('');
  });

  it('escapes text that roff would interpret', () => {
    const texts = [
      ".SH I'm \\no request",
      '\'tis "one" neither',
      '\\fB \\n(.z \\*(x',
      '~^`-',
      'ü 😀',
      '.',
      '...',
    ];
    const odd = new Command('odd').version('1').description('Is odd.');
    for (const [index, text] of texts.entries())
      odd.command(`c${index}`).description(text).option(`--o${index}`, text);
    const roff = renderManPage(odd);
    expect(roff.split('\n').filter((line) => !wellFormed.test(line))).toEqual([]);
    for (const text of texts) expect(renderRoff(roff).filter((line) => line === text)).toHaveLength(2);
  });
});
