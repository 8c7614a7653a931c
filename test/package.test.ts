/** The package as users get it: packed, installed from the tarball into an empty folder, and run. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { midway, wire } from './documents.ts';
import { answer, scriptedGateway } from './scripted-gateway.ts';

// npm is a script of its own on Windows: run it by the path that npm gives to its children.
const npmScript = process.env['npm_execpath'];
const npm = (args: string[], cwd: string) =>
  npmScript
    ? execFileSync(process.execPath, [npmScript, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' })
    : execFileSync('npm', args, {
        cwd,
        encoding: 'utf8',
        stdio: 'pipe',
        shell: process.platform === 'win32',
      });

it('installs and runs', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sfcompose ü '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], process.cwd());
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${tarball}`], folder);
  const installed = join(folder, 'node_modules', 'sfcompose');
  expect(readdirSync(installed).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'package.json',
  ]);

  const gateway = await scriptedGateway(answer(wire(midway)));
  const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-o', 'json'];
  const child = spawn(process.execPath, [join(installed, 'bin', 'sfcompose.js'), ...argv], { stdio: 'pipe' });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual(midway);
});
