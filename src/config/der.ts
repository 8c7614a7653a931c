/** Recognizes certificates and keys in DER. Pure. */

/** The content of a file in DER, called by its label in PEM; `PKCS12` has none. */
export type DerContent =
  | 'CERTIFICATE'
  | 'PRIVATE KEY'
  | 'ENCRYPTED PRIVATE KEY'
  | 'RSA PRIVATE KEY'
  | 'EC PRIVATE KEY'
  | 'PKCS7'
  | 'PKCS12';

/** A sequence with its length, in hex. */
const sequence = '30(?:80|81..|82....|83......|[0-7].)';

/** The first bytes in the outer sequence, in hex. PKCS#12 comes first, whose version is 3: RFC 7292, section 4. */
const beginnings: readonly (readonly [DerContent, string])[] = [
  ['PKCS12', '020103'],
  // RFC 5958, section 2, with version 0 or 1; RFC 8017, appendix A.1.2; RFC 5915, section 3.
  ['PRIVATE KEY', '02010[01]30'],
  ['RSA PRIVATE KEY', '02010002'],
  ['EC PRIVATE KEY', '02010104'],
  // Object identifiers of signed data, and of encryption with a passphrase in PKCS#5 and PKCS#12.
  ['PKCS7', '06092a864886f70d010702'],
  ['ENCRYPTED PRIVATE KEY', `${sequence}06(?:092a864886f70d0105|0a2a864886f70d010c)`],
  // A certificate begins with its version or, in version 1, with its serial number. RFC 5280, section 4.1.
  ['CERTIFICATE', `${sequence}(?:a003020102|02(?!010030))`],
];

const patterns = beginnings.map(([content, hex]) => [content, new RegExp(`^${sequence}${hex}`)] as const);

/** Length of the bytes that the patterns look at. */
const headLength = 32;

/** Recognizes the content of a file in DER; `undefined` for anything else. */
export function recognizeDer(bytes: Buffer): DerContent | undefined {
  const head = bytes.subarray(0, headLength).toString('hex');
  return patterns.find(([, pattern]) => pattern.test(head))?.[0];
}
