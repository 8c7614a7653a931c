/** Removes the signature of Windows programs, which would be invalid after a change of the program. */

/**
 * Removes the Authenticode signature of a 64-bit program: https://learn.microsoft.com/windows/win32/debug/pe-format
 * @param {Buffer} program
 * @throws if the signature is not the end of the program
 */
export function removeSignature(program) {
  const optionalHeader = program.readUInt32LE(0x3c) + 24;
  if (program.readUInt16LE(optionalHeader) !== 0x20b)
    throw new Error('This is no 64-bit program for Windows.');
  // The fifth data directory.
  const entry = optionalHeader + 112 + 4 * 8;
  const start = program.readUInt32LE(entry);
  if (start === 0) return program;
  if (start + program.readUInt32LE(entry + 4) !== program.length)
    throw new Error('The signature is not the end of the program.');
  const unsigned = Buffer.from(program.subarray(0, start));
  unsigned.fill(0, entry, entry + 8);
  return unsigned;
}
