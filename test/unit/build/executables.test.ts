/** Parts of the build of executables that need no download. */
import { describe, expect, it } from 'vitest';
import { removeSignature } from '../../../build/executables/signature.js';
import { integrities, nameExecutable, selectTargets } from '../../../build/executables/targets.js';

/** Creates a program for Windows of this length that only has headers, with a signature from `start` on. */
function createWindowsProgram({ length = 0x200, start = 0, size = 0, magic = 0x20b } = {}): Buffer {
  const program = Buffer.alloc(length, 0xaa);
  program.writeUInt32LE(0x80, 0x3c);
  program.writeUInt16LE(magic, 0x98);
  program.writeUInt32LE(start, 0x128);
  program.writeUInt32LE(size, 0x12c);
  return program;
}

describe('the signature of a program for Windows', () => {
  it('is removed, and nothing else', () => {
    const unsigned = removeSignature(createWindowsProgram({ start: 0x180, size: 0x80 }));
    expect(unsigned.equals(createWindowsProgram({ length: 0x180 }))).toBe(true);
  });

  it('may be missing', () => {
    const program = createWindowsProgram();
    expect(removeSignature(program)).toBe(program);
  });

  it.each<[string, Parameters<typeof createWindowsProgram>[0]]>([
    ['not the end', { start: 0x180, size: 0x60 }],
    ['no 64-bit program', { magic: 0x10b }],
  ])('is not removed from what it does not fit: %s', (message, parts) => {
    expect(() => removeSignature(createWindowsProgram(parts))).toThrow(message);
  });
});

describe('the targets of a build', () => {
  it('are all without names, and otherwise the named ones, once', () => {
    expect(selectTargets([])).toEqual(Object.keys(integrities));
    expect(selectTargets(['win-x64', 'linux-x64', 'win-x64'])).toEqual(['win-x64', 'linux-x64']);
    expect(() => selectTargets(['linux-x86'])).toThrow('Unknown target linux-x86. Targets: linux-x64, ');
  });

  it('have a name and a checksum for each', () => {
    expect(nameExecutable('linux-x64')).toBe('sfcompose-linux-x64');
    expect(nameExecutable('win-x64')).toBe('sfcompose-win-x64.exe');
    expect(new Set(Object.values(integrities)).size).toBe(Object.keys(integrities).length);
    for (const integrity of Object.values(integrities)) expect(integrity).toMatch(/^sha512-.{86}==$/);
  });
});
