/** The launcher: what it keeps of what V8 has compiled, and when it goes without. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { runProgram } from '../support/program.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';

const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;

/** @returns the setting that has Node run that before anything else */
function preloaded(source: string): Record<string, string> {
  return { NODE_OPTIONS: `--require ${join(createFolder({ 'preloaded.cjs': source }), 'preloaded.cjs')}` };
}

describe('what V8 has compiled', () => {
  let caches = '';
  /** Where it is kept: Windows has another variable for the same. */
  let kept = '';
  let own: Record<string, string> = {};
  beforeEach(() => {
    caches = mkdtempSync(join(tmpdir(), 'sfcompose ü '));
    kept = join(caches, 'sfcompose', `${process.version}-${process.arch}`);
    own = { XDG_CACHE_HOME: caches, LOCALAPPDATA: caches };
    onTestFinished(() => rmSync(caches, { recursive: true, force: true }));
  });

  const files = () => (existsSync(kept) ? readdirSync(kept).sort() : []);
  async function read(more: Record<string, string> = {}) {
    const { url } = await startGateway(answerWith(runningUpgrade));
    const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'json'];
    const { exitCode, stdout, stderr } = await runProgram(argv, { ...own, ...more });
    expect({ exitCode, stderr, document: JSON.parse(stdout) }).toEqual({
      exitCode: 0,
      stderr: '',
      document: runningUpgrade,
    });
  }

  it('is kept by a command, not by help, and then left as it is', async () => {
    await runProgram(['--help'], own);
    expect(files()).toEqual([]);
    await read();
    const first = files();
    expect(first).toEqual(expect.arrayContaining([expect.stringMatching(/^main-.+\.cjs$/)]));
    const times = first.map((file) => statSync(join(kept, file)).mtimeMs);
    await read();
    expect(files()).toEqual(first);
    expect(first.map((file) => statSync(join(kept, file)).mtimeMs)).toEqual(times);
  });

  it.each<[string, (content: Buffer) => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is cut short', (content) => content.subarray(0, 1000)],
    ['is of something else', (content) => Buffer.alloc(content.length, 'x')],
  ])('is made anew where it %s', async (_, spoilt) => {
    await read();
    for (const file of files()) {
      const content = readFileSync(join(kept, file));
      writeFileSync(join(kept, file), spoilt(content));
    }
    await read();
    for (const file of files()) expect(readFileSync(join(kept, file)).length).toBeGreaterThan(1000);
  });

  it.skipIf(isWindows)('is neither taken from nor put where somebody else can write', async () => {
    mkdirSync(kept, { recursive: true });
    chmodSync(kept, 0o777);
    await read();
    expect(files()).toEqual([]);
  });

  it.skipIf(isWindows).each<[string, () => string]>([
    ['the folder for all caches', () => caches],
    ['a folder above that', () => join(caches, '..')],
    ['the folder for every Node', () => join(kept, '..')],
  ])('is neither taken from nor put where somebody else can write to %s', async (_, folder) => {
    caches = join(caches, 'more');
    kept = join(caches, 'sfcompose', basename(kept));
    mkdirSync(kept, { recursive: true });
    chmodSync(folder(), 0o775);
    await read({ XDG_CACHE_HOME: caches });
    expect(files()).toEqual([]);
  });

  it.skipIf(isWindows).each<[string, () => string]>([
    ['its folder', () => kept],
    ['the folder for every Node', () => join(kept, '..')],
  ])('follows no link in place of %s', async (_, place) => {
    const elsewhere = createFolder();
    mkdirSync(join(elsewhere, basename(kept)));
    mkdirSync(join(place(), '..'), { recursive: true });
    symlinkSync(elsewhere, place());
    await read();
    expect(readdirSync(elsewhere, { recursive: true })).toEqual([basename(kept)]);
  });

  it.skipIf(isWindows)(
    'is kept where a link leads to a folder that only its owner can write to',
    async () => {
      const link = join(createFolder(), 'link');
      symlinkSync(caches, link);
      await read({ XDG_CACHE_HOME: link });
      expect(files()).not.toEqual([]);
    },
  );

  it.skipIf(isWindows)('stays in the folder that was looked at, whatever a link leads to later', async () => {
    const folder = createFolder({ 'stranger/sfcompose/file': '' });
    const link = join(folder, 'link');
    const next = join(folder, 'next');
    symlinkSync(caches, link);
    symlinkSync('stranger', next);
    mkdirSync(join(folder, 'stranger/sfcompose', basename(kept)));
    // The launcher looks at its folders first, and then reads the name of the chunk to begin with.
    const swap = `
      const fs = require('node:fs');
      const { readFileSync } = fs;
      fs.readFileSync = (file, ...rest) => {
        if (/dist.main$/.test(file)) fs.renameSync(${JSON.stringify(next)}, ${JSON.stringify(link)});
        return readFileSync(file, ...rest);
      };`;
    await read({ XDG_CACHE_HOME: link, ...preloaded(swap) });
    expect(existsSync(next)).toBe(false);
    expect(readdirSync(join(folder, 'stranger/sfcompose', basename(kept)))).toEqual([]);
    expect(files()).not.toEqual([]);
  });

  it.skipIf(isWindows)('is not put where a link has come since the start', async () => {
    const elsewhere = createFolder();
    const link = `
      const { symlinkSync } = require('node:fs');
      process.on('exit', () => symlinkSync(${JSON.stringify(elsewhere)}, ${JSON.stringify(join(caches, 'sfcompose'))}));`;
    await read(preloaded(link));
    expect(readdirSync(caches)).toEqual(['sfcompose']);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.runIf(isRoot)('is kept in a sticky folder of root', async () => {
    chmodSync(caches, 0o1777);
    await read();
    expect(files()).not.toEqual([]);
  });

  it.skipIf(isWindows || isRoot)('is not kept in a sticky folder of anybody but root', async () => {
    chmodSync(caches, 0o1777);
    await read();
    expect(files()).toEqual([]);
  });

  it.skipIf(isWindows)('is for nobody else to read', async () => {
    await read();
    expect(statSync(kept).mode & 0o777).toBe(0o700);
  });

  it('is cleared of what killed starts and old versions have left, by a start that writes', async () => {
    await read();
    const [first = ''] = files();
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    // With their age in days. A file that took a day is none that the process of that number writes.
    const left = {
      [`${first}.${ended}`]: 0,
      [`main-00000000.cjs.${process.pid}`]: 2,
      'main-00000000.cjs': 2,
      '../v18.0.0-x64': 31,
      '../v18.0.0-nightly20220419-arm64': 31,
    };
    const needed = {
      [`${first}.${process.pid}`]: 0,
      'main-11111111.cjs': 0,
      'notes.txt': 99,
      '../v19.0.0-x64': 29,
      '../notes': 99,
    };
    const elsewhere = createFolder({ file: '' });
    for (const [name, days] of Object.entries({ ...left, ...needed })) {
      const file = join(kept, name);
      if (name.startsWith('..')) {
        mkdirSync(file);
        writeFileSync(join(file, first), '');
        symlinkSync(elsewhere, join(file, 'link'), 'junction');
      } else writeFileSync(file, '');
      const seconds = Date.now() / 1000 - days * 24 * 60 * 60;
      utimesSync(file, seconds, seconds);
    }
    const there = (names: object) => Object.keys(names).filter((name) => existsSync(join(kept, name)));

    await read();
    expect(there(left)).toEqual(Object.keys(left));

    writeFileSync(join(kept, first), '');
    await read();
    expect(there(left)).toEqual([]);
    expect(there(needed)).toEqual(Object.keys(needed));
    expect(readdirSync(elsewhere)).toEqual(['file']);

    // Its own folder stays, however old.
    utimesSync(kept, 0, 0);
    writeFileSync(join(kept, first), '');
    await read();
    expect(there(needed)).toEqual(Object.keys(needed));
  });

  it('is not asked for where Node is told so', async () => {
    await read({ NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(files()).toEqual([]);
  });

  it.each<[string, () => Record<string, string>]>([
    [
      'is no folder',
      () => {
        const file = join(caches, 'file');
        writeFileSync(file, '');
        return { XDG_CACHE_HOME: file, LOCALAPPDATA: file };
      },
    ],
    ['is named relative to anywhere', () => ({ XDG_CACHE_HOME: 'caches', LOCALAPPDATA: 'caches' })],
    ['takes nothing', () => ({ XDG_CACHE_HOME: '/proc', LOCALAPPDATA: '/proc' })],
    ['is nowhere', () => ({ XDG_CACHE_HOME: '', LOCALAPPDATA: '', HOME: '' })],
  ])('is gone without where its place %s', async (_, place) => {
    await read(place());
    expect(existsSync('caches')).toBe(false);
  });

  it('is kept whole by many that start at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => read()));
    expect(files().filter((file) => !file.endsWith('.cjs'))).toEqual([]);
    await read();
  });
});

it('runs from a folder of any name', async () => {
  const folder = mkdtempSync(join(tmpdir(), "sfcompose ü 'x' "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['bin', 'dist']) cpSync(part, join(folder, part), { recursive: true });
  const { exitCode, stdout } = await runProgram(['--version'], {}, join(folder, 'bin', 'sfcompose.js'));
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

it('tells of a crash with names that are in the source', async () => {
  const folder = createFolder();
  const bug = preloaded("Date.prototype.toISOString = () => { throw new Error('boom'); };");
  const { url } = await startGateway(answerWith(runningUpgrade));
  const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'plain'];
  const own = { ...bug, XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
  const { exitCode, stderr } = await runProgram(argv, own);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: boom$/m);
  expect(stderr).toMatch(/^ +at (?:Object\.)?renderPlainLine \(sfcompose\/dist\/[\w-]+\.cjs:\d+:\d+\)$/m);
});
