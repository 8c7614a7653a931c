/** Variables as docker compose replaces them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of compose files
import { describe, expect, it } from 'vitest';
import { listVariables, replaceVariables } from '../../../src/config/variables.ts';

const env = { A: 'a', EMPTY: '', D: '$A' };

describe('replaceVariables', () => {
  it.each([
    ['plain', 'plain'],
    ['$A', 'a'],
    ['$A-$A', 'a-a'],
    ['${A}b', 'ab'],
    ['$$A', '$A'],
    ['$$$A', '$a'],
    ['$${A}', '${A}'],
    ['${D}', '$A'],
    ['${NO:-x}', 'x'],
    ['${NO-x}', 'x'],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY-x}', ''],
    ['${A:-x}', 'a'],
    ['${NO:-${EMPTY:-$A}}!', 'a!'],
    ['${A:-${NO}}', 'a'],
    ['${NO:-}', ''],
    ['${NO:-$$}', '$'],
    ['${NO:-{"a":1}}', '{"a":1}'],
    ['${A:?must be set}', 'a'],
    ['${EMPTY?must be set}', ''],
    ['${A:+x}', 'x'],
    ['${EMPTY:+x}', ''],
    ['${EMPTY+x}', 'x'],
    ['${NO+x}', ''],
    ['} {', '} {'],
  ])('replaces %s by %s', (text, expected) => {
    expect(replaceVariables(text, env)).toBe(expected);
  });

  it.each([
    '$NO',
    '${NO}',
    '${NO:?x}',
    '${EMPTY:?x}',
    '$',
    '$1',
    '${}',
    '${1}',
    '${A',
    '${A!}',
    '${A:-',
    '$toString',
  ])('refuses %s', (text) => {
    expect(() => replaceVariables(text, env)).toThrow();
  });
});

describe('listVariables', () => {
  it.each([
    ['$$A and 5$ and $1', []],
    ['$A ${B:-secret} $$$C', ['${A}', '${B}', '${C}']],
    ['${{ x }} ${1}', ['${…}', '${…}']],
  ])('finds those of %s', (text, expected) => {
    expect(listVariables(text)).toEqual(expected);
  });
});
