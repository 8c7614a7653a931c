/** Every block of output in the README is what the program prints. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outcomes } from '../src/exit-code.ts';
import { midway, wire } from './documents.ts';
import { run } from './run.ts';
import { always, answer, fabricError, type Script, scriptedGateway } from './scripted-gateway.ts';

const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/```console\n\$ sfcompose (.*)\n([\s\S]*?)```/g)].map(
  ([, command = '', output = '']) => ({
    command,
    output,
  }),
);

/** What the cluster answers when the README's commands are run, by the name of the deployment. */
const cluster: Readonly<Record<string, Script>> = {
  web: answer(wire(midway)),
  wbe: fabricError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND', 'Compose deployment not found.'),
};

describe('the README', () => {
  it('has output to show', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  it.each(blocks)('shows what $command prints', async ({ command, output }) => {
    const argv = command.split(' ');
    const script = cluster[argv[1] ?? ''];
    const gateway = await scriptedGateway(...(script ? always(script) : []));
    const { stdout, stderr } = await run(argv, { env: { SFCOMPOSE_ENDPOINT: gateway.url } });
    // Ephemeral ports have five digits, as the default has, so that no line wraps differently.
    expect((stdout + stderr).replaceAll(gateway.url, 'http://127.0.0.1:19080')).toBe(output);
  });

  it('has every exit code', () => {
    for (const { exitCode, when } of Object.values(outcomes))
      expect(readme).toContain(`| ${exitCode} | ${when} |`);
  });
});
