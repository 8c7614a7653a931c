/** The walls of the house stand: an import that must not be is refused by the linter. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../src/host.ts';
import { printable } from '../src/text.ts';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const config = JSON.parse(readFileSync('biome.json', 'utf8'));

type Refused = readonly [file: string, code: string, rule: string];

const refused: readonly Refused[] = [
  ...(
    [
      ['src/upgrade.ts', "import './text.ts';"],
      ['src/words.ts', "import './gateway.ts';"],
      ['src/findings/causes.ts', "import '../gateway.ts';"],
      ['src/situation.ts', "import './host.ts';"],
      ['src/wire/progress.ts', "import '../gateway.ts';"],
      ['src/wire/application.ts', "import '../findings/findings.ts';"],
      ['src/render/table.ts', "import '../wire/progress.ts';"],
      ['src/several/standing.ts', "import '../gateway.ts';"],
      ['src/commands/upgrade-progress.ts', "import '../wire/progress.ts';"],
      ['src/commands/upgrade-progress.ts', "import 'axios';"],
      ['src/settings.ts', "import './commands/upgrade-progress.ts';"],
      ['src/settings.ts', "import './main.ts';"],
      ['src/explanations/missing.ts', "import '../gateway.ts';"],
      ['src/render/deployments.ts', "import '../wire/deployments.ts';"],
      ['src/gateway.ts', "import './render/table.ts';"],
      ['src/gateway.ts', "import './simulator/json.ts';"],
      ['src/simulator/json.ts', "import '../wire/primitives.ts';"],
      ['src/simulator/simulator.ts', "import '../host.ts';"],
    ] as const
  ).map(([file, code]): Refused => [file, code, 'noRestrictedImports']),
  ['src/main.ts', 'process.exit(1);', 'noRestrictedGlobals'],
  ['src/retry.ts', 'setTimeout(() => {}, 1);', 'noRestrictedGlobals'],
  ['src/version.ts', "import process from 'node:process'; process.env.X;", 'noProcessEnv'],
];

const accepted = ['src/health.ts', "import './upgrade.ts';"] as const;

/** What the linter says of a house in which each file has these lines. */
function lint(lines: readonly (readonly [file: string, code: string, ...unknown[]])[]): string {
  const house = mkdtempSync(join(tmpdir(), 'sfcompose-walls-'));
  try {
    writeFileSync(join(house, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    for (const [file, code] of lines) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      appendFileSync(join(house, file), `${code}\n`);
    }
    const argv = [biome, 'lint', '--max-diagnostics=none'];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: house, encoding: 'utf8' });
    return (stdout + stderr).replaceAll('\\', '/');
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
}

describe('the linter refuses', () => {
  let said = '';
  beforeAll(() => {
    said = lint([...refused, accepted]);
  });

  it.each(refused)('in %s: %s', (file, code, rule) => {
    const line = 1 + refused.filter(([other]) => other === file).findIndex(([, other]) => other === code);
    expect(said).toMatch(new RegExp(`${file}:${line}:\\d+ lint/\\w+/${rule}`));
  });

  it('nothing where there is nothing to refuse', () => {
    expect(said).not.toMatch(new RegExp(`${accepted[0]}:\\d+:\\d+ lint/\\w+/noRestricted`));
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
      'commands/complete.ts',
      'render/annotation.ts',
      'render/github.ts',
      'render/json.ts',
      'render/layout.ts',
      'render/overview.ts',
      'render/style.ts',
      'reporters/frames.ts',
      'text.ts',
    ]);
  });
});
