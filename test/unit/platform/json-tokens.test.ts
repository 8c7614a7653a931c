/** Slices of a JSON text, as they came. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceElements } from '../../../src/platform/json-tokens.ts';

describe('a list in a JSON text', () => {
  it('gives each element as it came, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, space) => {
        const text = JSON.stringify({ before: values, Items: values, after: ']' }, undefined, space);
        expect(sliceElements(text, 'Items').map((element) => JSON.parse(element))).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      }),
    );
  });
});
