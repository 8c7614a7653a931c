/** The launcher, wherever it is installed, and its report of a crash. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
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
