/**
 * PKCS#12 files, also known as PFX. They are opened with forge: many are locked with ciphers that the OpenSSL in Node
 * no longer has (RC2). What is inside goes to Node, which knows more kinds of keys than forge does.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type Forge from 'node-forge';

export interface Pkcs12 {
  readonly keys: readonly KeyObject[];
  readonly certificates: readonly X509Certificate[];
}

/** Why a file does not open: it is something else, the passphrase does not fit, or we do not know how. */
export type Pkcs12Problem = 'other' | 'locked' | 'unknown';

export async function openPkcs12(
  bytes: Buffer,
  passphrase: string | undefined,
): Promise<Pkcs12 | Pkcs12Problem> {
  const { default: forge } = await import('node-forge');
  const pfx = parseDer(forge, bytes);
  if (pfx === undefined) return 'other';
  // A file without a passphrase may be locked with an empty one, or with none, which is not the same.
  for (const one of [...(passphrase ? [passphrase] : []), '', undefined]) {
    const opened = decryptPfx(forge, pfx, one);
    if (opened !== 'locked') return typeof opened === 'string' ? opened : readContents(forge, opened);
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
  const opened = open(pfx, passphrase);
  if (typeof opened !== 'string' || opened.includes('MAC')) return toProblem(opened);
  // The passphrase is right, or there is no MAC to tell by. The MAC takes it in UTF-16, and newer ciphers in UTF-8,
  // where forge has one text for both.
  const withoutMac = { ...pfx, value: listParts(pfx).slice(0, 2) };
  return toProblem(open(withoutMac, Buffer.from(passphrase ?? '').toString('latin1')));
}

/** @param opened what is inside, or what forge says is wrong, for which it has no codes */
function toProblem(opened: Forge.pkcs12.Pkcs12Pfx | string): Forge.pkcs12.Pkcs12Pfx | Pkcs12Problem {
  if (typeof opened !== 'string') return opened;
  if (opened.includes('not an PKCS#12 PFX')) return 'other';
  return /support|unknown/i.test(opened) ? 'unknown' : 'locked';
}

function readContents(forge: typeof Forge, { safeContents }: Forge.pkcs12.Pkcs12Pfx): Pkcs12 | Pkcs12Problem {
  const bags = safeContents.flatMap(({ safeBags }) => safeBags);
  const certificates = bags.filter(({ type }) => type === forge.pki.oids['certBag']);
  const keys = bags.filter((bag) => !certificates.includes(bag));
  try {
    return {
      keys: keys.map((bag) => exportKey(forge, bag)),
      certificates: certificates.map((bag) => exportCertificate(forge, bag)),
    };
  } catch {
    return 'unknown';
  }
}

/** What forge itself understands it keeps in a form of its own; anything else it leaves as it is. */
function exportKey({ asn1, pki }: typeof Forge, bag: Forge.pkcs12.Bag): KeyObject {
  const info = bag.key ? pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(bag.key)) : bag.asn1;
  return createPrivateKey({ key: toBytes(asn1.toDer(info)), format: 'der', type: 'pkcs8' });
}

function exportCertificate({ asn1, pki }: typeof Forge, bag: Forge.pkcs12.Bag): X509Certificate {
  const certificate = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
  const [signed, , signature] = listParts(certificate);
  // Forge writes the algorithm of the signature anew, not always as it was. It stands in the signed part as well.
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
