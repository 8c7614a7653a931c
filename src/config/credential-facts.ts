/** Who the two sides say they are: certificates, tokens and Microsoft Entra ID, and what to say of them. Pure. */
import type { X509Certificate } from 'node:crypto';
import { formatArgument, formatTime } from '../platform/format.ts';

/** What is shown of a certificate. */
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

export function toCertificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: joinName(certificate.subject),
    issuer: joinName(certificate.issuer),
    altNames: certificate.subjectAltName ?? '',
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    sha256: certificate.fingerprint256.replaceAll(':', ''),
  };
}

/**
 * @param now milliseconds since 1970
 * @returns the rest of a sentence, or `undefined` for a certificate that is valid now
 */
export function describeInvalidity(
  { validFrom, validTo }: CertificateFacts,
  now: number,
): string | undefined {
  if (now > validTo.getTime()) return `its certificate expired at ${formatTime(validTo)}`;
  return now < validFrom.getTime() ? `its certificate is good from ${formatTime(validFrom)} on` : undefined;
}

function joinName(name: string | undefined): string {
  return (name ?? '').trim().replaceAll('\n', ', ') || '(no name)';
}

/** For people, one thing each. Names are as they came. */
export function formatCertificate(facts: CertificateFacts): readonly string[] {
  return [
    facts.subject,
    `issued by ${facts.issuer}`,
    ...(facts.altNames ? [`for ${facts.altNames}`] : []),
    `valid from ${formatTime(facts.validFrom)} to ${formatTime(facts.validTo)}`,
    `thumbprint (SHA-1) ${facts.thumbprint}`,
    `SHA-256 ${facts.sha256}`,
  ];
}

/** What a token says of itself; nothing of it is verified here. Texts are `''` where it says nothing. */
export interface TokenFacts {
  /** The option or variable that it comes from. */
  readonly from: string;
  /** Whom it is for: an application's id or URI. */
  readonly audience: string;
  readonly tenant: string;
  readonly roles: readonly string[];
  readonly expires: Date | undefined;
}

/** One line for people. Texts are as they came. */
export function describeToken({ audience, expires, roles }: TokenFacts, now: number): string {
  const end = expires && `${expires.getTime() > now ? 'good until' : 'expired at'} ${formatTime(expires)}`;
  const parts = [
    audience && `for ${audience}`,
    roles.length > 0 && `with the role ${roles.join(', ')}`,
    end,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'it says nothing of itself';
}

/** Microsoft Entra ID, as a cluster speaks of it in `GET /$/GetAadMetadata` and sfctl in its settings. */
export interface Entra {
  /** The directory's id or domain. */
  readonly tenant: string;
  /** The id of the application that stands for the cluster, and that tokens must be for. */
  readonly cluster: string;
}

/** How to get a token for a cluster, and where to put it. */
export function tokenAdvice({ tenant, cluster }: Entra): readonly string[] {
  const command = `az account get-access-token --tenant ${formatArgument(tenant)} --resource ${formatArgument(cluster)} --query accessToken -o tsv`;
  return [
    `Get a token: ${command}`,
    'Give it in SFCOMPOSE_TOKEN or --token-file, or have that command run by --token-command.',
  ];
}
