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
import type { Output } from '../../src/platform/host.ts';
import { printable } from '../../src/platform/printable.ts';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
const config = JSON.parse(readFileSync('biome.json', 'utf8'));

interface Line {
  readonly file: string;
  readonly code: string;
}

interface Refused extends Line {
  readonly rule: string;
}

/** Folders by floor: each imports only from those below it. */
const floors = [
  ['platform', 'simulator'],
  ['upgrade', 'config'],
  ['cluster'],
  ['monitor'],
  ['output'],
  ['cli'],
];

const folders = floors.flat();

/** The command line is the only one above both the client and the simulated cluster. */
function mayImport(from: string, to: string): boolean {
  const floor = (folder: string) => floors.findIndex((names) => names.includes(folder));
  if (to === 'simulator') return from === 'cli';
  return from !== 'simulator' && floor(to) < floor(from);
}

const imports = folders.flatMap((from) =>
  folders
    .filter((to) => to !== from)
    .map((to) => ({ from, to, file: `src/${from}/x.ts`, code: `import '../${to}/y.ts';` })),
);

const refused: readonly Refused[] = [
  ...[
    ...imports.filter(({ from, to }) => !mayImport(from, to)),
    ...folders.map((folder) => ({ file: `src/${folder}/x.ts`, code: "import '../main.ts';" })),
    ...folders.map((folder) => ({ file: `src/${folder}/x.ts`, code: "import 'axios';" })),
    { file: 'src/upgrade/x.ts', code: "import '../platform/host.ts';" },
    { file: 'src/upgrade/findings/x.ts', code: "import '../../cluster/gateway.ts';" },
    { file: 'src/output/table/x.ts', code: "import '../../cluster/wire/y.ts';" },
    { file: 'src/cli/commands/x.ts', code: "import '../../cluster/wire/y.ts';" },
  ].map(({ file, code }) => ({ file, code, rule: 'noRestrictedImports' })),
  { file: 'src/cli/run.ts', code: 'process.exit(1);', rule: 'noRestrictedGlobals' },
  { file: 'src/monitor/retry.ts', code: 'setTimeout(() => {}, 1);', rule: 'noRestrictedGlobals' },
  { file: 'src/cli/x.ts', code: "import process from 'node:process'; process.env.X;", rule: 'noProcessEnv' },
  { file: 'src/cli/x.ts', code: 'Promise.resolve();', rule: 'noFloatingPromises' },
  { file: 'src/cli/x.ts', code: 'if (Promise.resolve()) void 0;', rule: 'noMisusedPromises' },
  { file: 'src/cli/circle.ts', code: "import './circle2.ts';", rule: 'noImportCycles' },
  { file: 'src/cli/circle2.ts', code: "import './circle.ts';", rule: 'noImportCycles' },
];

const accepted: readonly Line[] = [
  ...imports.filter(({ from, to }) => mayImport(from, to)),
  { file: 'src/cluster/http-client.ts', code: "import 'axios';" },
];

/** What the linter says of a house in which each file has these lines. */
function lint(lines: readonly Line[]): string {
  const house = mkdtempSync(join(tmpdir(), 'sfcompose-walls-'));
  try {
    writeFileSync(join(house, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    for (const { file, code } of lines) {
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

/** Where a line stands in its file, once all are written. */
function lineNumber(lines: readonly Line[], { file, code }: Line): number {
  return 1 + lines.filter((line) => line.file === file).findIndex((line) => line.code === code);
}

describe('the linter', () => {
  const lines = [...refused, ...accepted];
  let report = '';
  beforeAll(() => {
    report = lint(lines);
  });

  it.each(refused)('refuses in $file: $code', ({ file, code, rule }) => {
    expect(report).toMatch(
      new RegExp(`${file}:${lineNumber(lines, { file, code })}:\\d+\\s*lint/\\w+/${rule}`),
    );
  });

  it.each(accepted)('accepts in $file: $code', ({ file, code }) => {
    expect(report).not.toMatch(
      new RegExp(`${file}:${lineNumber(lines, { file, code })}:\\d+\\s*lint/\\w+/noRestricted`),
    );
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
    expect(using(/as (unknown as )?Printable/)).toEqual(['platform/printable.ts']);
    expect(using(/\bassumePrintable\b/).toSorted()).toEqual([
      'cli/commands/complete.ts',
      'output/ci/annotation.ts',
      'output/ci/github.ts',
      'output/json/document.ts',
      'output/style.ts',
      'output/table/draw-table.ts',
      'output/table/layout.ts',
      'output/table/wrap.ts',
      'output/watch/animation.ts',
      'platform/printable.ts',
    ]);
  });
});
