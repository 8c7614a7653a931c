import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readComposeUpgrade } from '../../../src/cluster/wire/compose-upgrade.ts';
import { compactJson, indentJson } from '../../../src/output/json/document.ts';
import { renderRows } from '../../../src/output/table/layout.ts';
import { renderTable } from '../../../src/output/table/upgrade.ts';
import { breakLine } from '../../../src/output/table/wrap.ts';
import { formatDuration } from '../../../src/platform/format.ts';
import { type Printable, printable } from '../../../src/platform/printable.ts';
import { createBareSnapshot } from '../../../src/upgrade/snapshot.ts';
import { anyUnit } from '../../support/arbitraries.ts';
import { rollingBack } from '../../support/documents.ts';
import { run, unfolded } from '../../support/run.ts';
import { simulatedCluster } from '../../support/simulated-cluster.ts';
import { plainStyle } from '../../support/style.ts';

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
      fc.property(fc.string({ unit: anyUnit }), (text) => {
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
    ['u\u0308', 'ü'],
    ['हिन्दी ภาษาไทย', 'हिन्दी ภาษาไทย'],
    ['\u0301J', '\\u0301J'],
    ['x \u0301', 'x \\u0301'],
    ['\x1b\u0301\u0302J', '\\x1b\\u0301\\u0302J'],
    ['b\u0310\u0310\u0310\u0310\u0310\u0310c', 'b\u0310\u0310\u0310\u0310\\u0310\\u0310c'],
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
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('a table', () => {
  const unlimited = { lines: Number.POSITIVE_INFINITY, hint: '' };
  const lettersOf = (text: string) => text.replace(/[^a-z世😀]/gu, '');

  it('fits its width and loses nothing, whatever its words are', () => {
    const word = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', '世', '😀'), minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 300 }).map((length) => 'c'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 20, max: 100 }), (words, width) => {
        const table = renderRows(
          [{ label: 'X', lines: [printable(words.join(' '))] }],
          plainStyle(width),
          unlimited,
        );
        expect(lettersOf(table)).toBe(words.join(''));
        for (const line of table.split('\n')) expect(breakLine(printable(line), width)).toHaveLength(1);
      }),
    );
  });

  it('loses no letter of any script', () => {
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
        const table = renderRows([{ label: 'X', lines: [text] }], plainStyle(width), unlimited);
        expect(table).not.toContain('…');
        expect(table.replace(/[^\p{L}\p{M}]/gu, '')).toBe(`X${text.replaceAll(' ', '')}`);
        expect(table).not.toMatch(/(?:^|[^\p{L}\p{M}])\p{M}/mu);
      }
  });

  it('is coloured line by line, once it is wrapped', () => {
    const paint = (text: string) => printable(`<${text}>`);
    const spans = [
      { text: printable('one two three four'), paint },
      { text: printable(' '), paint: (text: Printable) => text },
      { text: printable('five six'), paint },
    ];
    const table = renderRows([{ label: 'X', lines: [spans] }], plainStyle(26), unlimited);
    expect(table).toBe('X\n│ <one two three four>\n│   <five six>');
  });

  it.each([1, 999, 1000, 1001, 2500])('of %i lines has one frame', (count) => {
    const lines = Array.from({ length: count }, (_, index) => printable(`line ${index}`));
    const table = renderRows([{ label: 'X', lines }], plainStyle(40), unlimited).split('\n');
    expect(table).toHaveLength(count + 2);
    expect(new Set(table.map((line) => line.length))).toEqual(new Set([40]));
    expect(table.filter((line) => /[┌┐└┘]/.test(line))).toHaveLength(2);
    expect(table.slice(1, -1).map((line) => /line (\d+) /.exec(line)?.[1])).toEqual(
      lines.map((_, index) => `${index}`),
    );
  });

  it('takes one word of 100,000 letters', () => {
    const word = 'a'.repeat(100_000);
    expect(lettersOf(renderRows([{ label: 'X', lines: [printable(word)] }], plainStyle(80), unlimited))).toBe(
      word,
    );
  });
});

describe('a small screen', () => {
  it('keeps what matters: the state, the progress, the cause', () => {
    const upgrade = readComposeUpgrade(rollingBack);
    if (upgrade === undefined) throw new Error('no document');
    const table = renderTable(createBareSnapshot(upgrade), plainStyle(80), {
      full: false,
      next: true,
      maxLines: 15,
    });
    expect(table.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    for (const label of ['State', 'Progress', 'Cause']) expect(table).toContain(`│ ${label}`);
    expect(unfolded(table)).toContain('The container exited with code 137.');
    for (const label of ['Health', 'Mode', 'Next']) expect(table).not.toContain(`│ ${label}`);
  });
});

describe('the upgrade domains', () => {
  async function domains(count: number, seconds: number, ...argv: string[]) {
    const cluster = await simulatedCluster('happy', { domains: count, nodes: 2 * count });
    cluster.at(seconds);
    const { stdout } = await run(['upgrade-progress', 'web', '-e', cluster.url, ...argv]);
    return stdout.split('\n').filter((line) => /UD\d|upgrade domains/.test(line));
  }

  it('of 50 read well: a bar, and the ends of each list', async () => {
    expect(await domains(50, 290 + 20 * 240)).toEqual([
      '│ State          │ rolling forward, upgrade domain UD21, 22 of 50              │',
      '│ Progress       │ ██████████▒░░░░░░░░░░░░░ 21 of 50 upgrade domains done      │',
      '│ Time left      │ Its own time will run out before all upgrade domains are    │',
      '│                │ 1h 50m 00s to 2h 04m 00s more until all upgrade domains     │',
      '│ Domains        │ done       UD0, UD1, UD2, … 15 more …, UD18, UD19, UD20     │',
      '│                │ current    UD21                                             │',
      '│                │ next       UD22                                             │',
      '│                │ waiting    UD23, UD24, UD25, … 21 more …, UD47, UD48, UD49  │',
    ]);
  });

  it('of 50 are all there with --full', async () => {
    const text = (await domains(50, 290 + 20 * 240, '--full')).join(' ');
    for (let domain = 0; domain < 50; domain++) expect(text).toMatch(new RegExp(`UD${domain}\\b`));
  });
});

describe('a line too long for the terminal', () => {
  it.each([
    ['abcdef', 4, ['abcd', 'ef']],
    ['a b  c', 3, ['a b', '  c']],
    ['世界世', 5, ['世界', '世']],
    ['', 5, ['']],
  ])('%j takes in %i columns the rows %j', (line, width, rows) => {
    expect(breakLine(printable(line), width)).toEqual(rows);
  });
});
