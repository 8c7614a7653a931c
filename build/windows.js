/**
 * Runs Windows programs: on Windows itself, elsewhere under Wine. Their outputs go to files, because a Unix pipe as
 * stdout fails in Node's Windows build under Wine with EBADF.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const isWindows = process.platform === 'win32';

/**
 * A command for `child_process.spawn` or a pseudo-terminal.
 * @typedef {{ file: string, argv: string[], env: Record<string, string> }} Command
 *
 * @typedef {object} RunOptions
 * @property {string} [cwd] a path of this machine
 * @property {Record<string, string>} [env] variables to add. Wine sets those of the profile itself, and `PATH`
 * @property {string} [input] path of a file for stdin, of this machine
 *
 * @typedef {{ exitCode: number | null, stdout: string, stderr: string }} Result
 *
 * @typedef {object} Running
 * @property {Promise<Result>} result
 * @property {() => Promise<string>} readLine waits for the first line of stdout
 * @property {() => Promise<Result>} stop kills the process, without a chance to handle it
 *
 * @typedef {Awaited<ReturnType<typeof createWindows>>} Windows
 */

/**
 * Prepares a Windows with a user whose name has a space and an umlaut, or opens the one that the folder already has.
 * @param {string} folder an existing folder that everything is written to; the caller removes it after `close`
 * @throws with the package to install if there is no Wine
 */
export async function createWindows(folder) {
  const userName = 'Jörg Müller';
  const drive = join(folder, 'wine', 'drive_c');
  const profile = isWindows ? join(folder, userName) : join(drive, 'users', userName);
  const baseEnv = isWindows ? createWindowsEnv(profile) : createWineEnv(folder, userName);
  /** @type {Set<Running>} */
  const running = new Set();

  /**
   * Returns the path of a file of this machine as Windows programs see it: `Z:\tmp\x`.
   * @param {string} path absolute
   */
  function toWindowsPath(path) {
    if (isWindows) return path;
    return path.startsWith(`${drive}/`)
      ? `C:${toBackslashes(path.slice(drive.length))}`
      : `Z:${toBackslashes(path)}`;
  }

  /**
   * @param {string} program path of this machine, or the name of a program of Windows such as `cmd.exe`
   * @param {readonly string[]} argv
   * @param {Record<string, string>} [env]
   * @returns {Command}
   */
  function createCommand(program, argv, env = {}) {
    const command = isWindows ? [program, ...argv] : ['wine', program, ...argv];
    const [file = '', ...rest] = command;
    return { file, argv: rest, env: { ...baseEnv, ...env } };
  }

  /**
   * Starts a program.
   * @param {string} program
   * @param {readonly string[]} argv
   * @param {RunOptions} [options]
   * @returns {Running}
   */
  function start(program, argv, { cwd = folder, env, input = devNull } = {}) {
    const name = join(folder, `output-${randomUUID()}`);
    const files = [openSync(input, 'r'), openSync(`${name}.out`, 'w'), openSync(`${name}.err`, 'w')];
    const command = createCommand(program, argv, env);
    const child = spawn(command.file, command.argv, {
      cwd,
      env: command.env,
      stdio: /** @type {any} */ (files),
    });
    for (const file of files) closeSync(file);
    const readStdout = () => readFileSync(`${name}.out`, 'utf8');
    /** @type {Promise<Result>} */
    const result = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (exitCode) => {
        running.delete(started);
        resolve({ exitCode, stdout: readStdout(), stderr: readFileSync(`${name}.err`, 'utf8') });
      });
    });
    const started = {
      result,
      async readLine() {
        while (running.has(started) && !readStdout().includes('\n')) await sleep(20);
        return readStdout().split(/\r?\n/, 1)[0] ?? '';
      },
      stop() {
        child.kill('SIGKILL');
        return result;
      },
    };
    running.add(started);
    return started;
  }

  if (isWindows) {
    for (const name of ['APPDATA', 'LOCALAPPDATA']) mkdirSync(baseEnv[name] ?? '', { recursive: true });
  } else if (!existsSync(drive)) {
    mkdirSync(join(folder, 'wine'));
    // Otherwise Wine's server ends between programs, and one that starts at that moment fails.
    await runWine('wineserver', ['--persistent'], baseEnv);
    await runWine('wine', ['wineboot', '--init'], baseEnv);
    // Node refuses older versions of Windows.
    await runWine('wine', ['winecfg', '-v', 'win10'], baseEnv);
  }

  return {
    /** Folder of the user, a path of this machine. */
    profile,
    toWindowsPath,
    createCommand,
    start,
    /**
     * Runs a program to its end.
     * @param {string} program
     * @param {readonly string[]} argv
     * @param {RunOptions} [options]
     */
    run: (program, argv, options) => start(program, argv, options).result,
    /** Ends all programs that were started, and Wine. */
    async close() {
      await Promise.all([...running].map((started) => started.stop()));
      if (isWindows) return;
      for (const option of ['--kill', '--wait'])
        await spawnQuietly('wineserver', [option], baseEnv).catch(() => {});
    },
  };
}

/** @param {string} profile */
function createWindowsEnv(profile) {
  const folders = {
    USERPROFILE: profile,
    APPDATA: join(profile, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(profile, 'AppData', 'Local'),
  };
  // The names of variables are compared without case.
  const kept = Object.entries(process.env).filter(([name]) => !(name.toUpperCase() in folders));
  return /** @type {Record<string, string>} */ ({ ...Object.fromEntries(kept), ...folders });
}

/**
 * @param {string} folder
 * @param {string} userName Wine calls the profile after it
 * @returns {Record<string, string>}
 */
function createWineEnv(folder, userName) {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    USER: userName,
    // Wine converts file names and arguments by the locale.
    LC_ALL: 'C.UTF-8',
    WINEPREFIX: join(folder, 'wine'),
    WINEDEBUG: '-all',
    // No entries in desktop menus, and no offer to download Mono and Gecko.
    WINEDLLOVERRIDES: 'winemenubuilder.exe,mscoree,mshtml=',
  };
}

/**
 * @param {string} program of Wine
 * @param {string[]} argv
 * @param {Record<string, string>} env
 */
async function runWine(program, argv, env) {
  try {
    await spawnQuietly(program, argv, env);
  } catch (error) {
    throw new Error('Wine does not run. On Debian, install it with `apt-get install wine wine64`.', {
      cause: error,
    });
  }
}

/**
 * @param {string} file
 * @param {string[]} argv
 * @param {Record<string, string>} env
 * @returns {Promise<void>}
 */
function spawnQuietly(file, argv, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv, { env, stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} ${argv.join(' ')} ended with ${code}.`)),
    );
  });
}

/** @param {string} path */
function toBackslashes(path) {
  return path.replaceAll('/', '\\');
}
