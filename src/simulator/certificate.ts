/** Certificates made for a simulation: self-signed, as those of many clusters are. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';

interface Certificate {
  readonly key: string;
  readonly pem: string;
  /** SHA-1 in hex without colons: what Service Fabric calls the certificate by. */
  readonly thumbprint: string;
}

/** What the gateway presents over TLS. */
export function createServerCertificate(now: number): Promise<Certificate> {
  const altNames = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ];
  return createSelfSigned('sfcompose simulated cluster', { name: 'subjectAltName', altNames }, now);
}

/**
 * What a client presents.
 * @returns the certificate and its key, in one PEM
 */
export async function createClientCertificate(now: number): Promise<string> {
  const usage = { name: 'extKeyUsage', clientAuth: true };
  const { pem, key } = await createSelfSigned('sfcompose simulated client', usage, now);
  return pem.replaceAll('\r\n', '\n') + key;
}

const day = 86_400_000;

/**
 * @param extension as node-forge describes it
 * @param now in milliseconds since 1970
 */
async function createSelfSigned(commonName: string, extension: object, now: number): Promise<Certificate> {
  const { default: forge } = await import('node-forge');
  // Node makes keys much faster than forge does.
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  const name = [{ name: 'commonName', value: commonName }];
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = new Date(now - day);
  certificate.validity.notAfter = new Date(now + 365 * day);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([extension]);
  certificate.sign(forge.pki.privateKeyFromPem(keys.privateKey), forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  const thumbprint = new X509Certificate(pem).fingerprint.replaceAll(':', '');
  return { key: keys.privateKey, pem, thumbprint };
}
