/** What is shown of a certificate. */
import type { X509Certificate } from 'node:crypto';
import { timeText } from '../text.ts';

export interface CertificateFacts {
  /** In one line: `O=Contoso, CN=web`. */
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:web.example, IP Address:10.0.0.4`, or `''`. */
  readonly altNames: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-1 in hex, upper case, without colons: what Service Fabric calls a certificate by. */
  readonly thumbprint: string;
  /** The same, with SHA-256. */
  readonly sha256: string;
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    altNames: certificate.subjectAltName ?? '',
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    sha256: certificate.fingerprint256.replaceAll(':', ''),
  };
}

function oneLine(name: string | undefined): string {
  return (name ?? '').trim().replaceAll('\n', ', ') || '(no name)';
}

/** For people, one thing each. Names are as they came. */
export function certificateLines(facts: CertificateFacts): readonly string[] {
  return [
    facts.subject,
    `issued by ${facts.issuer}`,
    ...(facts.altNames ? [`for ${facts.altNames}`] : []),
    `valid from ${timeText(facts.validFrom)} to ${timeText(facts.validTo)}`,
    `thumbprint (SHA-1) ${facts.thumbprint}`,
    `SHA-256 ${facts.sha256}`,
  ];
}
