/** Decodes PEM files with certificates and keys. Pure. */

/** Decodes UTF-8, or UTF-16 as written by Windows PowerShell. Drops the byte order mark. */
export function decodePem(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}

/** Finds PEM blocks whose label ends with a text. Includes truncated blocks. */
export function findPemBlocks(text: string, labelEnd: string): readonly string[] {
  const blocks = text.matchAll(/-----BEGIN ([A-Z\d ]+)-----[\s\S]*?(?:-----END \1-----|(?=-----BEGIN )|$)/g);
  return [...blocks].filter(([, label]) => label?.endsWith(labelEnd)).map(([block]) => block);
}

/** Whether bytes are DER (PKCS#12 included): a sequence with a length of several bytes, unlike a text that begins with `0`. */
export function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
}
