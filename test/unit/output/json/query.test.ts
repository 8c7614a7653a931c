/** JMESPath expressions. */
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../../src/output/json/query.ts';

describe('a JMESPath expression', () => {
  it.each([
    'let $a = b in [?c == $a]',
    '`{"type": "Function", "name": "soonest"}`',
    'sort_by(@, &a)[0].b',
    '"="',
  ])('compiles: %s', async (query) => {
    await expect(compileExpression(query)).resolves.toBeTypeOf('function');
  });

  it.each([['to_string(@)'], ['{a: @}'], ['@ == @'], ['*[0]'], ['[@][]']])(
    'of the form %s gives JSON or an error for huge and odd documents',
    async (expression) => {
      const query = await compileExpression(expression);
      const depth = 200_000;
      const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
      const wide = Array.from({ length: 300_000 }, (_, index) => index);
      for (const document of [deep, wide, { ['__proto__']: 1 }, JSON.parse('{"__proto__":{"a":1}}')]) {
        try {
          JSON.parse(query(document));
        } catch (error) {
          expect((error as Error).message).toMatch(/does not fit what was read/);
        }
      }
    },
  );
});
