/** Compose files: what is refused, and what is sent. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of compose files
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type ComposeFile,
  type ComposeFileHost,
  type Interpolation,
  readComposeFile,
} from '../../../src/config/compose-file.ts';
import { ExpectedError, type Explanation } from '../../../src/platform/errors.ts';

function createHost(content: string | Buffer, env: ComposeFileHost['env'] = {}): ComposeFileHost {
  const read = async () => Buffer.from(content);
  return {
    stdin: { isTTY: false, read },
    readFile: read,
    listFiles: async () => [],
    shells: ['posix'],
    env,
    interrupt: new AbortController().signal,
    clock: { after: () => () => {} } as unknown as ComposeFileHost['clock'],
  };
}

const readText = (
  content: string | Buffer,
  interpolation: Interpolation = 'refuse',
  env: ComposeFileHost['env'] = {},
  path = 'compose.yml',
): Promise<ComposeFile> => readComposeFile(path, interpolation, createHost(content, env));

async function explain(promise: Promise<unknown>): Promise<Explanation> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ExpectedError);
  return (error as ExpectedError).explanation;
}

const valid = `version: "3.7"
services:
  web:
    image: registry.example/web:1.2 # the front end
    environment:
      - PASSWORD=hunter2
  api.internal:
    ports: ["80:80", "443:443"]
`;

describe('a compose file', () => {
  it('is sent unchanged, with its digest, and lists its services', async () => {
    const file = await readText(valid);
    expect(file.text.reveal()).toBe(valid);
    expect(file.sha256).toBe(createHash('sha256').update(valid).digest('hex'));
    expect(file.services).toEqual([
      { name: 'web', image: 'registry.example/web:1.2' },
      { name: 'api.internal', image: undefined },
    ]);
    expect(JSON.stringify(file)).not.toContain('hunter2');
  });

  it.each([
    ['services.web.image', 4],
    ['services.web.environment.0', 6],
    ['services.web.environment[0]', 6],
    ['services.web.nothing.here', 3],
    ['services.api.internal.ports.1', 8],
    ['services.api', 2],
    ['version', 1],
    ['volumes', undefined],
    ['', undefined],
  ])('finds the line of %s', async (path, line) => {
    expect((await readText(valid)).findLine(path)).toBe(line);
  });

  it('finds lines behind aliases, and through line ends of Windows', async () => {
    const text = 'version: "3"\r\nx: &web\r\n  image: a:1\r\nservices:\r\n  web: *web\r\n';
    const file = await readText(text);
    expect(file.findLine('services.web.image')).toBe(3);
    expect(file.services).toEqual([{ name: 'web', image: 'a:1' }]);
    expect(file.text.reveal()).toBe(text);
  });

  it.each([
    ['a byte order mark', Buffer.from(`\ufeff${valid}`)],
    ['UTF-16, as Windows PowerShell writes it', Buffer.from(`\ufeff${valid}`, 'utf16le')],
  ])('is sent without %s', async (_, content) => {
    expect((await readText(content)).text.reveal()).toBe(valid);
  });

  it('is read from stdin as -', async () => {
    const file = await readText(valid, 'refuse', {}, '-');
    expect(file.path).toBe('-');
    expect(file.text.reveal()).toBe(valid);
    const { what, location } = await explain(readText('version: 1', 'refuse', {}, '-'));
    expect(what).toMatch(/^stdin:1: /);
    expect(location).toBeUndefined();
  });

  it('that is missing is a usage error', async () => {
    const readFile = () => Promise.reject(Object.assign(new Error(), { code: 'ENOENT' }));
    const { outcome, what } = await explain(
      readComposeFile('no.yml', 'refuse', { ...createHost(''), readFile }),
    );
    expect({ outcome, what }).toEqual({
      outcome: 'usage',
      what: '--file "no.yml" cannot be read: no such file.',
    });
  });

  const secret = 'hunter2';
  const refusedTexts: readonly (readonly [string | Buffer, number | undefined, string])[] = [
    ['', undefined, 'no compose file'],
    ['- a', undefined, 'no compose file'],
    ['services: {a: {}}', undefined, 'must begin with 2 or 3'],
    ['version: 1\nservices: {a: {}}', 1, 'must begin with 2 or 3'],
    ['version: [3]\nservices: {a: {}}', 1, 'must begin with 2 or 3'],
    ['version: 3', undefined, 'has no services'],
    ['version: 3\nservices:', 2, 'has no services'],
    ['version: 3\nservices: {}', 2, 'has no services'],
    ['version: 3\nservices: [a]', 2, 'has no services'],
    ['version: 3\nservices:\n  a: {}\n  a: {}', 4, 'the key a appears twice'],
    [`version: 3\nservices: {a: {? {${secret} x: 1, ${secret} x: 2} : 1}}`, 2, 'a key appears twice'],
    ['version: 3\nservices:\n  "1": {}\n  1: {}', 4, 'the key 1 appears twice'],
    ['version: 3\nservices: {a: {}}\n---\nversion: 3', 3, 'more than one YAML document'],
    [`version: 3\nservices:\n  a: "${secret}`, 3, 'is missing'],
    [`version: 3\nservices:\n  a: b: ${secret}`, 3, 'same line'],
    [`version: 3\nservices:\n\ta: ${secret}`, 3, 'a tab'],
    [`version: 3\nservices:\n  a: "\\q${secret}"`, 3, 'unknown escape'],
    [`version: 3\nservices:\n  a: *${secret}`, 3, 'an alias has no anchor'],
    [`version: 3\nservices: {a: \0${secret}}`, 2, 'not text'],
    [Buffer.concat([Buffer.from('version: 3\nx: '), Buffer.from([0xe4, 0x0a])]), 2, 'not text'],
    [`version: 3\nservices: ${'['.repeat(50_000)}`, 2, 'nested too deeply'],
    [`version: 3\nservices: ${'{'.repeat(50_000)}`, 2, 'nested too deeply'],
    [`version: 3\nservices:\n  ${'- '.repeat(50_000)}`, 3, 'nested too deeply'],
    [`version: 3\nservices: {a: {}}\nx: ${'y'.repeat(3 * 2 ** 20)}`, undefined, 'more than 3 MiB'],
    ['version: 3\nservices:\n  a:\n    image: web:$(Build.BuildId)', 4, 'the image of a'],
  ];
  it.each(refusedTexts.map(([content, line, sentence]) => ({ content, line, sentence })))(
    'is refused at line $line: $sentence',
    async ({ content, line, sentence }) => {
      const { outcome, code, what, location } = await explain(readText(content));
      expect({ outcome, code }).toEqual({ outcome: 'invalid', code: 'SFCOMPOSE_E_INVALID' });
      expect(what).toContain(sentence);
      expect(what).toMatch(line === undefined ? /^compose\.yml: / : new RegExp(`^compose\\.yml:${line}: `));
      expect(what).not.toContain(secret);
      expect(location).toEqual(line === undefined ? undefined : { file: 'compose.yml', line });
    },
  );

  it('larger than the host reads has the same error', async () => {
    const readFile = () => Promise.reject(Object.assign(new Error(), { code: 'EFBIG' }));
    const { outcome, what } = await explain(
      readComposeFile('a.yml', 'keep', { ...createHost(''), readFile }),
    );
    expect(outcome).toBe('invalid');
    expect(what).toContain('more than 3 MiB');
  });

  it('with many aliases of aliases is not expanded', async () => {
    const levels = Array.from({ length: 40 }, (_, level) =>
      level === 0 ? 'x0: &x0 [a]' : `x${level}: &x${level} [${`*x${level - 1},`.repeat(9)}]`,
    );
    const text = `version: 3\n${levels.join('\n')}\nservices: {web: {image: a}}\n`;
    expect((await readText(text, 'replace')).text.reveal()).toBe(text);
  });
});

describe('variables', () => {
  const text = `version: "3"
services:
  web:
    image: web:\${TAG:-hunter2} # $COMMENT
    $KEY: 1
    command: |
      echo $HOME $$literal
      cost 5$
`;

  it('are refused with their lines, without defaults', async () => {
    const { outcome, what, evidence, next, location } = await explain(readText(text));
    expect(outcome).toBe('invalid');
    expect(what).toBe('compose.yml:4: 2 variables are not replaced.');
    expect(evidence).toEqual(['line 4: ${TAG}', 'line 6: ${HOME}']);
    expect(next?.map(({ what }) => what).join()).toMatch(/--interpolate .*--no-interpolate /);
    expect(location).toEqual({ file: 'compose.yml', line: 4 });
  });

  it('are listed up to a handful', async () => {
    const many = `version: "3"\nservices: {a: {}}\nx: [${Array.from({ length: 9 }, (_, n) => `$V${n}`)}]`;
    const { evidence } = await explain(readText(many));
    expect(evidence).toHaveLength(6);
    expect(evidence?.at(-1)).toBe('and 4 more');
  });

  it('are kept if asked', async () => {
    const file = await readText(text, 'keep');
    expect(file.text.reveal()).toBe(text);
    expect(file.services[0]?.image).toBe('web:${TAG:-hunter2}');
  });

  it('are replaced in values only, and nothing else changes', async () => {
    const file = await readText(
      text.replace('5$', () => '5$$'),
      'replace',
      { TAG: '1: "x\n#', HOME: '/root' },
    );
    expect(file.text.reveal()).toBe(`version: "3"
services:
  web:
    image: "web:1: \\"x\\n#" # $COMMENT
    $KEY: 1
    command: "echo /root $literal\\ncost 5$\\n"
`);
    expect(file.services[0]?.image).toBe('web:1: "x\n#');
    expect(file.sha256).toBe(createHash('sha256').update(file.text.reveal()).digest('hex'));
  });

  it.each([
    ['$TAG', 'the variable TAG is not set'],
    ['${TAG:?hunter2}', 'the variable TAG is not set'],
    ['${EMPTY:?}', 'the variable EMPTY is empty'],
    ['5$', 'begins no variable'],
    ['"${TAG"', 'has no valid form'],
    ['"${SET:-x"', 'closing brace'],
    [`"${'${A:-'.repeat(30)}${'}'.repeat(30)}"`, 'nested too deeply'],
  ])('that cannot be replaced are refused: %s', async (value, sentence) => {
    const source = `version: "3"\nservices:\n  web:\n    image: ${value}\n`;
    const { outcome, what } = await explain(readText(source, 'replace', { EMPTY: '', SET: 'hunter2' }));
    expect(outcome).toBe('invalid');
    expect(what).toMatch(/^compose\.yml:4: /);
    expect(what).toContain(sentence);
    expect(what).not.toContain('hunter2');
  });
});
