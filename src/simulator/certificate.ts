/** Creates self-signed certificates, which many clusters use. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';

interface Certificate {
  readonly key: string;
  readonly pem: string;
  /** SHA-1 in hex without colons: Service Fabric identifies certificates by it. */
  readonly thumbprint: string;
}

/** Creates the certificate of the gateway, for loopback addresses. @param now milliseconds since 1970 */
export function createServerCertificate(now: number): Promise<Certificate> {
  const altNames = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ];
  return createSelfSigned('sfcompose simulated cluster', { name: 'subjectAltName', altNames }, now);
}

/** Creates a client certificate with its key, in one PEM. @param now milliseconds since 1970 */
export async function createClientCertificate(now: number): Promise<string> {
  const usage = { name: 'extKeyUsage', clientAuth: true };
  const { pem, key } = await createSelfSigned('sfcompose simulated client', usage, now);
  return pem.replaceAll('\r\n', '\n') + key;
}

const dayMs = 86_400_000;

/** Creates a certificate that is valid for a year. @param extension in node-forge's form */
async function createSelfSigned(commonName: string, extension: object, now: number): Promise<Certificate> {
  const { default: forge } = await import('node-forge');
  // Node generates keys much faster than forge.
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  const name = [{ name: 'commonName', value: commonName }];
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = new Date(now - dayMs);
  certificate.validity.notAfter = new Date(now + 365 * dayMs);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([extension]);
  certificate.sign(forge.pki.privateKeyFromPem(keys.privateKey), forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  const thumbprint = new X509Certificate(pem).fingerprint.replaceAll(':', '');
  return { key: keys.privateKey, pem, thumbprint };
}
