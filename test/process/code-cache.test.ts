/** What the launcher keeps of V8's is never a reason that a command fails. */
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

/** Those with a `.cache` are for Linux. */
const onLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;

/** @returns all that is kept */
function keptIn(home: string): readonly string[] {
  const all = join(home, '.cache/sfcompose');
  return readdirSync(all).flatMap((one) => readdirSync(join(all, one)).map((file) => join(all, one, file)));
}

/** @returns whether it ends with the sum of all of its data */
function isWhole(file: string): boolean {
  const content = readFileSync(file);
  const end = content.length - 4;
  return content.readUInt32LE(end) === crc32(content.subarray(0, end));
}

describe.runIf(onLinux)('what is kept', () => {
  it('and damaged is not run', async () => {
    const home = createFolder();
    await read(home);
    const whole = keptIn(home).map((file) => readFileSync(file));
    for (const [index, file] of keptIn(home).entries()) {
      const damaged = Buffer.from(whole[index] ?? '');
      // As far in as V8 looks at nothing.
      for (let at = 200; at < damaged.length; at += 1) damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      writeFileSync(file, damaged);
    }
    await read(home);
    for (const file of keptIn(home)) writeFileSync(file, readFileSync(file).subarray(0, 3));
    await read(home);
    expect(keptIn(home)).toHaveLength(whole.length);
  });

  it('is no pipe, at whose other end nobody is', async () => {
    const home = createFolder();
    await read(home);
    for (const file of keptIn(home)) {
      rmSync(file);
      expect(spawnSync('mkfifo', ['-m', '600', file]).status).toBe(0);
    }
    await read(home);
    expect(keptIn(home).every(isWhole)).toBe(true);
  });

  it('is written anew where V8 rejects it', async () => {
    const home = createFolder();
    await read(home);
    const [first = '', second = ''] = keptIn(home);
    const ofAnother = readFileSync(first);
    writeFileSync(second, ofAnother);
    await read(home);
    expect(readFileSync(second).equals(ofAnother)).toBe(false);
  });

  it('is written anew where a single bit of it is wrong', { timeout: 60_000 }, async () => {
    const home = createFolder();
    await read(home);
    const files = keptIn(home);
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

  it('is whole, however many start at the same time', async () => {
    const home = createFolder();
    await Promise.all(Array.from({ length: 8 }, () => read(home)));
    expect(keptIn(home).filter((file) => !file.endsWith('.cjs'))).toEqual([]);
  });

  it('leaves nothing unfinished behind where it cannot be put', async () => {
    const home = createFolder();
    await read(home);
    const files = keptIn(home);
    for (const file of files) writeFileSync(file, '');
    const [first = ''] = files;
    rmSync(first);
    mkdirSync(first);
    await read(home);
    expect(keptIn(home).toSorted()).toEqual(files.toSorted());
  });

  it('is written through no link that has the name of an unfinished file', async () => {
    const home = createFolder();
    await read(home);
    const files = keptIn(home);
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
    expect(keptIn(home).toSorted()).toEqual(files.toSorted());
    expect(files.filter((file) => !isWhole(file))).toEqual([]);
  });

  it.runIf(isRoot)('by root is not kept in the home of somebody else', async () => {
    const home = createFolder();
    chownSync(home, 12345, 12345);
    await read(home);
    expect(readdirSync(home)).toEqual([]);
  });

  it.runIf(isRoot)('by root in what has become the home of somebody else is left as it is', async () => {
    const home = createFolder();
    await read(home);
    for (const file of keptIn(home)) writeFileSync(file, '');
    chownSync(home, 12345, 12345);
    await read(home);
    expect(keptIn(home).filter((file) => statSync(file).size > 0)).toEqual([]);
  });
});

/** @returns what somebody else could keep of a chunk, so that V8 and the sum find nothing wrong: it only says so */
function forged(chunk: string): Buffer {
  // V8 compares no more of the source than its length.
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

describe.runIf(onLinux)('what somebody else has forged', () => {
  /** Puts it in place of what is kept to start with, in a home of its own. */
  async function forgedHome() {
    const home = createFolder();
    await read(home);
    const file = keptIn(home).find((one) => basename(one).startsWith('main-')) ?? '';
    writeFileSync(file, forged(basename(file)));
    return { home, file, folder: dirname(file) };
  }

  it('would be run as a file of our own', async () => {
    const { home } = await forgedHome();
    const { stdout } = await runProgram(['--version'], { HOME: home, XDG_CACHE_HOME: '' });
    expect(stdout).toBe('forged\n');
  });

  it('is not run where a link leads to it', async () => {
    const { home, file } = await forgedHome();
    const elsewhere = join(createFolder(), 'forged');
    renameSync(file, elsewhere);
    const content = readFileSync(elsewhere);
    symlinkSync(elsewhere, file);
    await read(home);
    expect(readFileSync(elsewhere).equals(content)).toBe(true);
    expect(lstatSync(file).isFile()).toBe(true);
  });

  it('is not run from a file that others can write to', async () => {
    const { home, file } = await forgedHome();
    chmodSync(file, 0o620);
    await read(home);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.runIf(isRoot)('is not run from a file of theirs', async () => {
    const { home, file } = await forgedHome();
    chownSync(file, 12345, 12345);
    await read(home);
    expect(statSync(file).uid).toBe(0);
  });

  it.runIf(isRoot)('is not run from a folder of theirs', async () => {
    const { home, file, folder } = await forgedHome();
    chownSync(join(folder, '..'), 12345, 12345);
    const content = readFileSync(file);
    await read(home);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('is not run where a link leads to its folder', async () => {
    const { home, folder } = await forgedHome();
    const elsewhere = join(createFolder(), 'forged');
    renameSync(folder, elsewhere);
    symlinkSync(elsewhere, folder);
    await read(home);
  });
});

describe.runIf(onLinux)('a home', () => {
  it.each(['/dev/null', '/proc', `/${'long'.repeat(100)}`])('%s only costs time', async (home) => {
    await read(home);
  });

  it('that is not there is not made', async () => {
    const home = join(createFolder(), 'gone');
    await read(home);
    expect(existsSync(home)).toBe(false);
  });

  it('with a file, or a link to nothing or itself, for its cache only costs time', async () => {
    await read(createFolder({ '.cache': '' }));
    await read(createFolder({ '.cache/sfcompose': '' }));
    for (const target of ['nowhere', '.cache']) {
      const home = createFolder();
      symlinkSync(target, join(home, '.cache'));
      await read(home);
    }
  });
});
