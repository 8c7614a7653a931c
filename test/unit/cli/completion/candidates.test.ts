/** What can come next on a command line. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { findCompletion } from '../../../../src/cli/completion/candidates.ts';

describe('the deployments', () => {
  it('know which are given, where several can be', () => {
    const program = new Command();
    program.command('show').argument('<deployment...>').option('-w');
    expect(findCompletion(program, ['show', 'web', '-w', 'api'], '')).toEqual({
      of: 'deployments',
      flags: { w: true },
      given: ['web', 'api'],
    });
  });
});
