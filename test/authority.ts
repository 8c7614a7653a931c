/** A certificate authority made for one test run. */
import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

const day = 86_400_000;

interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  readonly pem: string;
  /** Its own certificate, for a server that presents just that. */
  readonly itself: KeyAndCertificate;
  /** A server's certificate for an IP address, good until so many days from now. */
  issue(options: { days: number; address: string }): KeyAndCertificate;
}

export function newAuthority(name: string): Authority {
  const keys = newKeys();
  const certificate = forge.pki.createCertificate();
  prepare(certificate, keys.public, name, name, 1);
  certificate.setExtensions([{ name: 'basicConstraints', cA: true, critical: true }]);
  certificate.sign(keys.private, forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate);
  return {
    pem,
    itself: { key: keys.pem, cert: pem },
    issue({ days, address }) {
      const own = newKeys();
      const issued = forge.pki.createCertificate();
      prepare(issued, own.public, `server at ${address}`, name, days);
      issued.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 7, ip: address }] }]);
      issued.sign(keys.private, forge.md.sha256.create());
      return { key: own.pem, cert: forge.pki.certificateToPem(issued) };
    },
  };
}

function prepare(
  certificate: forge.pki.Certificate,
  key: forge.pki.rsa.PublicKey,
  subject: string,
  issuer: string,
  days: number,
): void {
  certificate.publicKey = key;
  certificate.serialNumber = `00${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = new Date(Date.now() - 10 * day);
  certificate.validity.notAfter = new Date(Date.now() + days * day);
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
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
