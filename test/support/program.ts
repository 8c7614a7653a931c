/** The built program as a process of its own, in an environment that nobody else has set anything in. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Script, scriptedGateway } from './scripted-gateway.ts';

/** What else is set here, on this machine and for this user, is not meant for a test. */
export function environment(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const needed = /^(?:PATH|SYSTEMROOT|TEMP|TMP|HOME|USERPROFILE)$/i;
  const kept = Object.entries(process.env).filter(([name]) => needed.test(name));
  return { ...Object.fromEntries(kept), XDG_CACHE_HOME: join(tmpdir(), 'sfcompose-tests'), ...own };
}

/** Starts the program as a process of its own, in an environment without the settings of this one. */
export function startProgram(
  argv: readonly string[],
  own: Readonly<Record<string, string>> = {},
  launcher = 'bin/sfcompose.js',
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [launcher, ...argv], { env: environment(own) });
}

/** Runs it to its end. */
export async function runProgram(
  argv: readonly string[],
  own: Readonly<Record<string, string>> = {},
  launcher?: string,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return endOf(startProgram(argv, own, launcher));
}

/** Waits for the end of a program that has just been started. */
export async function endOf(
  child: ChildProcessWithoutNullStreams,
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      said[name] += chunk;
    });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, ...said };
}

/** Starts it for a deployment of a cluster that answers as it is told. */
export async function startAgainst(scripts: Script | readonly Script[], ...argv: string[]) {
  const { url, requests } = await scriptedGateway(...[scripts].flat());
  const child = startProgram(['upgrade-progress', 'web', '-e', url, ...argv]);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  /** Resolves once stderr says that. */
  const says = async (text: string) => {
    while (!stderr.includes(text)) await once(child.stderr, 'data');
  };
  const closed = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal })),
  );
  return { child, requests, says, ended: async () => ({ ...(await closed), stderr }) };
}
