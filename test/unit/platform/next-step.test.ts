/** Next steps without repetitions. */
import { expect, it } from 'vitest';
import { removeDuplicates } from '../../../src/platform/next-step.ts';

it('a command is suggested once, as it was called first, and so is a sentence', () => {
  expect(
    removeDuplicates([
      { what: 'Show the health of fabric:/web/api', command: 'show 1' },
      { what: 'Make room.' },
      { what: 'Show the health', command: 'show 1' },
      { what: 'Show the health', command: 'show 2' },
      { what: 'Make room.' },
    ]),
  ).toEqual([
    { what: 'Show the health of fabric:/web/api', command: 'show 1' },
    { what: 'Make room.' },
    { what: 'Show the health', command: 'show 2' },
  ]);
});
