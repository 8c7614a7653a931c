/** Poison in variables, in sfctl's settings, and in the output of the command for a token. */
import { describe, expect, it } from 'vitest';
import { ProgramError } from '../../../src/platform/host.ts';
import { createFolder } from '../../support/folder.ts';
import { findHarm, findHarmInAnyFormat, lineStarts } from '../../support/harm.ts';
import { allPoisons, poisons, toOneLine, typablePoison } from '../../support/poison.ts';
import { createDocuments } from '../../support/poisoned-cluster.ts';
import { run } from '../../support/run.ts';
import { answerWith, startGatewayWith } from '../../support/scripted-gateway.ts';

describe('poison in a variable', () => {
  const elsewhere = { SFCOMPOSE_ENDPOINT: 'https://c.example' };

  it.each<[string, Readonly<Record<string, string>>]>([
    ['SFCOMPOSE_ENDPOINT', {}],
    ['SFCOMPOSE_TIMEOUT', {}],
    ['SFCOMPOSE_CA_FILE', elsewhere],
    ['SFCOMPOSE_CERT_FILE', elsewhere],
    ['SFCOMPOSE_KEY_FILE', elsewhere],
    ['SFCOMPOSE_PFX_FILE', elsewhere],
    ['SFCOMPOSE_PASSPHRASE_FILE', { ...elsewhere, SFCOMPOSE_PFX_FILE: 'package.json' }],
    ['SFCOMPOSE_SERVER_THUMBPRINT', elsewhere],
    ['SFCOMPOSE_TOKEN', {}],
    ['HTTPS_PROXY', elsewhere],
    ['SFCTL_SERVICEFABRIC_ENDPOINT', {}],
    ['SFCTL_SERVICEFABRIC_SECURITY', { SFCTL_SERVICEFABRIC_ENDPOINT: 'https://c.example' }],
    ['SFCTL_SERVICEFABRIC_NO_VERIFY', { SFCTL_SERVICEFABRIC_ENDPOINT: 'https://c.example' }],
  ])('does no harm: %s', async (name, others) => {
    for (const value of [typablePoison, toOneLine(typablePoison)])
      expect(await findHarmInAnyFormat(['connection'], { env: { ...others, [name]: value } })).toEqual([]);
    const ended = await run(['connection'], { env: { ...others, [name]: typablePoison } });
    expect(ended.exitCode).toBe(2);
  });

  it('does no harm as the output format', async () => {
    const ended = await run(['connection'], { env: { SFCOMPOSE_OUTPUT: typablePoison } });
    expect(findHarm(ended, { lines: lineStarts.table })).toEqual([]);
    expect(ended.exitCode).toBe(2);
  });

  it.each(['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT'])(
    'does no harm when the file in %s cannot be written',
    async (name) => {
      const { url } = await startGatewayWith(
        {},
        answerWith(createDocuments('RollingForwardCompleted').upgrade),
      );
      const ended = await run(['upgrade-progress', 'web', '-e', url, '--ci', 'github'], {
        env: { [name]: typablePoison },
        append: async (path) => {
          throw new Error(`EACCES: permission denied, open '${path}'`);
        },
      });
      expect(findHarm(ended, { lines: lineStarts.table, agent: 'github' })).toEqual([]);
      expect(ended.stderr).toMatch(
        /^sfcompose: \w+ could not be written: EACCES: permission denied, open '.*pwned.*\n$/,
      );
      expect(ended.exitCode).toBe(0);
    },
  );
});

describe("poison in sfctl's settings", () => {
  const value = toOneLine(allPoisons);
  const secured = 'endpoint = https://c.example\n';

  it.each<[string, string]>([
    ['the endpoint', `endpoint = ${value}`],
    ['the security', `${secured}security = ${value}`],
    ['the path of a certificate', `${secured}security = pem\npem_path = ${value}`],
    ['the path of a key', `${secured}security = cert\ncert_path = ${value}\nkey_path = ${value}`],
    ['the path of authorities', `${secured}use_ca = true\nca_path = ${value}`],
    ['the verification', `${secured}no_verify = ${value}`],
    [
      'the directory',
      `${secured}security = aad\nauthority_uri = https://x/${value}\naad_resource = ${value}`,
    ],
    ['a duplicate name', `${value} = 1\n${value} = 2`],
    ['a malformed line', `${secured}${value.replaceAll('=', '')}`],
  ])('does no harm: %s', async (_, settings) => {
    const home = createFolder({ '.sfctl/config': `[servicefabric]\n${settings}\n` });
    expect(await findHarmInAnyFormat(['connection'], { home })).toEqual([]);
    expect((await run(['connection'], { home })).exitCode).toBe(2);
  });
});

it('poison in the output of the command for a token does no harm', async () => {
  const argv = ['upgrade-progress', 'web', '-e', 'https://c.example', '--token-command', 'az'];
  for (const output of [allPoisons, toOneLine(allPoisons), ...Object.values(poisons)]) {
    const fails = async () => {
      throw new ProgramError('exit code 1', output);
    };
    const ended = await run(argv, { run: fails });
    expect({ output, harm: findHarm(ended, { lines: lineStarts.table }) }).toEqual({ output, harm: [] });
  }
});
