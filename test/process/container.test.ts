/** The Dockerfile: linted, and the command that it runs. No image is built here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { packTarball } from '../../build/npm.js';
import { createFolder } from '../support/folder.ts';
import { runScript } from '../support/pipeline-step.ts';
import { packageVersion } from '../support/prepared-pipeline.ts';

const dockerfile = readFileSync('Dockerfile', 'utf8');

describe('the Dockerfile', () => {
  it('has no finding of the linter', () => {
    expect(validate(dockerfile)).toEqual([]);
  });

  it('builds on a major version of Node.js that the package supports', () => {
    const [, major] = /^ARG NODE_IMAGE=node:(\d+)-slim$/m.exec(dockerfile) ?? [];
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(Number(major)).toBeGreaterThanOrEqual(Number.parseInt(engines.node.slice('>='.length), 10));
    expect(dockerfile.match(/^FROM \$\{NODE_IMAGE\}(?: AS install)?$/gm)).toHaveLength(2);
  });

  it('starts the program itself, and not as root', () => {
    expect(dockerfile.trimEnd().split('\n').slice(-2)).toEqual(['USER node', 'ENTRYPOINT ["sfcompose"]']);
  });

  it('takes only the packed package from the folder', () => {
    const ignored = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    expect(ignored).toEqual(['*', '!sfcompose-*.tgz']);
  });

  it.skipIf(process.platform === 'win32')('installs a program that runs', async () => {
    const folder = createFolder();
    const [command = ''] = dockerfile.match(/(?<=^RUN ).*$/m) ?? [];
    const text = command.replace('/tmp/sfcompose.tgz', `'${packTarball(folder)}'`).replace('/opt', folder);
    const installation = { bashOptions: [], env: {}, workspace: folder, temporaryFolder: folder };
    expect(await runScript({ ...installation, text })).toMatchObject({ exitCode: 0 });
    const program = join(folder, 'sfcompose', 'bin', 'sfcompose');
    const { log } = await runScript({ ...installation, text: `'${program}' --version` });
    expect(log).toBe(`${packageVersion}\n`);
  });
});
