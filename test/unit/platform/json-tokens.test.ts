/** Slices of a JSON text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceElements } from '../../../src/platform/json-tokens.ts';

describe('the slices of a list in JSON', () => {
  it('are the texts of its elements', () => {
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
