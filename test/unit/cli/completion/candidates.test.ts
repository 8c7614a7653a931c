/** Candidates for the next word of a command line. */
import { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { findCompletion } from '../../../../src/cli/completion/candidates.ts';

describe('the candidates for a deployment', () => {
  it('come with the flags and the names that were typed before', () => {
    const program = new Command();
    program.command('show').argument('<deployment...>').option('-w');
    expect(findCompletion(program, ['show', 'web', '-w', 'api'], '')).toEqual({
      of: 'deployments',
      flags: { w: true },
      operands: ['web', 'api'],
    });
  });
});
