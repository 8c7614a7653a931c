/** Credentials of the registry: sources of the password, and contradictions. */
import { describe, expect, it } from 'vitest';
import { type RegistryFlags, resolveRegistry } from '../../../src/config/registry-credentials.ts';
import { ExpectedError } from '../../../src/platform/errors.ts';

type TestHost = Parameters<typeof resolveRegistry>[1];

interface Surroundings {
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly env?: TestHost['env'];
  readonly answer?: string;
}

function createHost({ files = {}, stdin = '', env = {}, answer }: Surroundings) {
  const questions: string[] = [];
  const host: TestHost = {
    readFile: async (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(), { code: 'ENOENT' });
      return Buffer.from(text);
    },
    listFiles: async () => [],
    shells: ['posix'],
    stdin: { isTTY: false, read: async () => Buffer.from(stdin) },
    async prompt(question, kind) {
      questions.push(`${kind}: ${question}`);
      return answer;
    },
    env,
    interrupt: new AbortController().signal,
    clock: { after: () => () => {} } as unknown as TestHost['clock'],
  };
  return { host, questions };
}

const variable = 'SFCOMPOSE_REGISTRY_PASSWORD';
const user = { registryUser: 'deploy' };
const file = { ...user, registryPasswordFile: 'password.txt' };

describe('the credentials of the registry', () => {
  it.each<[string, RegistryFlags, Surroundings, string, string]>([
    ['a file', file, { files: { 'password.txt': 'hunter2\r\nmore' } }, 'hunter2', '--registry-password-file'],
    [
      'a file before the variable',
      file,
      { files: { 'password.txt': ' a b ' }, env: { [variable]: 'no' } },
      ' a b ',
      '--registry-password-file',
    ],
    [
      'stdin',
      { ...user, registryPasswordFile: '-' },
      { stdin: 'piped\n' },
      'piped',
      '--registry-password-file',
    ],
    ['the variable', { ...user, file: '-' }, { env: { [variable]: 'p$x' } }, 'p$x', variable],
    ['the terminal', user, { answer: 'typed' }, 'typed', 'the terminal'],
  ])('have the password from %s', async (_, flags, surroundings, password, from) => {
    const { host, questions } = createHost(surroundings);
    const credentials = await resolveRegistry(flags, host);
    if (typeof credentials !== 'object') throw new Error('no credentials');
    expect(credentials.password.reveal()).toBe(password);
    expect(credentials).toMatchObject({ user: 'deploy', isEncrypted: false, from });
    expect(JSON.stringify(credentials)).not.toContain(password);
    expect(questions).toEqual(from === 'the terminal' ? ['hidden: Password of the registry: '] : []);
  });

  it('may be encrypted', async () => {
    const { host } = createHost({ env: { [variable]: 'MIIB' } });
    expect(await resolveRegistry({ ...user, registryPasswordEncrypted: true }, host)).toMatchObject({
      isEncrypted: true,
    });
  });

  it('are unknown without options, even if the variable is set', async () => {
    const { host } = createHost({ env: { [variable]: 'p' } });
    expect(await resolveRegistry({}, host)).toBeUndefined();
    expect(await resolveRegistry({ registry: true }, host)).toBeUndefined();
    expect(await resolveRegistry({ registry: false }, host)).toBe('none');
  });

  it.each<[RegistryFlags, Surroundings, RegExp]>([
    [{ registryPasswordFile: 'f' }, {}, /--registry-password-file requires --registry-user/],
    [{ registryPasswordEncrypted: true }, {}, /--registry-password-encrypted requires --registry-user/],
    [{ ...user, registry: false }, {}, /--no-registry and --registry-user cannot be combined/],
    [{ ...file, registryUser: undefined, registry: false }, {}, /--no-registry and --registry-password-file/],
    [{ registryUser: ' ' }, { answer: 'p' }, /--registry-user/],
    [{ registryUser: '$(registryUser)' }, { answer: 'p' }, /Azure Pipelines/],
    [user, {}, /--registry-user requires a password. Use --registry-password-file or SFCOMPOSE_REGISTRY/],
    [{ ...user, file: '-' }, { answer: 'p' }, /--registry-user requires a password/],
    [user, { answer: '' }, /is empty/],
    [user, { env: { [variable]: '$(registryPassword)' } }, /contains no password.*Azure Pipelines/],
    [file, { files: { 'password.txt': '\nhunter2' } }, /empty first line, where the password must be/],
    [{ ...user, registryPasswordFile: 'hunter2' }, {}, /no such file.*does not show the value/],
    [{ ...user, registryPasswordFile: '-', file: '-' }, { stdin: 'hunter2' }, /stdin can hold only one/],
  ])('are refused: %j', async (flags, surroundings, message) => {
    const { host } = createHost(surroundings);
    const error: unknown = await resolveRegistry(flags, host).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ExpectedError);
    const { outcome, what } = (error as ExpectedError).explanation;
    expect(outcome).toBe('usage');
    expect(what).toMatch(message);
    expect(what).not.toContain('hunter2');
  });
});
