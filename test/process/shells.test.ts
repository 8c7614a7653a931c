/** Completion in real shells: keys with TAB, and the arguments that the command gets. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder } from '../support/folder.ts';
import { createEnvironment } from '../support/program.ts';
import { startShell } from '../support/pseudo-terminal.ts';
import { areShellsRequired } from '../support/required-shells.ts';
import { answer, repeat, startGateway } from '../support/scripted-gateway.ts';

/** A name with every character that has a meaning in a shell. */
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

/** A wrapper that prints the arguments of `upgrade-progress` instead of running it. */
const wrapper = `#!/bin/sh
if [ "$1" = upgrade-progress ]; then printf '<%s>' "$@"; echo '(ran)'; exit; fi
exec "${process.execPath}" --require "$HOME/long-timeouts.cjs" "${resolve('bin/sfcompose.js')}" "$@"
`;

/** Lengthens timeouts, because the time that a completion gives the cluster may be too short on a busy machine. */
const longTimeouts = `
const { setTimeout } = globalThis;
globalThis.setTimeout = (action, milliseconds) => setTimeout(action, 30 * milliseconds);
`;

interface ShellUnderTest {
  readonly argv: readonly string[];
  /** The command that installs the completion. */
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

async function startCompletion(shell: string, { argv, setUp }: ShellUnderTest) {
  const { url } = await startGateway(...repeat(answer(JSON.stringify(list))));
  const folder = createFolder({
    'bin/sfcompose': wrapper,
    'long-timeouts.cjs': longTimeouts,
    'certificate.pem': '',
  });
  chmodSync(join(folder, 'bin', 'sfcompose'), 0o755);
  const own = { HOME: folder, LC_ALL: 'C.UTF-8', PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
  const { type } = startShell(shell, argv, createEnvironment({ ...own, SFCOMPOSE_ENDPOINT: url }), folder);
  await type(`${setUp}; echo set''up\r`, 'setup');
  return {
    folder,
    url,
    /** Types these keys and Enter. @returns the arguments of the command */
    async run(keys: string): Promise<string> {
      const written = await type(`sfcompose ${keys}\r`, '(ran)');
      return written.slice(written.lastIndexOf('<upgrade-progress>'), written.lastIndexOf('(ran)'));
    },
  };
}

describe.each(Object.entries(shells))('completion in %s', (shell, about) => {
  const isMissing = process.platform === 'win32' || spawnSync(shell, ['--version']).error !== undefined;
  const reason = isMissing ? ` (NOT TESTED: there is no ${shell} on this machine)` : '';
  // Reporters may count skipped tests without naming them.
  if (isMissing) process.stderr.write(`Completion in ${shell}${reason}\n`);
  const test = it.skipIf(isMissing && !areShellsRequired);

  test(`completes commands, options, values and names${reason}`, async () => {
    expect(isMissing).toBe(false);
    const { folder, run, url } = await startCompletion(shell, about);
    expect(await run('upgrade-\t--out\tpl\tw\t')).toBe('<upgrade-progress><--output><plain><web>');
    expect(await run('upgrade-\t--color=ne\t--cert-file cert\t')).toBe(
      '<upgrade-progress><--color=never><--cert-file><certificate.pem>',
    );
    expect(await run(`upgrade-\t-e ${url} --key-file=cert\t`)).toBe(
      `<upgrade-progress><-e><${url}><--key-file=certificate.pem>`,
    );
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });

  test(`inserts names with any characters unchanged${reason}`, async () => {
    expect(isMissing).toBe(false);
    const { folder, run } = await startCompletion(shell, about);
    for (const typed of ['ev\t', "'ev\t", '"evil \t'])
      expect([typed, await run(`upgrade-progress ${typed}`)]).toEqual([
        typed,
        `<upgrade-progress><${hostile}>`,
      ]);
    expect(await run('upgrade-progress oth\ts\t')).toBe('<upgrade-progress><other:side>');
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });
});
