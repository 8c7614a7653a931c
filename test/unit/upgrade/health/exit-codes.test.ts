/** Exit codes in reports, in decimal and hexadecimal, with their meaning. */
import { describe, expect, it } from 'vitest';
import { explainExitCode, findExitCode } from '../../../../src/upgrade/health/exit-codes.ts';

describe('an exit code', () => {
  it.each([
    { text: 'The container exited with code 137.', sentence: /^Exit code 137 \(0x89\): .*out of memory/ },
    { text: 'The service host ended with exit code:143', sentence: /^Exit code 143 \(0x8F\): .*SIGTERM/ },
    {
      text: 'terminated with exit code: -1073741515',
      sentence: /^Exit code 3221225781 \(0xC0000135\): .*DLL/,
    },
    { text: 'Exit Code 0xC0000135 of the host', sentence: /^Exit code 3221225781 \(0xC0000135\): / },
    { text: 'ExitCode=7147', sentence: /^Exit code 7147 \(0x1BEB\): Service Fabric .*did not crash/ },
    { text: 'exit_code 7148', sentence: /^Exit code 7148 \(0x1BEC\): Service Fabric .*did not crash/ },
    { text: 'exit status 139', sentence: /^Exit code 139 \(0x8B\): .*SIGSEGV/ },
    { text: 'Exited (126) 2 minutes ago', sentence: /^Exit code 126 \(0x7E\): .*cannot be executed/ },
    { text: 'The service host ended with exit code:1', sentence: /^Exit code 1: .*log/ },
    { text: 'exit code is 0', sentence: /^Exit code 0: .*by itself/ },
    { text: 'exit code 4711', sentence: /^Exit code 4711 \(0x1267\)\.$/ },
  ])('is explained in "$text"', ({ text, sentence }) => {
    expect(explainExitCode(text)).toMatch(sentence);
  });

  it.each([
    'The oven is cold.',
    'exit code 3',
    'exit code unknown',
    'exit code 99999999999999',
    'exit code 9999999999',
    'the exit codes 137 and 143',
  ])('is not explained in "%s"', (text) => {
    expect(explainExitCode(text)).toBeUndefined();
  });

  it('is a number of 32 bits without a sign', () => {
    expect(findExitCode('exit code -1')).toBe(0xffffffff);
  });
});
