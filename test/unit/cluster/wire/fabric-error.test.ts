/** Parsing errors of the runtime. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { parseFabricError } from '../../../../src/cluster/wire/fabric-error.ts';
import { anyTree } from '../../../support/arbitraries.ts';

describe('an error of the runtime', () => {
  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(anyTree, (value) => {
        parseFabricError(value);
      }),
    );
  });
});
