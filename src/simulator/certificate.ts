/** The certificate that a simulated gateway presents over TLS: self-signed, as those of many clusters are. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';

export interface Certificate {
  readonly key: string;
  readonly pem: string;
  /** SHA-1 in hex without colons: what Service Fabric calls the certificate by. */
  readonly thumbprint: string;
}

const validity = 30 * 86_400_000;

/** @param now in milliseconds since 1970 */
export async function newCertificate(now: number): Promise<Certificate> {
  const { default: forge } = await import('node-forge');
  // Node makes keys much faster than forge does.
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  const name = [{ name: 'commonName', value: 'sfcompose simulated cluster' }];
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.serialNumber = `00${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = new Date(now - 86_400_000);
  certificate.validity.notAfter = new Date(now + validity);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
      ],
    },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(keys.privateKey), forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  const thumbprint = new X509Certificate(pem).fingerprint.replaceAll(':', '');
  return { key: keys.privateKey, pem, thumbprint };
}
