/** Runs the installed program on Windows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject, onTestFinished } from 'vitest';
import { createWindows, type Result, type RunOptions } from '../../build/windows.js';
import type { Installation } from './install.ts';

export const windows = await createWindows(inject('windowsFolder'));
export const installations = inject('installations');

/** Runs the program to its end, in the folder of the user unless another is given. */
export function runProgram(
  { node, launcher }: Installation,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Result> {
  return windows.run(node, [windows.toWindowsPath(launcher), ...argv], { cwd: windows.profile, ...options });
}

/** A folder of a test, below the folder of the user. */
interface TestFolder {
  /** Path of this machine. */
  readonly path: string;
  /** Returns the path of a file as Windows programs see it: `C:\users\…`. */
  toWindows(name: string): string;
}

/** Creates a folder with these files, which is removed after the test. Its path has spaces and an umlaut. */
export function createTestFolder(files: Readonly<Record<string, string | Buffer>> = {}): TestFolder {
  const path = mkdtempSync(join(windows.profile, 'Prüf ordner '));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, toWindows: (name) => windows.toWindowsPath(join(path, name)) };
}

/** Converts line ends to those of Windows. */
export function toCrlf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** Starts a simulated cluster with the Node.js of this machine. @returns its URL */
export async function startCluster(...argv: readonly string[]): Promise<string> {
  const command = ['bin/sfcompose.js', 'simulate', ...argv, '--port', '0'];
  const cluster = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void cluster.kill());
  const [output] = await once(cluster.stdout.setEncoding('utf8'), 'data');
  return String(output).trim();
}

export const composeFile = `version: '3'
# größer
services:
  web:
    image: registry.example/web:2
    ports:
      - 8080:80
`;

/** Creates the deployment `web` with {@link composeFile}, in a cluster without deployments. */
export async function createDeployment(url: string): Promise<void> {
  const { status } = await fetch(`${url}/ComposeDeployments/$/Create?api-version=6.0-preview`, {
    method: 'PUT',
    body: JSON.stringify({ DeploymentName: 'web', ComposeFileContent: composeFile }),
  });
  if (status !== 202) throw new Error(`The cluster answered with ${status}.`);
  const path = `${url}/ComposeDeployments/web?api-version=6.0-preview`;
  for (;;) {
    const document = await (await fetch(path)).json();
    if ((document as { ComposeDeploymentStatus: string }).ComposeDeploymentStatus === 'Ready') return;
    await sleep(20);
  }
}
