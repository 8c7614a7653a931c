/** Decodes text files. Pure. */

/** Decodes UTF-8, or UTF-16 as written by Windows PowerShell and editors. Drops the byte order mark. */
export function decodeText(bytes: Buffer): string {
  const [first = 0, second = 0] = bytes;
  const isBigEndian = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const isUtf16 =
    isBigEndian || (first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && bytes.length > 1);
  // Swaps a copy: an odd last byte is no character.
  const units = isBigEndian ? Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16() : bytes;
  return units.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}
