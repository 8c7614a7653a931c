/** Installs the packed tarball with Node's Windows builds before the tests, and removes everything after them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { downloadNode } from '../../build/download-node.js';
import { packTarball } from '../../build/npm.js';
import { createWindows, type Windows } from '../../build/windows.js';

/** The package, installed globally with one version of Node.js. All paths are those of this machine. */
export interface Installation {
  readonly version: string;
  /** Path of `node.exe`. */
  readonly node: string;
  /** Path of `bin/sfcompose.js`. */
  readonly launcher: string;
  /** Path of the script that npm creates for cmd.exe. */
  readonly shim: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the Windows, see {@link createWindows}. */
    windowsFolder: string;
    installations: readonly Installation[];
  }
}

const versions = ['20', '22'];

export default async function install(project: TestProject): Promise<() => Promise<void>> {
  const npmScript = process.env['npm_execpath'];
  if (npmScript === undefined) throw new Error('Run it with `npm run test:windows`.');
  const folder = mkdtempSync(join(tmpdir(), 'sfcompose windows ü '));
  let windows: Windows | undefined;
  const remove = async () => {
    await windows?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    windows = await createWindows(folder);
    const tarball = packTarball(folder);
    const installations: Installation[] = [];
    for (const version of versions) {
      const { program: node } = downloadNode('win-x64', version, folder);
      const place = join(folder, `npm ${version}`);
      // npm runs on Windows as well, so that it creates the scripts that start the program there.
      const { exitCode, stderr } = await windows.run(node, [
        ...[
          windows.toWindowsPath(npmScript),
          'install',
          '--global',
          '--prefix',
          windows.toWindowsPath(place),
        ],
        ...['--offline', '--ignore-scripts', '--no-audit', '--no-fund', windows.toWindowsPath(tarball)],
      ]);
      if (exitCode !== 0) throw new Error(`npm install ended with ${exitCode}: ${stderr}`);
      installations.push({
        version,
        node,
        launcher: join(place, 'node_modules', 'sfcompose', 'bin', 'sfcompose.js'),
        shim: join(place, 'sfcompose.cmd'),
      });
    }
    project.provide('windowsFolder', folder);
    project.provide('installations', installations);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}
