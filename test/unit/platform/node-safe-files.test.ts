/** Files that are replaced as a whole, locked, and checked for other writers. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findConfigFolder } from '../../../src/platform/node-host.ts';
import {
  checkReplaceable,
  findUnsafePath,
  lockFile,
  replaceFile,
  retryWhileBusy,
} from '../../../src/platform/node-safe-files.ts';
import { createFolder } from '../../support/folder.ts';
import { createTestTime } from '../../support/run.ts';

const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;

const getMode = (path: string) => statSync(path).mode & 0o777;

describe('replaceFile', () => {
  it('creates the file and its folders', async () => {
    const path = join(createFolder(), 'a', 'b', 'file');
    await replaceFile(path, 'one', 'owner');
    await replaceFile(path, 'two', 'owner');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(path, '..'))).toEqual(['file']);
  });

  it.skipIf(isWindows)('lets only the owner read it, whatever it was before', async () => {
    const folder = createFolder({ file: 'old' });
    chmodSync(join(folder, 'file'), 0o666);
    await replaceFile(join(folder, 'file'), 'new', 'owner');
    await replaceFile(join(folder, 'sub', 'file'), 'new', 'owner');
    expect([join('file'), 'sub', join('sub', 'file')].map((name) => getMode(join(folder, name)))).toEqual([
      0o600, 0o700, 0o600,
    ]);
  });

  it.skipIf(isWindows)('leaves permissions to the system by default', async () => {
    const folder = createFolder();
    writeFileSync(join(folder, 'usual'), '');
    await replaceFile(join(folder, 'file'), '', 'default');
    expect(getMode(join(folder, 'file'))).toBe(getMode(join(folder, 'usual')));
  });

  it('creates no folders by default', async () => {
    await expect(replaceFile(join(createFolder(), 'a', 'file'), '', 'default')).rejects.toThrow('ENOENT');
  });

  it('keeps symbolic links, also those that lead nowhere yet', async () => {
    const folder = createFolder();
    symlinkSync('middle', join(folder, 'link'));
    symlinkSync(join(folder, 'target'), join(folder, 'middle'));
    for (const text of ['one', 'two']) {
      await replaceFile(join(folder, 'link'), text, 'owner');
      expect(readFileSync(join(folder, 'target'), 'utf8')).toBe(text);
    }
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['link', 'middle', 'target']);
  });

  it('refuses a circle of links', async () => {
    const folder = createFolder();
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    await expect(replaceFile(join(folder, 'a'), '', 'owner')).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('leaves nothing behind when it fails', async () => {
    const folder = createFolder();
    mkdirSync(join(folder, 'file'));
    await expect(replaceFile(join(folder, 'file'), 'text', 'owner')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['file']);
  });
});

describe('retryWhileBusy', () => {
  const failWith = (...codes: string[]) => {
    const left = [...codes];
    return async () => {
      const code = left.shift();
      if (code) throw Object.assign(new Error(code), { code });
      return left;
    };
  };

  it('tries again until the file is free', async () => {
    await expect(retryWhileBusy(failWith('EPERM', 'EBUSY', 'EACCES'), 3)).resolves.toEqual([]);
  });

  it('gives up at last, and at once for other errors', async () => {
    await expect(retryWhileBusy(failWith('EPERM', 'EBUSY', 'EPERM'), 1)).rejects.toThrow('EBUSY');
    await expect(retryWhileBusy(failWith('ENOSPC', 'EBUSY'), 3)).rejects.toThrow('ENOSPC');
  });
});

describe('checkReplaceable', () => {
  it.each(['nul.md', 'CON.html', 'aux', 'Com1.report.md', 'lpt9 .md'])(
    'rejects %s on Windows, which is the name of a device',
    async (name) => {
      await expect(checkReplaceable(join(createFolder(), name), true)).rejects.toThrow('reserves this name');
    },
  );

  it('accepts other names on Windows, and all elsewhere', async () => {
    const folder = createFolder({ 'console.md': '' });
    for (const name of ['console.md', 'null.md', 'com.md', 'report.con.md'])
      await checkReplaceable(join(folder, name), true);
    await checkReplaceable(join(folder, 'con.md'), false);
  });
});

describe('lockFile', () => {
  const signal = new AbortController().signal;

  it('lets one holder after the other in, and leaves nothing behind', async () => {
    const path = join(createFolder(), 'sub', 'file');
    const { clock } = createTestTime();
    // Waits for the holder, which takes real time, and never until its lock counts as old.
    const waiting = {
      ...clock,
      monotonic: () => 0,
      sleep: () => new Promise<void>((done) => setImmediate(done)),
    };
    let holders = 0;
    let total = 0;
    const hold = async () => {
      const release = await lockFile(path, waiting, signal);
      holders++;
      expect(holders).toBe(1);
      for (let turn = 0; turn < 3; turn++) await new Promise((done) => setImmediate(done));
      holders--;
      total++;
      await release();
    };
    await Promise.all(Array.from({ length: 8 }, hold));
    expect(total).toBe(8);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('takes over a lock that nobody releases', async () => {
    const folder = createFolder({ 'file.lock': 'a process that has died' });
    const { clock, sleeps } = createTestTime();
    const release = await lockFile(join(folder, 'file'), clock, signal);
    const waitedMs = sleeps.reduce((sum, one) => sum + one, 0);
    expect(waitedMs).toBeGreaterThan(5000);
    expect(waitedMs).toBeLessThan(6000);
    await release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not take a lock for old that changes hands', async () => {
    const folder = createFolder({ 'file.lock': '0' });
    const path = join(folder, 'file');
    const { clock, sleeps } = createTestTime();
    const sleep: typeof clock.sleep = async (milliseconds) => {
      await clock.sleep(milliseconds);
      const waitedMs = sleeps.reduce((sum, one) => sum + one, 0);
      // Each process holds the lock for two seconds, until half a minute has passed.
      if (waitedMs < 30_000) writeFileSync(`${path}.lock`, String(Math.floor(waitedMs / 2000)));
    };
    await lockFile(path, { ...clock, sleep }, signal);
    expect(clock.monotonic()).toBeGreaterThan(30_000);
  });

  it('stops waiting when interrupted', async () => {
    const folder = createFolder({ 'file.lock': '' });
    const { clock } = createTestTime();
    const interrupt = new AbortController();
    const sleep = async () => interrupt.abort();
    await expect(lockFile(join(folder, 'file'), { ...clock, sleep }, interrupt.signal)).rejects.toThrow(
      'aborted',
    );
  });
});

describe.skipIf(isWindows)('findUnsafePath', () => {
  /** Creates `sub/file` with these permissions. */
  function createFile(mode: number, folderMode = 0o755): string {
    const folder = createFolder({ 'sub/file': '' });
    chmodSync(join(folder, 'sub', 'file'), mode);
    chmodSync(join(folder, 'sub'), folderMode);
    return join(folder, 'sub', 'file');
  }

  it.each([0o600, 0o644, 0o400])('accepts a file with the mode %o', async (mode) => {
    expect(await findUnsafePath(createFile(mode))).toBeUndefined();
  });

  it.each([0o620, 0o602, 0o666])('finds a file with the mode %o', async (mode) => {
    const path = createFile(mode);
    expect(await findUnsafePath(path)).toEqual({ path, isForeign: false });
  });

  it.each([0o775, 0o757, 0o777])(
    'finds a folder with the mode %o, also without a file in it',
    async (mode) => {
      const path = createFile(0o600, mode);
      const unsafe = { path: join(path, '..'), isForeign: false };
      expect(await findUnsafePath(path)).toEqual(unsafe);
      expect(await findUnsafePath(join(path, '..', 'missing', 'file'))).toEqual(unsafe);
    },
  );

  it('accepts a folder with the sticky bit, in which others cannot replace the file', async () => {
    expect(await findUnsafePath(createFile(0o600, 0o1777))).toBeUndefined();
  });

  it('looks at the folders of all symbolic links on the way', async () => {
    const target = createFile(0o600);
    const open = createFolder();
    symlinkSync(target, join(open, 'middle'));
    const folder = createFolder();
    symlinkSync(join(open, 'middle'), join(folder, 'link'));
    expect(await findUnsafePath(join(folder, 'link'))).toBeUndefined();
    chmodSync(open, 0o777);
    expect(await findUnsafePath(join(folder, 'link'))).toEqual({ path: open, isForeign: false });
    chmodSync(open, 0o755);
    chmodSync(target, 0o666);
    expect(await findUnsafePath(join(folder, 'link'))).toEqual({ path: target, isForeign: false });
  });

  it.runIf(isRoot)('finds a file and a folder of another user', async () => {
    const path = createFile(0o600);
    await chown(path, 12345, 12345);
    expect(await findUnsafePath(path)).toEqual({ path, isForeign: true });
    await chown(path, 0, 0);
    await chown(join(path, '..'), 12345, 12345);
    expect(await findUnsafePath(path)).toEqual({ path: join(path, '..'), isForeign: true });
  });
});

describe.skipIf(isWindows)('the folder for configuration', () => {
  it.each<[NodeJS.Platform, Readonly<Record<string, string>>, string | undefined, string | undefined]>([
    ['linux', {}, '/home/me', '/home/me/.config'],
    ['linux', { XDG_CONFIG_HOME: '/etc/me', APPDATA: '/x' }, '/home/me', '/etc/me'],
    ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/me', '/home/me/.config'],
    ['linux', { XDG_CONFIG_HOME: '' }, undefined, undefined],
    ['darwin', {}, '/Users/me', '/Users/me/Library/Application Support'],
    ['darwin', { XDG_CONFIG_HOME: '/Users/me/.config' }, '/Users/me', '/Users/me/.config'],
    ['win32', { APPDATA: '/Roaming', XDG_CONFIG_HOME: '/x' }, '/Users/me', '/Roaming'],
    ['win32', {}, '/Users/me', '/Users/me/AppData/Roaming'],
  ])('on %s with %j and the home %s is %s', (platform, env, home, folder) => {
    expect(findConfigFolder(env, platform, home)).toBe(folder);
  });
});
