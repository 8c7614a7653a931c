/** Reads the PEM encoding of certificates and keys. Pure. */

/** Decodes UTF-8 or, as Windows PowerShell writes it, UTF-16. Drops a byte order mark. */
export function decodePem(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}

/** Finds the PEM blocks whose label ends with a text, truncated blocks included. */
export function findPemBlocks(text: string, labelEnd: string): readonly string[] {
  const blocks = text.matchAll(/-----BEGIN ([A-Z\d ]+)-----[\s\S]*?(?:-----END \1-----|(?=-----BEGIN )|$)/g);
  return [...blocks].filter(([, label]) => label?.endsWith(labelEnd)).map(([block]) => block);
}

/**
 * Recognises DER, PKCS#12 included: a sequence whose length takes more than one byte, unlike a text that begins with
 * `0`.
 */
export function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
}
