/**
 * Opens PKCS#12 (PFX) files. Decrypts with forge, because many files use RC2, which Node's OpenSSL no longer supports.
 * Parses the content with Node, which supports more types of keys than forge.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type Forge from 'node-forge';

/** The content of a file. */
export interface Pkcs12 {
  readonly keys: readonly KeyObject[];
  readonly certificates: readonly X509Certificate[];
}

/** Why a file cannot be opened: not PKCS#12, passphrase missing or wrong, or format not supported. */
export type Pkcs12Problem = 'not-pkcs12' | 'locked' | 'unsupported';

/** Decrypts a file, and returns all its keys and certificates. */
export async function openPkcs12(
  bytes: Buffer,
  passphrase: string | undefined,
): Promise<Pkcs12 | Pkcs12Problem> {
  const { default: forge } = await import('node-forge');
  const pfx = parseDer(forge, bytes);
  if (pfx === undefined) return 'not-pkcs12';
  // Files without a passphrase are encrypted with an empty passphrase or with none, which gives different keys.
  for (const candidate of [...(passphrase ? [passphrase] : []), '', undefined]) {
    const content = decryptPfx(forge, pfx, candidate);
    if (content !== 'locked') return typeof content === 'string' ? content : readContent(forge, content);
  }
  return 'locked';
}

function parseDer({ asn1 }: typeof Forge, bytes: Buffer): Forge.asn1.Asn1 | undefined {
  try {
    return asn1.fromDer(bytes.toString('latin1'));
  } catch {
    return undefined;
  }
}

function decryptPfx(
  { pkcs12 }: typeof Forge,
  pfx: Forge.asn1.Asn1,
  passphrase: string | undefined,
): Forge.pkcs12.Pkcs12Pfx | Pkcs12Problem {
  const open = (document: Forge.asn1.Asn1, text: string | undefined) => {
    try {
      return pkcs12.pkcs12FromAsn1(document, false, text);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const result = open(pfx, passphrase);
  if (typeof result !== 'string' || result.includes('MAC')) return toProblem(result);
  // The passphrase matches the MAC, or the file has no MAC. The MAC derives its key from UTF-16, newer ciphers
  // from UTF-8. forge uses the same text for both, so try again without the MAC.
  const withoutMac = { ...pfx, value: listParts(pfx).slice(0, 2) };
  return toProblem(open(withoutMac, Buffer.from(passphrase ?? '').toString('latin1')));
}

/** Classifies forge's error message, because forge has no error codes. @param result the content, or the message */
function toProblem(result: Forge.pkcs12.Pkcs12Pfx | string): Forge.pkcs12.Pkcs12Pfx | Pkcs12Problem {
  if (typeof result !== 'string') return result;
  if (result.includes('not an PKCS#12 PFX')) return 'not-pkcs12';
  return /support|unknown/i.test(result) ? 'unsupported' : 'locked';
}

function readContent(forge: typeof Forge, { safeContents }: Forge.pkcs12.Pkcs12Pfx): Pkcs12 | Pkcs12Problem {
  const bags = safeContents.flatMap(({ safeBags }) => safeBags);
  const certificates = bags.filter(({ type }) => type === forge.pki.oids['certBag']);
  const keys = bags.filter((bag) => !certificates.includes(bag));
  try {
    return {
      keys: keys.map((bag) => exportKey(forge, bag)),
      certificates: certificates.map((bag) => exportCertificate(forge, bag)),
    };
  } catch {
    return 'unsupported';
  }
}

/** Exports a key, which forge parses if it is an RSA key and keeps as ASN.1 otherwise. */
function exportKey({ asn1, pki }: typeof Forge, bag: Forge.pkcs12.Bag): KeyObject {
  const info = bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1;
  return createPrivateKey({ key: toBytes(asn1.toDer(info)), format: 'der', type: 'pkcs8' });
}

function exportCertificate({ asn1, pki }: typeof Forge, bag: Forge.pkcs12.Bag): X509Certificate {
  const certificate = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
  const [signed, , signature] = listParts(certificate);
  // Forge does not always reproduce the signature algorithm. The signed part contains a copy: RFC 5280,
  // section 4.1.
  const algorithm = listParts(signed).find(({ type }) => type === asn1.Type.SEQUENCE);
  const value = [signed, algorithm, signature] as Forge.asn1.Asn1[];
  return new X509Certificate(toBytes(asn1.toDer({ ...certificate, value })));
}

function listParts(node: Forge.asn1.Asn1 | undefined): readonly Forge.asn1.Asn1[] {
  return (node?.value ?? []) as Forge.asn1.Asn1[];
}

function toBytes(der: Forge.util.ByteStringBuffer): Buffer {
  return Buffer.from(der.getBytes(), 'latin1');
}
