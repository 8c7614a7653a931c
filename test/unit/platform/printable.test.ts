/** Printable text. */
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/platform/printable.ts';

describe('printable text', () => {
  it.each([
    ['a\x1b[31mb', 'a\\x1b[31mb'],
    ['a\r\nb', 'a\\r\\nb'],
    ['\x9b', '\\u009b'],
    ['\u202eabc', '\\u202eabc'],
    ['\ud800', '\\ud800'],
    ['x ##vso[task] ##[error]', 'x # #vso[task] # #[error]'],
    ['Zürich 北京 😀', 'Zürich 北京 😀'],
    ['u\u0308', 'ü'],
    ['हिन्दी ภาษาไทย', 'हिन्दी ภาษาไทย'],
    ['\u0301J', '\\u0301J'],
    ['x \u0301', 'x \\u0301'],
    ['\x1b\u0301\u0302J', '\\x1b\\u0301\\u0302J'],
    ['b\u0310\u0310\u0310\u0310\u0310\u0310c', 'b\u0310\u0310\u0310\u0310\\u0310\\u0310c'],
  ])('of %j is %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});
