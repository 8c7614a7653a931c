/** Interpolation changes values, and nothing else, whatever the environment holds. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of compose files
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ComposeFileHost, readComposeFile } from '../../src/config/compose-file.ts';
import { replaceVariables } from '../../src/config/variables.ts';

/** Text that could break out of a value. */
const hostileText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '\n',
        '\r',
        ': ',
        ' #',
        '"',
        "'",
        '\\',
        '- ',
        '{',
        '}',
        ']',
        ',',
        '&a',
        '*a',
        '!t',
        '|',
        '>',
        '\t',
        '\x85',
        '\u2028',
        '%',
        '@',
        '`',
        '---\n',
        '$',
        'x',
        ' ',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

const environment = fc.record({ A: hostileText, B: hostileText });

const template = fc
  .array(
    fc.constantFrom('${A}', '${B}', '${NO:-d: ${A}}', '$$', 'x', ': ', '\n', ' ', '- ', '#', '{', '"', "'"),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

type Tree = string | Tree[] | { [key: string]: Tree };

const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    template,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', '$A', 'b c', 'd'), tie('tree'), { maxKeys: 3 }),
  ),
})).tree;

const styles = fc.record({
  defaultStringType: fc.constantFrom(
    'PLAIN',
    'QUOTE_SINGLE',
    'QUOTE_DOUBLE',
    'BLOCK_LITERAL',
    'BLOCK_FOLDED',
  ),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
  lineWidth: fc.constantFrom(0, 20, 80),
} as const);

function replaceAll(value: Tree, env: Readonly<Record<string, string>>): Tree {
  if (typeof value === 'string') return replaceVariables(value, env);
  if (Array.isArray(value)) return value.map((item) => replaceAll(item, env));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceAll(item, env)]));
}

function isYamlOf(text: string, values: unknown): boolean {
  try {
    return JSON.stringify(parse(text, { schema: 'failsafe' })) === JSON.stringify(values);
  } catch {
    return false;
  }
}

function createHost(text: string, env: ComposeFileHost['env']): ComposeFileHost {
  const read = async () => Buffer.from(text);
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

describe('an interpolated compose file', () => {
  it('has the values of the original, with variables replaced', async () => {
    await fc.assert(
      fc.asyncProperty(tree, styles, environment, async (content, style, env) => {
        const values = { version: '3', services: { web: { image: 'x' } }, content };
        const text = stringify(values, { schema: 'failsafe', aliasDuplicateObjects: false, ...style });
        // What the library cannot write itself proves nothing.
        fc.pre(isYamlOf(text, values));
        const { text: sent } = await readComposeFile('a.yml', 'replace', createHost(text, env));
        expect(parse(sent.reveal(), { schema: 'failsafe' })).toEqual(replaceAll(values, env));
      }),
      { numRuns: 1000 },
    );
  });
});
