/** Completion as it is used: TAB pressed in a real shell, and what the command then gets. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder } from '../support/folder.ts';
import { createEnvironment } from '../support/program.ts';
import { startShell } from '../support/pseudo-terminal.ts';
import { answer, repeat, startGateway } from '../support/scripted-gateway.ts';

/** All that a shell could make something of. */
const hostile =
  'evil \'single\' "double" $(touch made) `touch made` $HOME !! !e \\ \\\\ *? [a-z] {a,b} ~ # ; touch made & | > made < (x) a:b=c %1 ^x^y^ ü';

const names = [hostile, 'web', 'other:name', 'other:side'];

const list = {
  ContinuationToken: '',
  Items: names.map((DeploymentName) => ({
    DeploymentName,
    ApplicationName: `fabric:/${DeploymentName}`,
    ComposeDeploymentStatus: 'Ready',
  })),
};

/** In place of a command line that is run it says what has come of that. */
const wrapper = `#!/bin/sh
if [ "$1" = upgrade-progress ]; then printf '<%s>' "$@"; echo '(ran)'; exit; fi
exec "${process.execPath}" --require "$HOME/patience.cjs" "${resolve('bin/sfcompose.js')}" "$@"
`;

/** Where the machine is busy, the second or two that a completion gives the cluster may be too short. */
const patience = `
const { setTimeout } = globalThis;
globalThis.setTimeout = (action, milliseconds) => setTimeout(action, 30 * milliseconds);
`;

interface ShellUnderTest {
  readonly argv: readonly string[];
  /** Typed once, to install the completion. */
  readonly setUp: string;
}

const shells: Readonly<Record<string, ShellUnderTest>> = {
  bash: { argv: ['--norc', '--noprofile', '-i'], setUp: 'eval "$(sfcompose completion bash)"' },
  zsh: {
    argv: ['-f', '-i'],
    setUp:
      'sfcompose completion zsh > _sfcompose; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D',
  },
  fish: { argv: ['--no-config', '-i'], setUp: 'sfcompose completion fish | source' },
};

/** Where all of them are to be there, as in CI. */
const areRequired = process.env['SFCOMPOSE_TEST_SHELLS'] === 'required';

async function sitDown(shell: string, { argv, setUp }: ShellUnderTest) {
  const { url } = await startGateway(...repeat(answer(JSON.stringify(list))));
  const folder = createFolder({ 'bin/sfcompose': wrapper, 'patience.cjs': patience, 'certificate.pem': '' });
  chmodSync(join(folder, 'bin', 'sfcompose'), 0o755);
  const own = { HOME: folder, LC_ALL: 'C.UTF-8', PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
  const { type } = startShell(shell, argv, createEnvironment({ ...own, SFCOMPOSE_ENDPOINT: url }), folder);
  await type(`${setUp}; echo set''up\r`, 'setup');
  return {
    folder,
    url,
    /** @returns what the command gets when the keys are followed by Enter */
    async run(keys: string): Promise<string> {
      const written = await type(`sfcompose ${keys}\r`, '(ran)');
      return written.slice(written.lastIndexOf('<upgrade-progress>'), written.lastIndexOf('(ran)'));
    },
  };
}

describe.each(Object.entries(shells))('%s', (shell, about) => {
  const isMissing = process.platform === 'win32' || spawnSync(shell, ['--version']).error !== undefined;
  const reason = isMissing ? ` (NOT TESTED: there is no ${shell} on this machine)` : '';
  // The reporter counts what is skipped, but need not name it.
  if (isMissing) process.stderr.write(`Completion in ${shell}${reason}\n`);
  const test = it.skipIf(isMissing && !areRequired);

  test(`completes what is typed${reason}`, async () => {
    expect(isMissing).toBe(false);
    const { folder, run, url } = await sitDown(shell, about);
    expect(await run('upg\t--out\tpl\tw\t')).toBe('<upgrade-progress><--output><plain><web>');
    expect(await run('upg\t--color=ne\t--cert-file cert\t')).toBe(
      '<upgrade-progress><--color=never><--cert-file><certificate.pem>',
    );
    expect(await run(`upg\t-e ${url} --key-file=cert\t`)).toBe(
      `<upgrade-progress><-e><${url}><--key-file=certificate.pem>`,
    );
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });

  test(`inserts a name as it is, whatever it holds${reason}`, async () => {
    expect(isMissing).toBe(false);
    const { folder, run } = await sitDown(shell, about);
    for (const typed of ['ev\t', "'ev\t", '"evil \t'])
      expect([typed, await run(`upgrade-progress ${typed}`)]).toEqual([
        typed,
        `<upgrade-progress><${hostile}>`,
      ]);
    expect(await run('upgrade-progress oth\ts\t')).toBe('<upgrade-progress><other:side>');
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });
});
