/** Options and variables that hold the text of a variable, which a pipeline did not replace. */
import { describe, expect, it } from 'vitest';
import { createAuthority, createKey, createPkcs12 } from '../support/authority.ts';
import { createFolder, resolveInFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';
import { answer, answerError, startGateway } from '../support/scripted-gateway.ts';

const value = '$(notDefined)';
const sentence = 'Azure Pipelines leaves $(notDefined) as it is if the variable notDefined is not defined.';

const secured = ['-e', 'https://127.0.0.1:1'];

const options: readonly (readonly string[])[] = [
  ['--endpoint', value],
  ['--endpoint', `https://${value}:19080`],
  ['--endpoint', `https://cluster.example/${value}`],
  ['--timeout', value],
  ['--retries', value],
  ['--output', value],
  ['--color', value],
  ['--ci', value],
  ['--json', '--query', value],
  ['--watch', '--interval', value],
  ['--watch', '--max-wait', value],
  ['--watch', '--heartbeat', value],
  ['--watch', '--stall-after', value],
  ['--watch', '--expect-version', value],
  ['--watch', '--expect-version', `v${value}`],
  ['--token-file', value],
  ['--token-file', `${value}/token.txt`],
  ['--token-command', value],
  [...secured, '--cert-file', `${value}/client.pem`],
  [...secured, '--pfx-file', value],
  [...secured, '--ca-file', value],
  [...secured, '--server-thumbprint', value],
  [...secured, '--pfx-file', 'client.pfx', '--passphrase-file', `${value}\\passphrase.txt`],
  [...secured, '--pfx-file', 'client.pfx', '--passphrase-file', 'passphrase'],
  [...secured, '--cert-file', 'client.pem', '--key-file', value],
];

const variables: Readonly<Record<string, readonly string[]>> = {
  SFCOMPOSE_ENDPOINT: [],
  SFCOMPOSE_TIMEOUT: [],
  SFCOMPOSE_OUTPUT: [],
  SFCOMPOSE_TOKEN: [],
  SFCTL_SERVICEFABRIC_ENDPOINT: [],
  SFCOMPOSE_CERT_FILE: secured,
  SFCOMPOSE_PFX_FILE: secured,
  SFCOMPOSE_CA_FILE: secured,
  SFCOMPOSE_SERVER_THUMBPRINT: secured,
  SFCOMPOSE_PASSPHRASE_FILE: [...secured, '--pfx-file', 'client.pfx'],
  SFCOMPOSE_PASSPHRASE: [...secured, '--pfx-file', 'client.pfx'],
  HTTPS_PROXY: ['-e', 'https://cluster.example'],
};

const key = createKey('rsa');
const certificate = createAuthority('Test authority').issueClient({ name: 'ops', key });
const files = {
  'client.pem': certificate,
  'client.pfx': createPkcs12({ certificates: [certificate], key }, 'open sesame', 'aes256'),
  passphrase: `${value}\n`,
};

function runInFolder(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return run(resolveInFolder(createFolder(files), files, argv), { env });
}

/** Undoes the wrapping of prose. */
const joinWords = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('an undefined variable', () => {
  it.each(options)('is named: %s %s %s %s %s', async (...argv) => {
    const { exitCode, stderr } = await runInFolder(['status', 'web', ...argv]);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
  });

  it.each(Object.entries(variables))('is named: %s', async (name, argv) => {
    const { exitCode, stderr } = await runInFolder(['list', ...argv], { [name]: value });
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(name === 'SFCOMPOSE_PASSPHRASE' ? 'the passphrase is wrong' : name);
    expect(exitCode).toBe(2);
  });

  it.each(['table', 'plain', 'ndjson'])(
    'may be the name of a deployment, and is named if there is none: %s',
    async (format) => {
      for (const names of [[value], [`web-${value}`, 'web']]) {
        const missing = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
        const { url } = await startGateway(...names.map(() => missing), answer('{"Items":[]}'));
        const { exitCode, stdout, stderr } = await run(['status', ...names, '-o', format, '-e', url]);
        expect(joinWords(stdout + stderr)).toContain(sentence);
        expect(exitCode).toBe(5);
      }
    },
  );

  it('may be a passphrase', async () => {
    const pfx = createPkcs12({ certificates: [certificate], key }, value, 'aes256');
    const folder = createFolder({ 'client.pfx': pfx });
    const argv = resolveInFolder(folder, { 'client.pfx': pfx }, [
      'list',
      ...secured,
      '--pfx-file',
      'client.pfx',
    ]);
    const { exitCode } = await run([...argv, '--retries', '0'], { env: { SFCOMPOSE_PASSPHRASE: value } });
    expect(exitCode).toBe(6);
  });

  it('shows nothing of a secret that only contains one', async () => {
    const secret = `hush${value}hush`;
    for (const [name, argv] of [
      ['SFCOMPOSE_PASSPHRASE', ['--pfx-file', 'client.pfx']],
      ['SFCOMPOSE_PASSPHRASE_FILE', ['--pfx-file', 'client.pfx']],
      ['SFCOMPOSE_TOKEN', []],
    ] as const) {
      const { stderr } = await runInFolder(['list', ...secured, ...argv], { [name]: secret });
      expect(stderr).not.toMatch(/hush|notDefined/);
      expect(stderr).toMatch(/passphrase is wrong|no such file|no token/);
    }
  });
});
