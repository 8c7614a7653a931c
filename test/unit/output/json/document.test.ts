/** The format of JSON documents. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, indentJson } from '../../../../src/output/json/document.ts';
import { anyUnit } from '../../../support/arbitraries.ts';

describe('printed JSON', () => {
  it('is indented like by JSON.stringify, and loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(JSON.parse(indentJson(json))).toEqual(JSON.parse(json));
        expect(compactJson(indentJson(json))).toBe(compactJson(json));
      }),
    );
    const plain = { a: [1, 'x', {}, []], b: { c: null, d: true } };
    expect(indentJson(JSON.stringify(plain))).toBe(JSON.stringify(plain, null, 2));
  });

  it('holds no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyUnit }), (text) => {
        const json = compactJson(JSON.stringify(text));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not occur
        expect(json).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        expect(JSON.parse(json)).toBe(text);
      }),
    );
  });

  it('can have 10,000 levels', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    expect(JSON.stringify(indentJson(deep).replace(/\s/g, ''))).toBe(JSON.stringify(deep));
  });
});
