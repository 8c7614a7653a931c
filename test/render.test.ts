import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, indentJson } from '../src/render/json.ts';
import { durationText, printable } from '../src/text.ts';

describe('JSON', () => {
  it('is indented as JSON.stringify does it, where that loses nothing', () => {
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
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = compactJson(JSON.stringify(text));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
        expect(json).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        expect(JSON.parse(json)).toBe(text);
      }),
    );
  });

  it('survives 10,000 levels', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    expect(JSON.stringify(indentJson(deep).replace(/\s/g, ''))).toBe(JSON.stringify(deep));
  });
});

describe('text', () => {
  it.each([
    ['a\x1b[31mb', 'a\\x1b[31mb'],
    ['a\r\nb', 'a\\r\\nb'],
    ['\x9b', '\\u009b'],
    ['\u202eabc', '\\u202eabc'],
    ['\ud800', '\\ud800'],
    ['x ##vso[task] ##[error]', 'x # #vso[task] # #[error]'],
    ['Zürich 北京 😀', 'Zürich 北京 😀'],
  ])('%j is shown as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it.each([
    [0, '0s'],
    [-5, '0s'],
    [59_999, '59s'],
    [241_000, '4m 01s'],
    [3_600_000, '1h 00m 00s'],
    [183_600_000, '2d 03h 00m 00s'],
    [Number.POSITIVE_INFINITY, 'no limit'],
  ])('%d ms read %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
