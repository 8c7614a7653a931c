/** The launcher, wherever it is installed, and its report of a crash. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { createPreload, runProgram } from '../support/program.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';

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

it.each(['0.12.18', '18.20.8', '20.18.3'])('Node %s is refused in one line', async (version) => {
  const preload = createPreload(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
  );
  const { exitCode, stdout, stderr } = await runProgram(['--version'], preload);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `sfcompose: Node.js 20.19 or later is required, but this is ${version} (${process.execPath}).\n`,
  });
});

it('the check of the version parses on old versions, and agrees with package.json', () => {
  const check = readFileSync('bin/sfcompose.js', 'utf8');
  // Newer than ES2015: optional chaining, ??, spread of objects, trailing commas in calls, async, catch without a name.
  expect(check).not.toMatch(/\?\.|\?\?|\.\.\.|,\s*\)|\basync\b|catch \{/);
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(engines.node).toBe('>=20.19');
});
