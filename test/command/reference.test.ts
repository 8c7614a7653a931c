/** The reference in docs, which `npm run docs` writes. */
import { expect, it } from 'vitest';
import { createProgram, type QueriedHost } from '../../src/cli/program.ts';
import { renderReference } from '../support/reference.ts';

it('docs/reference.md is current', async () => {
  const reference = renderReference(createProgram({} as QueriedHost, () => {}));
  await expect(reference).toMatchFileSnapshot('../../docs/reference.md');
});
