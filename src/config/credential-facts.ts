/** Facts about certificates, tokens and Microsoft Entra ID settings, and their descriptions. Pure. */

import type { X509Certificate } from 'node:crypto';
import { formatArgument, formatTime } from '../platform/format.ts';
import type { NextStep } from '../platform/next-step.ts';
import type { Shells } from '../platform/shell-quoting.ts';

/** The readable content of a certificate. */
export interface CertificateFacts {
  /** On one line: `O=Contoso, CN=web`. */
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:web.example, IP Address:10.0.0.4`. */
  readonly altNames: string | undefined;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-1 in hex, upper case, without colons: Service Fabric identifies certificates by it. */
  readonly thumbprint: string;
  /** SHA-256 in hex, upper case, without colons. */
  readonly sha256: string;
  /** False if the certificate lists its purposes (extended key usage), and authentication of clients is none of them. */
  readonly isForClients: boolean;
}

/** Purposes that allow authentication of clients: RFC 5280, section 4.2.1.12. */
const clientAuthentication = '1.3.6.1.5.5.7.3.2';
const anyPurpose = '2.5.29.37.0';

/** Extracts the readable content of a certificate. */
export function toCertificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: joinName(certificate.subject),
    issuer: joinName(certificate.issuer),
    altNames: certificate.subjectAltName,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    sha256: certificate.fingerprint256.replaceAll(':', ''),
    isForClients: isForClients(certificate),
  };
}

/** Reads the purposes, which Node.js calls `keyUsage`; a certificate without them is for any. */
function isForClients({ keyUsage }: X509Certificate): boolean {
  const purposes: readonly string[] | undefined = keyUsage;
  return !purposes?.length || purposes.includes(clientAuthentication) || purposes.includes(anyPurpose);
}

/** Explains that a client certificate has other purposes. @returns no sentence if it may authenticate clients */
export function describePurpose({ isForClients }: CertificateFacts): readonly string[] {
  if (isForClients) return [];
  return [
    `The extended key usage of the client certificate lacks client authentication (${clientAuthentication}). Gateways may reject such a certificate.`,
  ];
}

/**
 * Explains why a certificate is not valid now: completes "a certificate that …".
 * @param now milliseconds since 1970
 * @returns `undefined` for a valid certificate
 */
export function describeInvalidity(
  { validFrom, validTo }: CertificateFacts,
  now: number,
): string | undefined {
  if (now > validTo.getTime()) return `expired at ${formatTime(validTo)}`;
  return now < validFrom.getTime() ? `is not valid until ${formatTime(validFrom)}` : undefined;
}

/** Joins the lines of a distinguished name to one. */
function joinName(name: string | undefined): string {
  return (name ?? '').trim().replaceAll('\n', ', ') || '(no name)';
}

/** Formats a certificate for people, one fact a line. Names may be unsafe to print. */
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

/** The claims of a token, unverified. */
export interface TokenFacts {
  /** The option or variable that the token comes from. */
  readonly from: string;
  /** Id or URI of the application that the token is for. */
  readonly audience: string | undefined;
  readonly tenant: string | undefined;
  /** Name of the user, or id of the application that signed in. */
  readonly user: string | undefined;
  readonly roles: readonly string[];
  readonly expires: Date | undefined;
}

/** Whether claims of a token could be read: it is a JWT. */
export function hasClaims({ audience, user, expires, roles }: TokenFacts): boolean {
  return Boolean(audience || user || expires || roles.length > 0);
}

/** Describes a token on one line. Claims may be unsafe to print. @param now milliseconds since 1970 */
export function describeToken(token: TokenFacts, now: number): string {
  if (!hasClaims(token)) return 'no readable claims';
  const { audience, user, expires, roles } = token;
  const parts = [
    audience && `for ${audience}`,
    user && `of ${user}`,
    roles.length > 0 ? `with the role ${roles.join(', ')}` : 'without a role',
    expires && `${expires.getTime() > now ? 'valid until' : 'expired at'} ${formatTime(expires)}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** Microsoft Entra ID settings of a cluster, from `GET /$/GetAadMetadata` or from sfctl's configuration. */
export interface Entra {
  /** Id or domain of the directory. */
  readonly tenant: string;
  /** Id of the application that represents the cluster: the audience of its tokens. */
  readonly cluster: string;
}

/** Suggests how to get a token for a cluster, and how to pass the token. */
export function suggestToken({ tenant, cluster }: Entra, shells: Shells): readonly NextStep[] {
  const command = `az account get-access-token --tenant ${formatArgument(tenant, shells)} --resource ${formatArgument(cluster, shells)} --query accessToken -o tsv`;
  return [
    { what: 'Get a token', command },
    { what: 'Pass the token in SFCOMPOSE_TOKEN or --token-file, or the command itself to --token-command.' },
  ];
}
