/** The lint rules that keep the folders of src apart. */
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

interface RefusedLine extends Line {
  readonly rule: string;
}

/** Folders by layer, the lowest first. Each imports only from lower layers. */
const layers = [
  ['platform', 'simulator'],
  ['upgrade', 'config'],
  ['cluster'],
  ['monitor'],
  ['output'],
  ['cli'],
];

const folders = layers.flat();

/** Checks an import between two folders. Only the command line may import both the client and the simulator. */
function mayImport(from: string, to: string): boolean {
  const findLayer = (folder: string) => layers.findIndex((names) => names.includes(folder));
  if (to === 'simulator') return from === 'cli';
  return from !== 'simulator' && findLayer(to) < findLayer(from);
}

const imports = folders.flatMap((from) =>
  folders
    .filter((to) => to !== from)
    .map((to) => ({ from, to, file: `src/${from}/x.ts`, code: `import '../${to}/y.ts';` })),
);

const refusedLines: readonly RefusedLine[] = [
  ...[
    ...imports.filter(({ from, to }) => !mayImport(from, to)),
    ...folders.map((folder) => ({ file: `src/${folder}/x.ts`, code: "import '../main.ts';" })),
    ...folders.map((folder) => ({ file: `src/${folder}/x.ts`, code: "import 'axios';" })),
    { file: 'src/upgrade/x.ts', code: "import '../platform/host.ts';" },
    { file: 'src/upgrade/findings/x.ts', code: "import '../../cluster/gateway.ts';" },
    { file: 'src/simulator/health/x.ts', code: "import '../../platform/format.ts';" },
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

const acceptedLines: readonly Line[] = [
  ...imports.filter(({ from, to }) => mayImport(from, to)),
  { file: 'src/cluster/http-client.ts', code: "import 'axios';" },
];

/** Lints a project whose files have these lines. @returns the linter's report */
function lint(lines: readonly Line[]): string {
  const project = mkdtempSync(join(tmpdir(), 'sfcompose-lint-'));
  try {
    writeFileSync(join(project, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    for (const { file, code } of lines) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      appendFileSync(join(project, file), `${code}\n`);
    }
    const argv = [biome, 'lint', '--max-diagnostics=none'];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: project, encoding: 'utf8' });
    return (stdout + stderr).replaceAll('\\', '/');
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** Finds the number of a line in its file. */
function findLineNumber(lines: readonly Line[], { file, code }: Line): number {
  return 1 + lines.filter((line) => line.file === file).findIndex((line) => line.code === code);
}

describe('the linter', () => {
  const lines = [...refusedLines, ...acceptedLines];
  let report = '';
  beforeAll(() => {
    report = lint(lines);
  });

  it.each(refusedLines)('refuses in $file: $code', ({ file, code, rule }) => {
    expect(report).toMatch(
      new RegExp(`${file}:${findLineNumber(lines, { file, code })}:\\d+\\s*lint/\\w+/${rule}`),
    );
  });

  it.each(acceptedLines)('accepts in $file: $code', ({ file, code }) => {
    expect(report).not.toMatch(
      new RegExp(`${file}:${findLineNumber(lines, { file, code })}:\\d+\\s*lint/\\w+/noRestricted`),
    );
  });
});

describe('foreign text', () => {
  it('is no argument for a stream until it is printable', () => {
    const write: Output['write'] = () => {};
    // @ts-expect-error: the type checker refuses plain strings.
    write('from the cluster');
    write(printable('from the cluster'));
  });

  it('is assumed to be printable only in a few files', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(join('src', file), 'utf8')] as const);
    const findFilesWith = (word: RegExp) =>
      sources.filter(([, code]) => word.test(code)).map(([file]) => file);
    expect(findFilesWith(/as (unknown as )?Printable/)).toEqual(['platform/printable.ts']);
    expect(findFilesWith(/\bassumePrintable\b/).toSorted()).toEqual([
      'cli/commands/complete.ts',
      'output/ci/annotation.ts',
      'output/ci/azure.ts',
      'output/ci/github.ts',
      'output/ci/markdown.ts',
      'output/json/document.ts',
      'output/report/markup.ts',
      'output/style.ts',
      'output/table/draw-table.ts',
      'output/table/wrap.ts',
      'output/upgrade-screen/line.ts',
      'output/watch/animation.ts',
      'platform/printable.ts',
    ]);
  });
});
