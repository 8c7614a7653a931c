/** Detects the shells that may have started this process. Pure. */
import type { Host } from './host.ts';
import { anyShell, type Shell, type Shells } from './shell-quoting.ts';

type Environment = Host['env'];

/** Reports whether a shell has left a trace in the environment, which programs below it inherit. */
type HasTrace = (env: Environment) => boolean;

/** cmd sets `PROMPT`; MSYS2, Git Bash and Cygwin set `MSYSTEM` or `SHELL`. */
const windowsTraces: Readonly<Record<Shell, HasTrace>> = {
  posix: (env) => Boolean(env['MSYSTEM'] || env['SHELL']),
  powershell: (env) => (env['PSModulePath'] ?? '').split(';').some(isUserModuleFolder),
  cmd: (env) => Boolean(env['PROMPT']),
};

/**
 * Reports whether PowerShell has put this folder into `PSModulePath`: the one in the user's documents. Those below
 * `Program Files` and `System32` are in every process.
 */
function isUserModuleFolder(folder: string): boolean {
  return /\\(?:Windows)?PowerShell\\Modules\\?$/i.test(folder) && !/\\Program Files\b/i.test(folder);
}

const otherTraces: Readonly<Record<Shell, HasTrace>> = {
  posix: () => true,
  powershell: (env) => Boolean(env['PSModulePath']),
  cmd: () => false,
};

/**
 * Detects the shell in use.
 * @returns all shells that have left a trace, because one started in another inherits those of both; all shells if none has
 */
export function detectShells(env: Environment, platform: NodeJS.Platform): Shells {
  const traces = platform === 'win32' ? windowsTraces : otherTraces;
  const found = anyShell.filter((shell) => traces[shell](env));
  return found.length > 0 ? found : anyShell;
}
