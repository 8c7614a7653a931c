/** Runs the built program in a separate process. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolder } from './folder.ts';
import { type Script, startGateway } from './scripted-gateway.ts';

/** Creates an environment with these variables and without the settings of this machine and user. */
export function createEnvironment(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const needed = /^(?:PATH|SYSTEMROOT|TEMP|TMP|HOME|USERPROFILE)$/i;
  const variables = Object.entries(process.env).filter(([name]) => needed.test(name));
  const folder = join(tmpdir(), 'sfcompose-tests');
  const folders = { XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder, APPDATA: folder };
  return { ...Object.fromEntries(variables), ...folders, ...own };
}

/** Creates the environment in which Node runs this source before the program. */
export function createPreload(source: string): Record<string, string> {
  return { NODE_OPTIONS: `--require ${join(createFolder({ 'preloaded.cjs': source }), 'preloaded.cjs')}` };
}

/** Starts the program in an environment of its own, see {@link createEnvironment}. */
export function startProgram(
  argv: readonly string[],
  own: Readonly<Record<string, string>> = {},
  launcher = 'bin/sfcompose.js',
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [launcher, ...argv], { env: createEnvironment(own) });
}

/** Runs the program to its end. */
export async function runProgram(
  argv: readonly string[],
  own: Readonly<Record<string, string>> = {},
  launcher?: string,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return waitForEnd(startProgram(argv, own, launcher));
}

/** Collects the output of a program that has just been started, and waits for its end. */
export async function waitForEnd(
  child: ChildProcessWithoutNullStreams,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      output[name] += chunk;
    });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, ...output };
}

/** Starts `upgrade-progress web` against a gateway with these scripts. */
export async function startUpgradeProgress(scripts: Script | readonly Script[], ...argv: string[]) {
  const { url, requests } = await startGateway(...[scripts].flat());
  const child = startProgram(['upgrade-progress', 'web', '-e', url, ...argv]);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  /** Resolves once stderr contains that text. */
  const waitForText = async (text: string) => {
    while (!stderr.includes(text)) await once(child.stderr, 'data');
  };
  const closed = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal })),
  );
  return { child, requests, waitForText, ended: async () => ({ ...(await closed), stderr }) };
}
