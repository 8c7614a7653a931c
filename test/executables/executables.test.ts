/** The executables as users get them, without Node.js: whole commands, and what lies beside them. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createMachine, type Machine, startOnLinux, waitForEnd } from '../../build/executables/machine.js';
import { isWindowsTarget, nameExecutable, nodeVersion } from '../../build/executables/targets.js';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { runProgram, startProgram } from '../support/program.ts';
import { answerWith, repeat, startGateway } from '../support/scripted-gateway.ts';
import { composeFile } from '../support/simulated-cluster.ts';
import { acceptedClient, otherClient, startSecuredCluster } from '../support/simulated-tls.ts';

const folder = resolve('executables');
const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
const files = [...sums.matchAll(/^([\da-f]{64}) {2}(.+)$/gm)].map(([, sum = '', file = '']) => ({
  file,
  sum,
}));
const targets = files.flatMap(({ file }) => /^sfcompose-(\w+-\w+)(?:\.exe)?$/.exec(file)?.[1] ?? []);
const version: string = JSON.parse(readFileSync('package.json', 'utf8')).version;

/** Lists the files in a folder and its folders. Follows no links: Wine's lead out of the profile. */
const listFiles = (path: string): readonly string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const file = join(path, entry.name);
    return entry.isDirectory() ? [file, ...listFiles(file)] : [file];
  });

it('all files beside the executables have the checksums in SHA256SUMS', () => {
  expect(targets).not.toEqual([]);
  expect(files.map(({ file }) => file).sort()).toEqual(
    readdirSync(folder)
      .filter((file) => file !== 'SHA256SUMS')
      .sort(),
  );
  for (const { file, sum } of files) {
    const content = readFileSync(join(folder, file));
    expect({ file, sum: createHash('sha256').update(content).digest('hex') }).toEqual({ file, sum });
  }
});

it('the notices contain the licences of sfcompose, its libraries and Node.js', () => {
  const notices = readFileSync(join(folder, 'NOTICES.txt'), 'utf8');
  expect(notices).toContain(readFileSync('LICENSE', 'utf8').trim());
  expect(notices).toContain(readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8').trim());
  expect(notices).toContain(
    `The executables contain Node.js ${nodeVersion}.\n\nNode.js is licensed for use as follows`,
  );
  expect(notices).toMatch(/^- OpenSSL, located at/m);
});

describe.each(targets)('the executable for %s', (target) => {
  const executable = join(folder, nameExecutable(target));
  let place = '';
  let machine: Machine;
  let profile: readonly string[] = [];
  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'sfcompose-'));
    machine = await createMachine(target, place);
    profile = listFiles(machine.home);
  });
  afterAll(async () => {
    await machine.close();
    rmSync(place, { recursive: true, force: true });
  });

  /** Starts a simulated cluster, which is the package's own launcher. */
  const startCluster = (...argv: string[]) => {
    const cluster = startProgram(['simulate', '--port', '0', ...argv]);
    onTestFinished(() => void cluster.kill());
    return new Promise<string>((found) => cluster.stdout.once('data', (line) => found(String(line).trim())));
  };
  const run = (...argv: string[]) => machine.run(executable, argv);

  it.each(['--version', '--help', 'help exit-codes', 'watch --help', 'completion powershell'])(
    'prints the same as the package: %s',
    async (words) => {
      const { exitCode, stdout, stderr } = await run(...words.split(' '));
      expect({ exitCode, stdout, stderr }).toEqual(await runProgram(words.split(' ')));
    },
  );

  it('reads an upgrade as JSON and as a table', async () => {
    const { url } = await startGateway(...repeat(answerWith(runningUpgrade)));
    const json = await run('upgrade-progress', 'web', '-e', url, '-o', 'json');
    expect(json).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual(runningUpgrade);
    const table = await run('upgrade-progress', 'web', '-e', url);
    expect(table).toMatchObject({ exitCode: 0, stderr: '' });
    expect(table.stdout).toContain('rolling forward   UD1');
  });

  it.each([
    ['happy', 0],
    ['rollback', 3],
    ['failed', 4],
    ['missing', 5],
    ['unauthorized', 7],
  ])('watches the scenario %s to its end, with exit code %s', async (scenario, exitCode) => {
    const url = await startCluster(scenario, '--speed', '200');
    const watch = await run('watch', 'web', '-e', url, '--interval', '1s', '-o', 'ndjson');
    expect(watch.exitCode).toBe(exitCode);
    if (exitCode === 0) expect(watch.stdout.trim().split('\n').length).toBeGreaterThan(1);
  });

  it('plays the demo to its end', async () => {
    const { exitCode, stdout } = await run('demo');
    expect(stdout).toContain('web upgraded to v2');
    expect(exitCode).toBe(0);
  });

  it('plans an upgrade with a compose file', async () => {
    const file = join(createFolder({ 'compose ü.yml': composeFile }), 'compose ü.yml');
    const url = await startCluster('never-upgraded');
    const argv = ['upgrade', 'web', '-e', url, '-f', machine.toPath(file), '--dry-run'];
    expect(await run(...argv)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('to web:2') });
  });

  it('sends a client certificate', async () => {
    const { url } = await startSecuredCluster();
    const read = async ({ cert, key }: typeof acceptedClient) => {
      const pem = createFolder({ 'cert.pem': cert, 'key.pem': key });
      const [certFile, keyFile] = ['cert.pem', 'key.pem'].map((name) => machine.toPath(join(pem, name)));
      return run(
        ...['upgrade-progress', 'web', '-e', url, '-o', 'json', '--insecure'],
        ...['--cert-file', `${certFile}`, '--key-file', `${keyFile}`],
      );
    };
    const accepted = await read(acceptedClient);
    expect(accepted).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(accepted.stdout)).toMatchObject({ DeploymentName: 'web' });
    expect(await read(otherClient)).toMatchObject({
      exitCode: 7,
      stdout: expect.stringContaining('E_UNAUTHORIZED'),
    });
  });

  it.each<[number, string, string[]]>([
    [2, 'Unknown command', ['nonsense']],
    [2, 'Did you mean json?', ['list', '-o', 'jsn']],
    [6, 'Connection refused', ['list', '-e', 'http://127.0.0.1:9', '--retries', '0']],
  ])('ends with exit code %s: %s', async (exitCode, message, argv) => {
    expect(await run(...argv)).toMatchObject({
      exitCode,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it.each(['--bogus', '--require ./bogus.cjs', '--max-old-space-size=64 --stack-trace-limit=5'])(
    'ignores NODE_OPTIONS=%s',
    async (options) => {
      const { exitCode, stdout } = await machine.run(executable, ['--version'], { NODE_OPTIONS: options });
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${version}\n` });
    },
  );

  it('runs from a path with spaces and umlauts, through a link, and when it is read-only', async () => {
    const copy = join(place, `sfcompose ü 'x' ${nameExecutable(target)}`);
    copyFileSync(executable, copy);
    chmodSync(copy, 0o555);
    const link = join(place, `link ${nameExecutable(target)}`);
    symlinkSync(copy, link);
    for (const file of [copy, link]) {
      const { exitCode, stdout } = await machine.run(file, ['--version']);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${version}\n` });
    }
  });

  if (isWindowsTarget(target)) {
    it('has no signature, because that of Node.js would be invalid', () => {
      const program = readFileSync(executable);
      const optionalHeader = program.readUInt32LE(0x3c) + 24;
      // The data directory of certificates.
      expect(program.subarray(optionalHeader + 144, optionalHeader + 152)).toEqual(Buffer.alloc(8));
    });
  } else {
    it.each(['SIGINT', 'SIGTERM'] as const)('ends a watch by %s', async (signal) => {
      const { url } = await startGateway(...repeat(answerWith(runningUpgrade)));
      const argv = ['watch', 'web', '-e', url, '--interval', '1s'];
      const child = startOnLinux(target, executable, argv, machine.home);
      const result = waitForEnd(child);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill(signal);
      expect(await result).toMatchObject({
        exitCode: signal === 'SIGINT' ? 130 : 143,
        stderr: expect.stringContaining(signal === 'SIGINT' ? 'Stopped by Ctrl-C.' : 'Stopped by SIGTERM.'),
      });
    });
  }

  it('contains its notices', () => {
    expect(readFileSync(executable).includes(readFileSync(join(folder, 'NOTICES.txt')))).toBe(true);
  });

  it('has a bill of materials with Node.js', () => {
    const bill = JSON.parse(readFileSync(join(folder, `sfcompose-${target}.spdx.json`), 'utf8'));
    const own = JSON.parse(readFileSync('dist/sbom.spdx.json', 'utf8'));
    expect(bill.packages).toEqual([
      ...own.packages,
      expect.objectContaining({ name: 'Node.js', versionInfo: nodeVersion, licenseDeclared: 'MIT' }),
    ]);
    expect(bill.relationships).toHaveLength(bill.packages.length);
    expect(bill.documentNamespace).not.toBe(own.documentNamespace);
  });

  // The last test, after all commands.
  it("writes nothing to the user's folders", () => {
    expect(listFiles(machine.home)).toEqual(profile);
  });
});
