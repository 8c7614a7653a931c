/** Creates certificate authorities, certificates and keys for a test run. */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** Valid for any date of the machine and of a test's clock. */
const lasting = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2126-01-01T00:00:00Z') };
const past = { from: lasting.from, to: new Date('2001-01-01T00:00:00Z') };

interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  readonly pem: string;
  /** The authority's own certificate and key, for a server that presents a self-signed certificate. */
  readonly itself: KeyAndCertificate;
  /** Issues a server certificate for an IP address or a host name. */
  issue(options: { address: string; expired?: boolean }): KeyAndCertificate;
  /**
   * Issues a client certificate.
   * @param options.key a private key in PEM, see {@link createKey}
   * @param options.purposes extended key usages, by name or object identifier
   * @returns the certificate in PEM
   */
  issueClient(options: {
    name: string;
    key: string;
    from?: Date;
    to?: Date;
    purposes?: readonly string[];
  }): string;
}

export function createAuthority(name: string): Authority {
  const keys = createKeyPair();
  const certificate = forge.pki.createCertificate();
  fillCertificate(certificate, keys.public, name, name, lasting);
  certificate.setExtensions([{ name: 'basicConstraints', cA: true, critical: true }]);
  certificate.sign(keys.private, forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  return {
    pem,
    itself: { key: keys.pem, cert: pem },
    issue({ address, expired = false }) {
      const own = createKeyPair();
      const issued = forge.pki.createCertificate();
      fillCertificate(issued, own.public, `server at ${address}`, name, expired ? past : lasting);
      const altName = isIP(address) ? { type: 7, ip: address } : { type: 2, value: address };
      issued.setExtensions([{ name: 'subjectAltName', altNames: [altName] }]);
      issued.sign(keys.private, forge.md.sha256.create());
      return { key: own.pem, cert: forge.pki.certificateToPem(issued) };
    },
    issueClient({ name: subject, key, from = lasting.from, to = lasting.to, purposes = ['clientAuth'] }) {
      const issued = forge.pki.createCertificate();
      fillCertificate(issued, keys.public, subject, name, { from, to });
      const usages = Object.fromEntries(purposes.map((purpose) => [purpose, true]));
      issued.setExtensions(purposes.length > 0 ? [{ name: 'extKeyUsage', ...usages }] : []);
      issued.sign(keys.private, forge.md.sha256.create());
      return replacePublicKey(key, issued, keys.pem);
    },
  };
}

function fillCertificate(
  certificate: forge.pki.Certificate,
  key: forge.pki.rsa.PublicKey,
  subject: string,
  issuer: string,
  { from, to }: { from: Date; to: Date },
): void {
  certificate.publicKey = key;
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = from;
  certificate.validity.notAfter = to;
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
}

/** Replaces the public key in a certificate, and signs it again. forge itself supports only RSA keys. */
function replacePublicKey(key: string, issued: forge.pki.Certificate, authorityKey: string): string {
  const certificate = forge.pki.certificateToAsn1(issued);
  const [signed, algorithm] = certificate.value as [forge.asn1.Asn1, forge.asn1.Asn1];
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  signed.value = (signed.value as forge.asn1.Asn1[]).with(6, parseAsn1(publicKey));
  const signature = `\0${sign('sha256', encodeDer(signed), authorityKey).toString('latin1')}`;
  const { Class, Type } = forge.asn1;
  const bits = forge.asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, signature);
  const der = encodeDer({ ...certificate, value: [signed, algorithm, bits] });
  return forge.pem.encode({ type: 'CERTIFICATE', body: der.toString('latin1') } as forge.pem.ObjectPEM);
}

function parseAsn1(der: Buffer): forge.asn1.Asn1 {
  return forge.asn1.fromDer(der.toString('latin1'));
}

function encodeDer(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
}

/**
 * Creates a PKCS#12 file.
 * @param content certificates with RSA keys, and optionally a private key, all in PEM
 * @param passphrase `null` for none, which PKCS#12 distinguishes from an empty one
 */
export function createPkcs12(
  { certificates, key }: { certificates: readonly string[]; key?: string },
  passphrase: string | null,
  algorithm: 'aes256' | '3des',
): Buffer {
  return encodeDer(
    forge.pkcs12.toPkcs12Asn1(
      key === undefined ? null : forge.pki.privateKeyFromPem(key),
      certificates.map((pem) => forge.pki.certificateFromPem(pem)),
      passphrase,
      { algorithm, generateLocalKeyId: false },
    ),
  );
}

/** Creates a private key. @returns PKCS#8 in PEM, not encrypted */
export function createKey(kind: 'rsa' | 'ec'): string {
  if (kind === 'rsa') return createKeyPair().pem;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Creates an RSA key pair with Node, which is much faster than forge. */
function createKeyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    public: forge.pki.publicKeyFromPem(publicKey),
    private: forge.pki.privateKeyFromPem(privateKey),
    pem: privateKey,
  };
}
