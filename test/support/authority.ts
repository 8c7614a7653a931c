/** A certificate authority made for one test run. */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** Good whatever the date of this machine is, or the clock of a test. */
const lasting = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2126-01-01T00:00:00Z') };
const past = { from: lasting.from, to: new Date('2001-01-01T00:00:00Z') };

interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  readonly pem: string;
  /** Its own certificate, for a server that presents just that. */
  readonly itself: KeyAndCertificate;
  /** A server's certificate for an IP address or a name. */
  issue(options: { address: string; expired?: boolean }): KeyAndCertificate;
  /**
   * A client's certificate.
   * @param options.key PEM, as {@link newKey} makes it
   * @returns PEM
   */
  issueClient(options: { name: string; key: string; from?: Date; to?: Date }): string;
}

export function newAuthority(name: string): Authority {
  const keys = newKeys();
  const certificate = forge.pki.createCertificate();
  prepare(certificate, keys.public, name, name, lasting);
  certificate.setExtensions([{ name: 'basicConstraints', cA: true, critical: true }]);
  certificate.sign(keys.private, forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  return {
    pem,
    itself: { key: keys.pem, cert: pem },
    issue({ address, expired = false }) {
      const own = newKeys();
      const issued = forge.pki.createCertificate();
      prepare(issued, own.public, `server at ${address}`, name, expired ? past : lasting);
      const altName = isIP(address) ? { type: 7, ip: address } : { type: 2, value: address };
      issued.setExtensions([{ name: 'subjectAltName', altNames: [altName] }]);
      issued.sign(keys.private, forge.md.sha256.create());
      return { key: own.pem, cert: forge.pki.certificateToPem(issued) };
    },
    issueClient({ name: subject, key, from = lasting.from, to = lasting.to }) {
      const issued = forge.pki.createCertificate();
      prepare(issued, keys.public, subject, name, { from, to });
      issued.setExtensions([{ name: 'extKeyUsage', clientAuth: true }]);
      issued.sign(keys.private, forge.md.sha256.create());
      return withPublicKeyOf(key, issued, keys.pem);
    },
  };
}

function prepare(
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

/** Puts the key's public half in place of the one that is there: forge itself knows none but RSA. */
function withPublicKeyOf(key: string, issued: forge.pki.Certificate, authorityKey: string): string {
  const certificate = forge.pki.certificateToAsn1(issued);
  const [signed, algorithm] = certificate.value as [forge.asn1.Asn1, forge.asn1.Asn1];
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  signed.value = (signed.value as forge.asn1.Asn1[]).with(6, asn1Of(publicKey));
  const signature = `\0${sign('sha256', derOf(signed), authorityKey).toString('latin1')}`;
  const { Class, Type } = forge.asn1;
  const bits = forge.asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, signature);
  const der = derOf({ ...certificate, value: [signed, algorithm, bits] });
  return forge.pem.encode({ type: 'CERTIFICATE', body: der.toString('latin1') } as forge.pem.ObjectPEM);
}

function asn1Of(der: Buffer): forge.asn1.Asn1 {
  return forge.asn1.fromDer(der.toString('latin1'));
}

function derOf(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
}

/**
 * A PKCS#12 file.
 * @param content the certificates, of RSA keys, and the key if there is to be one, in PEM
 * @param passphrase `null` for none, which is not the same as an empty one
 */
export function pkcs12Of(
  { certificates, key }: { certificates: readonly string[]; key?: string },
  passphrase: string | null,
  algorithm: 'aes256' | '3des',
): Buffer {
  return derOf(
    forge.pkcs12.toPkcs12Asn1(
      key === undefined ? null : forge.pki.privateKeyFromPem(key),
      certificates.map((pem) => forge.pki.certificateFromPem(pem)),
      passphrase,
      { algorithm, generateLocalKeyId: false },
    ),
  );
}

/** @returns PEM, PKCS#8, not encrypted */
export function newKey(kind: 'rsa' | 'ec'): string {
  if (kind === 'rsa') return newKeys().pem;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Node makes keys much faster than forge does. */
function newKeys() {
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
