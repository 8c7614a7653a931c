/** The code cache on disk: damaged, forged and foreign caches never make a command fail. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { runProgram } from '../support/program.ts';
import { answerWith, repeat, startGateway } from '../support/scripted-gateway.ts';

async function read(home: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const { url } = await startGateway(...repeat(answerWith(runningUpgrade)));
  const argv = ['upgrade-progress', 'web', '-e', url, '--no-domains', '-o', 'plain'];
  const { exitCode, stdout, stderr } = await runProgram(argv, { HOME: home, XDG_CACHE_HOME: '', ...more });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('web to v2');
}

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

describe.runIf(onLinux)('the code cache', () => {
  it('is not run when it is damaged', async () => {
    const home = createFolder();
    await read(home);
    const whole = listCache(home).map((file) => readFileSync(file));
    for (const [index, file] of listCache(home).entries()) {
      const damaged = Buffer.from(whole[index] ?? '');
      // V8 checks only the bytes before that.
      for (let at = 200; at < damaged.length; at += 1) damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      writeFileSync(file, damaged);
    }
    await read(home);
    for (const file of listCache(home)) writeFileSync(file, readFileSync(file).subarray(0, 3));
    await read(home);
    expect(listCache(home)).toHaveLength(whole.length);
  });

  it('is replaced when it is a named pipe', async () => {
    const home = createFolder();
    await read(home);
    for (const file of listCache(home)) {
      rmSync(file);
      expect(spawnSync('mkfifo', ['-m', '600', file]).status).toBe(0);
    }
    await read(home);
    expect(listCache(home).every(isWhole)).toBe(true);
  });

  it('is replaced when V8 rejects it', async () => {
    const home = createFolder();
    await read(home);
    const [first = '', second = ''] = listCache(home);
    const ofAnother = readFileSync(first);
    writeFileSync(second, ofAnother);
    await read(home);
    expect(readFileSync(second).equals(ofAnother)).toBe(false);
  });

  it('is replaced when a single bit is wrong', { timeout: 60_000 }, async () => {
    const home = createFolder();
    await read(home);
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
      await read(home);
      expect(files.filter((file) => !isWhole(file))).toEqual([]);
    }
  });

  it('is complete after many simultaneous starts', async () => {
    const home = createFolder();
    await Promise.all(Array.from({ length: 8 }, () => read(home)));
    expect(listCache(home).filter((file) => !file.endsWith('.cjs'))).toEqual([]);
  });

  it('leaves no temporary files when it cannot be written', async () => {
    const home = createFolder();
    await read(home);
    const files = listCache(home);
    for (const file of files) writeFileSync(file, '');
    const [first = ''] = files;
    rmSync(first);
    mkdirSync(first);
    await read(home);
    expect(listCache(home).toSorted()).toEqual(files.toSorted());
  });

  it('does not follow a link with the name of a temporary file', async () => {
    const home = createFolder();
    await read(home);
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
    await read(home, { NODE_OPTIONS: `--require ${join(folder, 'preloaded.cjs')}` });
    expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('');
    expect(listCache(home).toSorted()).toEqual(files.toSorted());
    expect(files.filter((file) => !isWhole(file))).toEqual([]);
  });

  it.runIf(isRoot)("is not written by root to another user's home", async () => {
    const home = createFolder();
    chownSync(home, 12345, 12345);
    await read(home);
    expect(readdirSync(home)).toEqual([]);
  });

  it.runIf(isRoot)("is not replaced by root in what has become another user's home", async () => {
    const home = createFolder();
    await read(home);
    for (const file of listCache(home)) writeFileSync(file, '');
    chownSync(home, 12345, 12345);
    await read(home);
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
    await read(home);
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
    await read(home);
    expect(readFileSync(elsewhere).equals(content)).toBe(true);
    expect(lstatSync(file).isFile()).toBe(true);
  });

  it('is not run from a file that others can write to', async () => {
    const { home, file } = await createForgedHome();
    chmodSync(file, 0o620);
    await read(home);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.runIf(isRoot)("is not run from another user's file", async () => {
    const { home, file } = await createForgedHome();
    chownSync(file, 12345, 12345);
    await read(home);
    expect(statSync(file).uid).toBe(0);
  });

  it.runIf(isRoot)("is not run from another user's folder", async () => {
    const { home, file, folder } = await createForgedHome();
    chownSync(join(folder, '..'), 12345, 12345);
    const content = readFileSync(file);
    await read(home);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('is not run through a link to its folder', async () => {
    const { home, folder } = await createForgedHome();
    const elsewhere = join(createFolder(), 'forged');
    renameSync(folder, elsewhere);
    symlinkSync(elsewhere, folder);
    await read(home);
  });
});

describe.runIf(onLinux)('a home without a usable cache', () => {
  it.each(['/dev/null', '/proc', `/${'long'.repeat(100)}`])('only costs time: %s', async (home) => {
    await read(home);
  });

  it('is not created when it is missing', async () => {
    const home = join(createFolder(), 'gone');
    await read(home);
    expect(existsSync(home)).toBe(false);
  });

  it('only costs time when .cache is a file, a dangling link or a link to itself', async () => {
    await read(createFolder({ '.cache': '' }));
    await read(createFolder({ '.cache/sfcompose': '' }));
    for (const target of ['nowhere', '.cache']) {
      const home = createFolder();
      symlinkSync(target, join(home, '.cache'));
      await read(home);
    }
  });
});
