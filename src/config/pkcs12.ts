/**
 * Opens PKCS#12 files, also known as PFX. It uses forge because many of them are encrypted with RC2, which Node's
 * OpenSSL no longer supports; Node parses the content because it supports more kinds of keys than forge.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type Forge from 'node-forge';

/** The content of a file. */
export interface Pkcs12 {
  readonly keys: readonly KeyObject[];
  readonly certificates: readonly X509Certificate[];
}

/**
 * Why a file cannot be opened: it is not PKCS#12, the passphrase is missing or wrong, or its format is not supported.
 */
export type Pkcs12Problem = 'not-pkcs12' | 'locked' | 'unsupported';

/** Decrypts a file, and returns all keys and certificates in it. */
export async function openPkcs12(
  bytes: Buffer,
  passphrase: string | undefined,
): Promise<Pkcs12 | Pkcs12Problem> {
  const { default: forge } = await import('node-forge');
  const pfx = parseDer(forge, bytes);
  if (pfx === undefined) return 'not-pkcs12';
  // A file without a passphrase is encrypted with an empty one or with none; the
  // keys derived from these differ.
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
  // The passphrase matches the MAC, or there is none. The MAC derives its key from UTF-16 and newer ciphers
  // theirs from UTF-8, but forge uses one text for both, so try again without the MAC.
  const withoutMac = { ...pfx, value: listParts(pfx).slice(0, 2) };
  return toProblem(open(withoutMac, Buffer.from(passphrase ?? '').toString('latin1')));
}

/** @param result the content, or forge's error message, as forge has no error codes */
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

/** Forge parses RSA keys only, and keeps all others as ASN.1. */
function exportKey({ asn1, pki }: typeof Forge, bag: Forge.pkcs12.Bag): KeyObject {
  const info = bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1;
  return createPrivateKey({ key: toBytes(asn1.toDer(info)), format: 'der', type: 'pkcs8' });
}

function exportCertificate({ asn1, pki }: typeof Forge, bag: Forge.pkcs12.Bag): X509Certificate {
  const certificate = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
  const [signed, , signature] = listParts(certificate);
  // Forge does not always reproduce the signature algorithm. The signed part holds a copy
  // of it (RFC 5280, section 4.1).
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
