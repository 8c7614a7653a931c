/** Tables of keys and values. */
import { expect, it } from 'vitest';
import { renderKeyValues } from '../../../src/output/key-values.ts';
import { literal } from '../../../src/platform/printable.ts';
import { createPlainStyle } from '../../support/style.ts';

const facts = [
  { key: literal`Code`, lines: [literal`one two three four five six seven eight nine ten`] },
  { key: literal`Absent`, lines: [] },
  {
    key: literal`Request`,
    lines: [literal`GET http://prod.example:19080/a/very/long/path`],
    isVerbatim: true,
  },
];

it('wrap values, but not what is to be copied', () => {
  expect(renderKeyValues(facts, createPlainStyle(40))).toEqual([
    '  Code     one two three four five six',
    '           seven eight nine ten',
    '  Request  GET http://prod.example:19080/a/very/long/path',
  ]);
});

it('have sources in a column of their own, or below on a narrow screen', () => {
  const sourced = [{ key: literal`Timeout`, lines: [literal`60s`], source: literal`SFCOMPOSE_TIMEOUT` }];
  expect(renderKeyValues(sourced, createPlainStyle(80), 10)).toEqual([
    '  Timeout     60s  SFCOMPOSE_TIMEOUT',
  ]);
  expect(renderKeyValues(sourced, createPlainStyle(40))).toEqual([
    '  Timeout  60s',
    '           (SFCOMPOSE_TIMEOUT)',
  ]);
});
