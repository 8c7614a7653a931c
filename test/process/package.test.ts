/** The package as users get it: packed, installed from the tarball into an empty folder, and run. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runNpm } from '../../build/npm.js';
import { runningUpgrade } from '../support/documents.ts';
import { createEnvironment } from '../support/program.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';

/** A package in the bill of materials. */
interface Material {
  readonly name: string;
  /** The folder of the package, which is its key in the lockfile. */
  readonly packageFileName: string;
  readonly versionInfo: string;
  readonly licenseDeclared: string;
}

/** A package in the lockfile. */
interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

it('the package installs and runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sfcompose ü '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const packed = runNpm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [{ filename: tarball, unpackedSize }] = JSON.parse(packed);
  expect(unpackedSize).toBeLessThan(3_500_000);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  runNpm(['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${tarball}`], folder);
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'sfcompose',
  ]);
  const installed = join(folder, 'node_modules', 'sfcompose');
  expect(readdirSync(join(installed, 'dist'))).toEqual(
    expect.arrayContaining(['THIRD-PARTY-NOTICES.txt', 'sbom.spdx.json', 'sfcompose.1']),
  );
  expect(readdirSync(installed).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'bin',
    'dist',
    'docs',
    'package.json',
  ]);
  const { man, scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  // npm links manual pages only from a list.
  expect(man).toEqual(['./dist/sfcompose.1']);
  // npm warns of these scripts when a tarball is installed.
  for (const script of ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare'])
    expect(scripts).not.toHaveProperty(script);
  // Only this script builds the package before it is packed.
  expect(scripts).toMatchObject({ prepack: 'npm run build' });
  const gateway = await startGateway(answerWith(runningUpgrade));
  const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-o', 'json'];
  const child = spawn(process.execPath, [join(installed, 'bin', 'sfcompose.js'), ...argv], {
    env: createEnvironment(),
    stdio: 'pipe',
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual(runningUpgrade);
});

it('the package lists the packages that it bundles, all with a free license, a checksum and no install script', () => {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
  const locked: Record<string, Locked> = read('package-lock.json').packages;
  const [own, ...bundled]: Material[] = read('dist/sbom.spdx.json').packages;
  expect(own?.name).toBe(read('package.json').name);
  expect(bundled.map((one) => one.name)).toEqual(expect.arrayContaining(['axios', 'commander', 'valibot']));
  const notices = readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8');
  for (const { name, versionInfo } of bundled) expect(notices).toContain(`\n${name} ${versionInfo} (`);
  const licences = ['MIT', 'ISC', 'Apache-2.0', 'MPL-2.0', 'BSD-3-Clause', '(BSD-3-Clause OR GPL-2.0)'];
  const isGood = ({ packageFileName, licenseDeclared }: Material) => {
    const { integrity = '', resolved = '', hasInstallScript = false } = locked[packageFileName] ?? {};
    const isOfRegistry = /^$|^https:\/\/registry\.npmjs\.org\//.test(resolved);
    return (
      licences.includes(licenseDeclared) && /^sha512-/.test(integrity) && isOfRegistry && !hasInstallScript
    );
  };
  expect(bundled.filter((one) => !isGood(one))).toEqual([]);
});

it('the package has the notices that are only in the sources of libraries', () => {
  const notices = readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8');
  expect(notices).toContain(
    'Copyright (c) 2003-2005  Tom Wu\nAll Rights Reserved.\n\nPermission is hereby granted',
  );
  expect(notices).toContain(
    'All redistributions must retain an intact copy of this copyright notice\nand disclaimer.',
  );
});

it('the package has a reproducible bill of materials', () => {
  const { documentNamespace, ...document } = JSON.parse(readFileSync('dist/sbom.spdx.json', 'utf8'));
  const hash = createHash('sha256').update(JSON.stringify(document)).digest('hex');
  expect(documentNamespace).toBe(`http://spdx.org/spdxdocs/${document.name.replace('@', '-')}-${hash}`);
  const seconds = Number(process.env['SOURCE_DATE_EPOCH'] ?? 0);
  expect(Date.parse(document.creationInfo.created)).toBe(seconds * 1000);
});
