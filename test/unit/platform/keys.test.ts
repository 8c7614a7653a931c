/** What keys do while a live view is shown. */
import { describe, expect, it } from 'vitest';
import { type KeyAction, listKeyActions } from '../../../src/platform/keys.ts';

interface KeyCase {
  readonly name: string;
  readonly typed: string;
  readonly actions: readonly KeyAction[];
}

describe('a key', () => {
  it.each<KeyCase>([
    { name: 'q', typed: 'q', actions: ['quit'] },
    { name: 'Q', typed: 'Q', actions: ['quit'] },
    { name: 'Ctrl-C', typed: '\x03', actions: ['SIGINT'] },
    { name: 'Ctrl-Z', typed: '\x1a', actions: ['SIGTSTP'] },
    { name: 'Ctrl-\\', typed: '\x1c', actions: ['SIGQUIT'] },
    { name: 'two quick Ctrl-C', typed: '\x03\x03', actions: ['SIGINT', 'SIGINT'] },
    { name: 'Enter and then q', typed: '\rq', actions: ['quit'] },
    { name: 'an arrow and then Ctrl-C', typed: '\x1b[A\x03', actions: ['SIGINT'] },
    ...[
      ['Enter', '\r'],
      ['a letter', 'x'],
      ['Ctrl-D', '\x04'],
      ['Ctrl-S', '\x13'],
      ['Backspace', '\x7f'],
      ['Escape', '\x1b'],
      ['an arrow', '\x1b[A'],
      ['an arrow in application mode', '\x1bOA'],
      ['a key of the keypad in application mode', '\x1bOq'],
      ['F5', '\x1b[15~'],
      ['Ctrl and an arrow', '\x1b[1;5C'],
      ['Alt-q', '\x1bq'],
      ['a letter with an accent', '\xc3\xa9'],
    ].map(([name = '', typed = '']) => ({ name, typed, actions: [] })),
  ])('$name causes $actions', ({ typed, actions }) => {
    expect(listKeyActions(typed)).toEqual(actions);
  });
});
