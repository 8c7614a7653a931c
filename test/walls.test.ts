/** The walls of the house stand: an import that must not be is refused by the linter. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Output } from '../src/host.ts';
import { printable } from '../src/text.ts';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const config = JSON.parse(readFileSync('biome.json', 'utf8'));

/** Lints one file in a copy of the house that is otherwise empty. */
function lint(file: string, code: string): string {
  const house = mkdtempSync(join(tmpdir(), 'sfcompose-walls-'));
  onTestFinished(() => rmSync(house, { recursive: true, force: true }));
  writeFileSync(join(house, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), code);
  const { stdout, stderr } = spawnSync(process.execPath, [biome, 'lint'], { cwd: house, encoding: 'utf8' });
  return stdout + stderr;
}

describe('the linter refuses', () => {
  it.each([
    ['src/upgrade.ts', "import { x } from './text.ts';"],
    ['src/words.ts', "import { x } from './gateway.ts';"],
    ['src/findings/causes.ts', "import { x } from '../gateway.ts';"],
    ['src/situation.ts', "import { x } from './host.ts';"],
    ['src/wire/progress.ts', "import { x } from '../gateway.ts';"],
    ['src/wire/application.ts', "import { x } from '../findings/findings.ts';"],
    ['src/render/table.ts', "import { x } from '../wire/progress.ts';"],
    ['src/commands/upgrade-progress.ts', "import { x } from '../wire/progress.ts';"],
    ['src/commands/upgrade-progress.ts', "import axios from 'axios';"],
    ['src/settings.ts', "import { x } from './commands/upgrade-progress.ts';"],
    ['src/settings.ts', "import { x } from './main.ts';"],
    ['src/gateway.ts', "import { x } from './render/table.ts';"],
    ['src/gateway.ts', "import { x } from './simulator/json.ts';"],
    ['src/simulator/json.ts', "import { x } from '../wire/primitives.ts';"],
    ['src/simulator/simulator.ts', "import { x } from '../host.ts';"],
  ])('in %s: %s', (file, code) => {
    expect(lint(file, `${code}\nx();\n`)).toContain('noRestrictedImports');
  });

  it.each([
    ['src/main.ts', 'process.exit(1);', 'noRestrictedGlobals'],
    ['src/gateway.ts', 'setTimeout(() => {}, 1);', 'noRestrictedGlobals'],
    ['src/settings.ts', "import process from 'node:process';\nprocess.env.X;", 'noProcessEnv'],
  ])('in %s: %s', (file, code, rule) => {
    expect(lint(file, `${code}\n`)).toContain(rule);
  });

  it('nothing where there is nothing to refuse', () => {
    expect(lint('src/words.ts', "import { x } from './upgrade.ts';\nx();\n")).not.toContain('noRestricted');
  });
});

describe('text from elsewhere', () => {
  it('is refused by every stream until it is printable', () => {
    const write: Output['write'] = () => {};
    // @ts-expect-error: the compiler's refusal is the wall.
    write('of the cluster');
    write(printable('of the cluster'));
  });

  it('is vouched for only where a library or a cut hides that it is printable', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(join('src', file), 'utf8')] as const);
    const using = (word: RegExp) => sources.filter(([, code]) => word.test(code)).map(([file]) => file);
    expect(using(/as (unknown as )?Printable/)).toEqual(['text.ts']);
    expect(using(/\bstillPrintable\b/).toSorted()).toEqual([
      'render/annotation.ts',
      'render/azure.ts',
      'render/github.ts',
      'render/json.ts',
      'render/layout.ts',
      'render/style.ts',
      'reporters/live.ts',
      'screen.ts',
      'text.ts',
    ]);
  });
});
