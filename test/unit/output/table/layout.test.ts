/** The layout of tables and lines. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderRows } from '../../../../src/output/table/layout.ts';
import { breakLine } from '../../../../src/output/table/wrap.ts';
import { type Printable, printable } from '../../../../src/platform/printable.ts';
import { createPlainStyle } from '../../../support/style.ts';

describe('a table', () => {
  const unlimited = { lines: Infinity, hint: '' };
  const keepLetters = (text: string) => text.replace(/[^a-z世😀]/gu, '');

  it('fits its width and loses no letter', () => {
    const word = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', '世', '😀'), minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 300 }).map((length) => 'c'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 20, max: 100 }), (words, width) => {
        const table = renderRows(
          [{ label: 'X', lines: [printable(words.join(' '))] }],
          createPlainStyle(width),
          unlimited,
        );
        expect(keepLetters(table)).toBe(words.join(''));
        for (const line of table.split('\n')) expect(breakLine(printable(line), width)).toHaveLength(1);
      }),
    );
  });

  it('loses no letter of other scripts', () => {
    const words = [
      'हिन्दी में लिखा हुआ पाठ',
      'ข้อความภาษาไทยที่ยาวมาก',
      'שָׁלוֹם עֲלֵיכֶם',
      'tiếng Việt',
      '한국어',
      'العَرَبِيَّة',
    ];
    for (const width of [20, 24, 31, 40, 80])
      for (const word of words) {
        const text = printable(`${word} `.repeat(10).trim());
        const table = renderRows([{ label: 'X', lines: [text] }], createPlainStyle(width), unlimited);
        expect(table).not.toContain('…');
        expect(table.replace(/[^\p{L}\p{M}]/gu, '')).toBe(`X${text.replaceAll(' ', '')}`);
        expect(table).not.toMatch(/(?:^|[^\p{L}\p{M}])\p{M}/mu);
      }
  });

  it('is colored after wrapping, line by line', () => {
    const paint = (text: string) => printable(`<${text}>`);
    const spans = [
      { text: printable('one two three four'), paint },
      { text: printable(' '), paint: (text: Printable) => text },
      { text: printable('five six'), paint },
    ];
    const table = renderRows([{ label: 'X', lines: [spans] }], createPlainStyle(26), unlimited);
    expect(table).toBe('X\n│ <one two three four>\n│   <five six>');
  });

  it.each([1, 999, 1000, 1001, 2500])('has one frame around %i lines', (count) => {
    const lines = Array.from({ length: count }, (_, index) => printable(`line ${index}`));
    const table = renderRows([{ label: 'X', lines }], createPlainStyle(40), unlimited).split('\n');
    expect(table).toHaveLength(count + 2);
    expect(new Set(table.map((line) => line.length))).toEqual(new Set([40]));
    expect(table.filter((line) => /[┌┐└┘]/.test(line))).toHaveLength(2);
    expect(table.slice(1, -1).map((line) => /line (\d+) /.exec(line)?.[1])).toEqual(
      lines.map((_, index) => `${index}`),
    );
  });

  it('can hold a word of 100,000 letters', () => {
    const word = 'a'.repeat(100_000);
    expect(
      keepLetters(renderRows([{ label: 'X', lines: [printable(word)] }], createPlainStyle(80), unlimited)),
    ).toBe(word);
  });
});

interface LineCase {
  readonly line: string;
  readonly width: number;
  readonly rows: readonly string[];
}

describe('a line', () => {
  it.each<LineCase>([
    { line: 'abcdef', width: 4, rows: ['abcd', 'ef'] },
    { line: 'a b  c', width: 3, rows: ['a b', '  c'] },
    { line: '世界世', width: 5, rows: ['世界', '世'] },
    { line: '', width: 5, rows: [''] },
  ])('$line breaks into $rows in $width columns', ({ line, width, rows }) => {
    expect(breakLine(printable(line), width)).toEqual(rows);
  });
});
