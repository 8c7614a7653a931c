/** Texts that are fitted to a width. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakLine, breakText, cutText, wrapText } from '../../../../src/output/table/wrap.ts';
import { literal, printable } from '../../../../src/platform/printable.ts';

const keepLetters = (text: string) => text.replace(/[^a-z世😀]/gu, '');

describe('a broken text', () => {
  it('fits its width and loses no letter', () => {
    const word = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', '世', '😀'), minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 300 }).map((length) => 'c'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 8, max: 100 }), (words, width) => {
        const lines = breakText(printable(words.join(' ')), width);
        expect(keepLetters(lines.join(''))).toBe(words.join(''));
        for (const line of lines) expect(breakLine(line, width)).toHaveLength(1);
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
    for (const width of [12, 24, 31, 40, 80])
      for (const word of words) {
        const text = printable(`${word} `.repeat(10).trim());
        const lines = breakText(text, width);
        expect(lines.join('').replace(/[^\p{L}\p{M}]/gu, '')).toBe(text.replaceAll(' ', ''));
        expect(lines.join('\n')).not.toMatch(/(?:^|[^\p{L}\p{M}])\p{M}/mu);
      }
  });
});

interface CutCase {
  readonly text: string;
  readonly width: number;
  readonly maxLines: number;
  readonly lines: readonly string[];
}

describe('a text of a limited number of lines', () => {
  it.each<CutCase>([
    { text: 'one two', width: 9, maxLines: 1, lines: ['one two'] },
    { text: 'one two three', width: 9, maxLines: 1, lines: ['one two …'] },
    { text: 'one two three', width: 8, maxLines: 1, lines: ['one …'] },
    { text: 'one two three four', width: 9, maxLines: 2, lines: ['one two', 'three …'] },
    { text: 'abcdefghijkl', width: 6, maxLines: 1, lines: ['abcde…'] },
  ])('$text in $maxLines of $width is $lines', ({ text, width, maxLines, lines }) => {
    expect(wrapText(printable(text), width, maxLines)).toEqual(lines);
  });

  it('ends in the ellipsis of the screen', () => {
    expect(cutText(printable('abcdefghi'), 6, literal`...`)).toBe('abc...');
    expect(wrapText(printable('one two three'), 9, 1, literal`...`)).toEqual(['one ...']);
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
