/** The launcher, and its cache of the code that V8 has compiled. */
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

/** Creates the environment in which Node runs this source before the program. */
function createPreload(source: string): Record<string, string> {
  return { NODE_OPTIONS: `--require ${join(createFolder({ 'preloaded.cjs': source }), 'preloaded.cjs')}` };
}

describe('the code cache', () => {
  let caches = '';
  /** The folder for this version of Node. */
  let cacheFolder = '';
  let own: Record<string, string> = {};
  beforeEach(() => {
    caches = mkdtempSync(join(tmpdir(), 'sfcompose ü '));
    cacheFolder = join(caches, 'sfcompose', `${process.version}-${process.arch}`);
    // Windows has another variable for the same folder.
    own = { XDG_CACHE_HOME: caches, LOCALAPPDATA: caches };
    onTestFinished(() => rmSync(caches, { recursive: true, force: true }));
  });

  const listFiles = () => (existsSync(cacheFolder) ? readdirSync(cacheFolder).sort() : []);
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

  it('is written by the first command, but not by help', async () => {
    await runProgram(['--help'], own);
    expect(listFiles()).toEqual([]);
    await read();
    const first = listFiles();
    expect(first).toEqual(expect.arrayContaining([expect.stringMatching(/^main-.+\.cjs$/)]));
    const times = first.map((file) => statSync(join(cacheFolder, file)).mtimeMs);
    await read();
    expect(listFiles()).toEqual(first);
    expect(first.map((file) => statSync(join(cacheFolder, file)).mtimeMs)).toEqual(times);
  });

  it.each<[string, (content: Buffer) => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is truncated', (content) => content.subarray(0, 1000)],
    ['has other content', (content) => Buffer.alloc(content.length, 'x')],
  ])('is replaced when it %s', async (_, spoilt) => {
    await read();
    for (const file of listFiles()) {
      const content = readFileSync(join(cacheFolder, file));
      writeFileSync(join(cacheFolder, file), spoilt(content));
    }
    await read();
    for (const file of listFiles())
      expect(readFileSync(join(cacheFolder, file)).length).toBeGreaterThan(1000);
  });

  it.skipIf(isWindows)('is neither read nor written in a folder that others can write to', async () => {
    mkdirSync(cacheFolder, { recursive: true });
    chmodSync(cacheFolder, 0o777);
    await read();
    expect(listFiles()).toEqual([]);
  });

  it.skipIf(isWindows).each<[string, () => string]>([
    ['the folder for all caches', () => caches],
    ['a folder above that', () => join(caches, '..')],
    ['the folder for all versions of Node', () => join(cacheFolder, '..')],
  ])('is neither read nor written when others can write to %s', async (_, folder) => {
    caches = join(caches, 'more');
    cacheFolder = join(caches, 'sfcompose', basename(cacheFolder));
    mkdirSync(cacheFolder, { recursive: true });
    chmodSync(folder(), 0o775);
    await read({ XDG_CACHE_HOME: caches });
    expect(listFiles()).toEqual([]);
  });

  it.skipIf(isWindows).each<[string, () => string]>([
    ['its folder', () => cacheFolder],
    ['the folder for all versions of Node', () => join(cacheFolder, '..')],
  ])('is not written through a link in place of %s', async (_, place) => {
    const elsewhere = createFolder();
    mkdirSync(join(elsewhere, basename(cacheFolder)));
    mkdirSync(join(place(), '..'), { recursive: true });
    symlinkSync(elsewhere, place());
    await read();
    expect(readdirSync(elsewhere, { recursive: true })).toEqual([basename(cacheFolder)]);
  });

  it.skipIf(isWindows)('is written through a link of the user to a private folder', async () => {
    const link = join(createFolder(), 'link');
    symlinkSync(caches, link);
    await read({ XDG_CACHE_HOME: link });
    expect(listFiles()).not.toEqual([]);
  });

  it.skipIf(isWindows)('stays in the checked folder when a link changes later', async () => {
    const folder = createFolder({ 'stranger/sfcompose/file': '' });
    const link = join(folder, 'link');
    const next = join(folder, 'next');
    symlinkSync(caches, link);
    symlinkSync('stranger', next);
    mkdirSync(join(folder, 'stranger/sfcompose', basename(cacheFolder)));
    // The launcher checks its folders first, and then reads the name of the first chunk.
    const swap = `
      const fs = require('node:fs');
      const { readFileSync } = fs;
      fs.readFileSync = (file, ...rest) => {
        if (/dist.main$/.test(file)) fs.renameSync(${JSON.stringify(next)}, ${JSON.stringify(link)});
        return readFileSync(file, ...rest);
      };`;
    await read({ XDG_CACHE_HOME: link, ...createPreload(swap) });
    expect(existsSync(next)).toBe(false);
    expect(readdirSync(join(folder, 'stranger/sfcompose', basename(cacheFolder)))).toEqual([]);
    expect(listFiles()).not.toEqual([]);
  });

  it.skipIf(isWindows)('is not written through a link that appeared after the start', async () => {
    const elsewhere = createFolder();
    const link = `
      const { symlinkSync } = require('node:fs');
      process.on('exit', () => symlinkSync(${JSON.stringify(elsewhere)}, ${JSON.stringify(join(caches, 'sfcompose'))}));`;
    await read(createPreload(link));
    expect(readdirSync(caches)).toEqual(['sfcompose']);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.runIf(isRoot)('is written in a sticky folder of root', async () => {
    chmodSync(caches, 0o1777);
    await read();
    expect(listFiles()).not.toEqual([]);
  });

  it.skipIf(isWindows || isRoot)('is not written in a sticky folder of another user', async () => {
    chmodSync(caches, 0o1777);
    await read();
    expect(listFiles()).toEqual([]);
  });

  it.skipIf(isWindows)('is readable only by its owner', async () => {
    await read();
    expect(statSync(cacheFolder).mode & 0o777).toBe(0o700);
  });

  it('is cleared of files from killed processes and old versions when it is written', async () => {
    await read();
    const [first = ''] = listFiles();
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    // Ages in days. A temporary file older than a day does not belong to the running process with that ID.
    const obsolete = {
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
    for (const [name, days] of Object.entries({ ...obsolete, ...needed })) {
      const file = join(cacheFolder, name);
      if (name.startsWith('..')) {
        mkdirSync(file);
        writeFileSync(join(file, first), '');
        symlinkSync(elsewhere, join(file, 'link'), 'junction');
      } else writeFileSync(file, '');
      const seconds = Date.now() / 1000 - days * 24 * 60 * 60;
      utimesSync(file, seconds, seconds);
    }
    const listExisting = (names: object) =>
      Object.keys(names).filter((name) => existsSync(join(cacheFolder, name)));

    await read();
    expect(listExisting(obsolete)).toEqual(Object.keys(obsolete));

    writeFileSync(join(cacheFolder, first), '');
    await read();
    expect(listExisting(obsolete)).toEqual([]);
    expect(listExisting(needed)).toEqual(Object.keys(needed));
    expect(readdirSync(elsewhere)).toEqual(['file']);

    // The folder in use stays, whatever its age.
    utimesSync(cacheFolder, 0, 0);
    writeFileSync(join(cacheFolder, first), '');
    await read();
    expect(listExisting(needed)).toEqual(Object.keys(needed));
  });

  it('is not used with NODE_DISABLE_COMPILE_CACHE', async () => {
    await read({ NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(listFiles()).toEqual([]);
  });

  it.each<[string, () => Record<string, string>]>([
    [
      'is not a folder',
      () => {
        const file = join(caches, 'file');
        writeFileSync(file, '');
        return { XDG_CACHE_HOME: file, LOCALAPPDATA: file };
      },
    ],
    ['is a relative path', () => ({ XDG_CACHE_HOME: 'caches', LOCALAPPDATA: 'caches' })],
    ['is read-only', () => ({ XDG_CACHE_HOME: '/proc', LOCALAPPDATA: '/proc' })],
    ['is undefined', () => ({ XDG_CACHE_HOME: '', LOCALAPPDATA: '', HOME: '' })],
  ])('is not used when its place %s', async (_, place) => {
    await read(place());
    expect(existsSync('caches')).toBe(false);
  });

  it('is complete after many simultaneous starts', async () => {
    await Promise.all(Array.from({ length: 8 }, () => read()));
    expect(listFiles().filter((file) => !file.endsWith('.cjs'))).toEqual([]);
    await read();
  });
});

it('the program runs from a folder with any name', async () => {
  const folder = mkdtempSync(join(tmpdir(), "sfcompose ü 'x' "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['bin', 'dist']) cpSync(part, join(folder, part), { recursive: true });
  const { exitCode, stdout } = await runProgram(['--version'], {}, join(folder, 'bin', 'sfcompose.js'));
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

it('a crash is reported with the names of functions in the source', async () => {
  const folder = createFolder();
  const bug = createPreload("Date.prototype.toISOString = () => { throw new Error('boom'); };");
  const { url } = await startGateway(answerWith(runningUpgrade));
  const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'plain'];
  const own = { ...bug, XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
  const { exitCode, stderr } = await runProgram(argv, own);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Error: boom$/m);
  expect(stderr).toMatch(/^ +at (?:Object\.)?renderPlainLine \(sfcompose\/dist\/[\w-]+\.cjs:\d+:\d+\)$/m);
});
