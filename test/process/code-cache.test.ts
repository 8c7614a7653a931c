/** The cache of compiled code: who may write it, how it is cleared, and that damaged or forged caches do no harm. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { createPreload, runProgram } from '../support/program.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';

/** Reads an upgrade in this environment, which has to succeed with or without a cache. */
async function readUpgrade(environment: Readonly<Record<string, string>>): Promise<void> {
  const { url } = await startGateway(answerWith(runningUpgrade));
  const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'plain'];
  const { exitCode, stdout, stderr } = await runProgram(argv, environment);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^\S+Z web to v2: rolling forward, .* waits until .*\n$/);
}

/** Reads an upgrade with the cache in this home. */
function readWithHome(home: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  return readUpgrade({ HOME: home, XDG_CACHE_HOME: '', ...more });
}

const isWindows = process.platform === 'win32';
/** Only Linux has its cache in `.cache`. */
const onLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;

/** Lists the files in the cache of this home. */
function listCache(home: string): readonly string[] {
  const all = join(home, '.cache/sfcompose');
  return readdirSync(all).flatMap((one) => readdirSync(join(all, one)).map((file) => join(all, one, file)));
}

/** Checks whether a file ends with the checksum of its data. */
function isWhole(file: string): boolean {
  const content = readFileSync(file);
  const end = content.length - 4;
  return content.readUInt32LE(end) === crc32(content.subarray(0, end));
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
  const readWithCache = (more: Readonly<Record<string, string>> = {}) => readUpgrade({ ...own, ...more });

  it('is written by the first command, but not by help', async () => {
    for (const argv of [['--help'], ['help', 'environment'], ['nonsense'], ['list', '-o', 'jsn']])
      await runProgram(argv, own);
    expect(listFiles()).toEqual([]);
    await readWithCache();
    const first = listFiles();
    expect(first).toEqual(expect.arrayContaining([expect.stringMatching(/^main-.+\.cjs$/)]));
    const times = first.map((file) => statSync(join(cacheFolder, file)).mtimeMs);
    await readWithCache();
    expect(listFiles()).toEqual(first);
    expect(first.map((file) => statSync(join(cacheFolder, file)).mtimeMs)).toEqual(times);
  });

  it.each<[string, (content: Buffer) => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is truncated', (content) => content.subarray(0, 1000)],
    ['has other content', (content) => Buffer.alloc(content.length, 'x')],
  ])('is replaced when it %s', async (_, spoilt) => {
    await readWithCache();
    for (const file of listFiles()) {
      const content = readFileSync(join(cacheFolder, file));
      writeFileSync(join(cacheFolder, file), spoilt(content));
    }
    await readWithCache();
    for (const file of listFiles())
      expect(readFileSync(join(cacheFolder, file)).length).toBeGreaterThan(1000);
  });

  it.skipIf(isWindows)('is neither read nor written in a folder that others can write to', async () => {
    mkdirSync(cacheFolder, { recursive: true });
    chmodSync(cacheFolder, 0o777);
    await readWithCache();
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
    await readWithCache({ XDG_CACHE_HOME: caches });
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
    await readWithCache();
    expect(readdirSync(elsewhere, { recursive: true })).toEqual([basename(cacheFolder)]);
  });

  it.skipIf(isWindows)('is written through a link of the user to a private folder', async () => {
    const link = join(createFolder(), 'link');
    symlinkSync(caches, link);
    await readWithCache({ XDG_CACHE_HOME: link });
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
    await readWithCache({ XDG_CACHE_HOME: link, ...createPreload(swap) });
    expect(existsSync(next)).toBe(false);
    expect(readdirSync(join(folder, 'stranger/sfcompose', basename(cacheFolder)))).toEqual([]);
    expect(listFiles()).not.toEqual([]);
  });

  it.skipIf(isWindows)('is not written through a link that appeared after the start', async () => {
    const elsewhere = createFolder();
    const link = `
      const { symlinkSync } = require('node:fs');
      process.on('exit', () => symlinkSync(${JSON.stringify(elsewhere)}, ${JSON.stringify(join(caches, 'sfcompose'))}));`;
    await readWithCache(createPreload(link));
    expect(readdirSync(caches)).toEqual(['sfcompose']);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.runIf(isRoot)('is written in a sticky folder of root', async () => {
    chmodSync(caches, 0o1777);
    await readWithCache();
    expect(listFiles()).not.toEqual([]);
  });

  it.skipIf(isWindows || isRoot)('is not written in a sticky folder of another user', async () => {
    chmodSync(caches, 0o1777);
    await readWithCache();
    expect(listFiles()).toEqual([]);
  });

  it.skipIf(isWindows)('is readable only by its owner', async () => {
    await readWithCache();
    expect(statSync(cacheFolder).mode & 0o777).toBe(0o700);
  });

  it('is cleared of files from killed processes and old versions when it is written', async () => {
    await readWithCache();
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

    await readWithCache();
    expect(listExisting(obsolete)).toEqual(Object.keys(obsolete));

    writeFileSync(join(cacheFolder, first), '');
    await readWithCache();
    expect(listExisting(obsolete)).toEqual([]);
    expect(listExisting(needed)).toEqual(Object.keys(needed));
    expect(readdirSync(elsewhere)).toEqual(['file']);

    // The folder in use stays, whatever its age.
    utimesSync(cacheFolder, 0, 0);
    writeFileSync(join(cacheFolder, first), '');
    await readWithCache();
    expect(listExisting(needed)).toEqual(Object.keys(needed));
  });

  it('is not used with NODE_DISABLE_COMPILE_CACHE', async () => {
    await readWithCache({ NODE_DISABLE_COMPILE_CACHE: '1' });
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
    await readWithCache(place());
    expect(existsSync('caches')).toBe(false);
  });

  it('is complete after many simultaneous starts', async () => {
    await Promise.all(Array.from({ length: 8 }, () => readWithCache()));
    expect(listFiles()).not.toEqual([]);
    expect(listFiles().filter((file) => !file.endsWith('.cjs'))).toEqual([]);
    expect(listFiles().filter((file) => !isWhole(join(cacheFolder, file)))).toEqual([]);
    await readWithCache();
  });
});

describe.runIf(onLinux)("the code cache in the user's home", () => {
  it('is not run when it is damaged', async () => {
    const home = createFolder();
    await readWithHome(home);
    const whole = listCache(home).map((file) => readFileSync(file));
    for (const [index, file] of listCache(home).entries()) {
      const damaged = Buffer.from(whole[index] ?? '');
      // V8 checks only the bytes before that.
      for (let at = 200; at < damaged.length; at += 1) damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      writeFileSync(file, damaged);
    }
    await readWithHome(home);
    for (const file of listCache(home)) writeFileSync(file, readFileSync(file).subarray(0, 3));
    await readWithHome(home);
    expect(listCache(home)).toHaveLength(whole.length);
  });

  it('is replaced when it is a named pipe', async () => {
    const home = createFolder();
    await readWithHome(home);
    for (const file of listCache(home)) {
      rmSync(file);
      expect(spawnSync('mkfifo', ['-m', '600', file]).status).toBe(0);
    }
    await readWithHome(home);
    expect(listCache(home).every(isWhole)).toBe(true);
  });

  it('is replaced when V8 rejects it', async () => {
    const home = createFolder();
    await readWithHome(home);
    const [first = '', second = ''] = listCache(home);
    const ofAnother = readFileSync(first);
    writeFileSync(second, ofAnother);
    await readWithHome(home);
    expect(readFileSync(second).equals(ofAnother)).toBe(false);
  });

  it('is replaced when a single bit is wrong', { timeout: 60_000 }, async () => {
    const home = createFolder();
    await readWithHome(home);
    const files = listCache(home);
    const flips = 64;
    for (let flip = 0; flip < flips; flip += files.length) {
      for (const [index, file] of files.entries()) {
        const content = readFileSync(file);
        // Spread over the whole file, from its first byte to its last.
        const at = Math.floor((Math.min(flip + index, flips - 1) / (flips - 1)) * (content.length - 1));
        content[at] = (content[at] ?? 0) ^ (1 << ((flip + index) % 8));
        writeFileSync(file, content);
        expect(isWhole(file)).toBe(false);
      }
      await readWithHome(home);
      expect(files.filter((file) => !isWhole(file))).toEqual([]);
    }
  });

  it('leaves no temporary files when it cannot be written', async () => {
    const home = createFolder();
    await readWithHome(home);
    const files = listCache(home);
    for (const file of files) writeFileSync(file, '');
    const [first = ''] = files;
    rmSync(first);
    mkdirSync(first);
    await readWithHome(home);
    expect(listCache(home).toSorted()).toEqual(files.toSorted());
  });

  it('does not follow a link with the name of a temporary file', async () => {
    const home = createFolder();
    await readWithHome(home);
    const files = listCache(home);
    for (const file of files) writeFileSync(file, '');
    const folder = createFolder({
      elsewhere: '',
      'preloaded.cjs': `
        const { symlinkSync } = require('node:fs');
        process.on('exit', () => {
          for (const file of ${JSON.stringify(files)})
            symlinkSync(__dirname + '/elsewhere', file + '.' + process.pid);
        });`,
    });
    await readWithHome(home, { NODE_OPTIONS: `--require ${join(folder, 'preloaded.cjs')}` });
    expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('');
    expect(listCache(home).toSorted()).toEqual(files.toSorted());
    expect(files.filter((file) => !isWhole(file))).toEqual([]);
  });

  it.runIf(isRoot)("is not written by root to another user's home", async () => {
    const home = createFolder();
    chownSync(home, 12345, 12345);
    await readWithHome(home);
    expect(readdirSync(home)).toEqual([]);
  });

  it.runIf(isRoot)("is not replaced by root in what has become another user's home", async () => {
    const home = createFolder();
    await readWithHome(home);
    for (const file of listCache(home)) writeFileSync(file, '');
    chownSync(home, 12345, 12345);
    await readWithHome(home);
    expect(listCache(home).filter((file) => statSync(file).size > 0)).toEqual([]);
  });
});

/** Creates forged code for a chunk, with which V8 and the checksum find nothing wrong. It prints `forged`. */
function createForgery(chunk: string): Buffer {
  // V8 compares only the length of the source.
  const make = `
    const { Script } = require('node:vm');
    const [chunk, length] = process.argv.slice(1);
    const start = '(function (exports, require, module) {';
    const source = start + "console.log('forged'); process.exit();".padEnd(length, ' ') + '\\n})';
    process.stdout.write(new Script(source, { filename: 'sfcompose/dist/' + chunk }).createCachedData());`;
  const { size } = statSync(join('dist', chunk));
  const data = execFileSync(process.execPath, ['-e', make, chunk, String(size)]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(data));
  return Buffer.concat([data, sum]);
}

describe.runIf(onLinux)('a forged code cache', () => {
  /** Creates a home whose cache for the first chunk is forged. */
  async function createForgedHome() {
    const home = createFolder();
    await readWithHome(home);
    const file = listCache(home).find((one) => basename(one).startsWith('main-')) ?? '';
    writeFileSync(file, createForgery(basename(file)));
    return { home, file, folder: dirname(file) };
  }

  it("would be run from the user's own file", async () => {
    const { home } = await createForgedHome();
    const { stdout } = await runProgram(['--version'], { HOME: home, XDG_CACHE_HOME: '' });
    expect(stdout).toBe('forged\n');
  });

  it('is not run through a link', async () => {
    const { home, file } = await createForgedHome();
    const elsewhere = join(createFolder(), 'forged');
    renameSync(file, elsewhere);
    const content = readFileSync(elsewhere);
    symlinkSync(elsewhere, file);
    await readWithHome(home);
    expect(readFileSync(elsewhere).equals(content)).toBe(true);
    expect(lstatSync(file).isFile()).toBe(true);
  });

  it('is not run from a file that others can write to', async () => {
    const { home, file } = await createForgedHome();
    chmodSync(file, 0o620);
    await readWithHome(home);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.runIf(isRoot)("is not run from another user's file", async () => {
    const { home, file } = await createForgedHome();
    chownSync(file, 12345, 12345);
    await readWithHome(home);
    expect(statSync(file).uid).toBe(0);
  });

  it.runIf(isRoot)("is not run from another user's folder", async () => {
    const { home, file, folder } = await createForgedHome();
    chownSync(join(folder, '..'), 12345, 12345);
    const content = readFileSync(file);
    await readWithHome(home);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('is not run through a link to its folder', async () => {
    const { home, folder } = await createForgedHome();
    const elsewhere = join(createFolder(), 'forged');
    renameSync(folder, elsewhere);
    symlinkSync(elsewhere, folder);
    await readWithHome(home);
  });
});

describe.runIf(onLinux)('a home without a usable cache', () => {
  it.each(['/dev/null', '/proc', `/${'long'.repeat(100)}`])('only costs time: %s', async (home) => {
    await readWithHome(home);
  });

  it('is not created when it is missing', async () => {
    const home = join(createFolder(), 'gone');
    await readWithHome(home);
    expect(existsSync(home)).toBe(false);
  });

  it('only costs time when .cache is a file, a dangling link or a link to itself', async () => {
    await readWithHome(createFolder({ '.cache': '' }));
    await readWithHome(createFolder({ '.cache/sfcompose': '' }));
    for (const target of ['nowhere', '.cache']) {
      const home = createFolder();
      symlinkSync(target, join(home, '.cache'));
      await readWithHome(home);
    }
  });
});
