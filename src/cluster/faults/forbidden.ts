/** Explains a denial of access for which the gateway gives no reason. Pure. */
import {
  type CertificateFacts,
  describePurpose,
  describeToken,
  hasClaims,
  suggestToken,
  type TokenFacts,
} from '../../config/credential-facts.ts';
import { formatTime } from '../../platform/format.ts';
import type { PresentedIdentity, ResponseFault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';
import { suggestCertificates, suggestHttps } from './next-steps.ts';

/** Lists all possible causes, because the gateway sends the same response for each. */
export function explainForbidden({ identity, via }: ResponseFault, context: FaultContext): FaultExplanation {
  const { certificate, token, entra } = identity ?? {};
  const isTls = context.endpoint.startsWith('https:');
  const causes = [
    describeCertificateCause(certificate, isTls),
    ...(certificate ? describePurpose(certificate) : []),
    ...(entra === 'off' ? [] : describeTokenCauses(token, entra, context)),
  ];
  return {
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: via ? `Access denied by the cluster or the proxy ${via}.` : 'Access denied.',
    evidence: causes,
    meaning:
      `The response gives no reason${causes.length > 1 ? ' and is the same for each of these causes' : ''}. ${describeEntra(entra)}`.trim(),
    next: [
      ...suggestHttps(context.endpoint),
      ...(typeof entra === 'object' ? suggestToken(entra, context.commandTarget.shells) : []),
      ...(typeof entra !== 'object' && isTls ? suggestCertificates(certificate !== undefined) : []),
      { what: 'Otherwise ask the cluster administrator which certificates or users have access.' },
    ],
  };
}

function describeCertificateCause(certificate: CertificateFacts | undefined, isTls: boolean): string {
  if (certificate)
    return `The cluster may not accept the client certificate ${certificate.subject}, thumbprint ${certificate.thumbprint}.`;
  return `No client certificate was sent${isTls ? '' : ': http:// does not support certificates'}.`;
}

function describeTokenCauses(
  token: TokenFacts | undefined,
  entra: PresentedIdentity['entra'],
  context: FaultContext,
): readonly string[] {
  if (token === undefined) return ['No token was sent.'];
  const { from, audience, expires, roles } = token;
  if (expires && expires.getTime() <= context.now)
    return [`The token (${from}) expired at ${formatTime(expires)}.`];
  if (typeof entra === 'object' && audience && !audience.replace(/\/$/, '').endsWith(entra.cluster))
    return [`The token (${from}) is for ${audience}, but the cluster application is ${entra.cluster}.`];
  const isAudienceKnown = typeof entra === 'object' && audience;
  const causes = [
    ...(expires ? [] : ['be expired or damaged']),
    ...(isAudienceKnown ? [] : ['be for a different cluster']),
    roles.length > 0 ? 'have a role that the cluster does not know' : 'belong to a user without a role',
  ];
  return [`The token (${from}) may ${causes.join(', or ')}.`, ...describeClaims(token, context)];
}

/** Lists what is known of the credentials, which the administrator of the cluster needs. */
export function describeIdentity(
  identity: PresentedIdentity | undefined,
  context: FaultContext,
): readonly string[] {
  const { certificate, token } = identity ?? {};
  return [
    ...(certificate
      ? [`The client certificate is ${certificate.subject}, thumbprint ${certificate.thumbprint}.`]
      : []),
    ...describeClaims(token, context),
  ];
}

function describeClaims(token: TokenFacts | undefined, { now }: FaultContext): readonly string[] {
  return token && hasClaims(token) ? [`The token is ${describeToken(token, now)}.`] : [];
}

function describeEntra(entra: PresentedIdentity['entra']): string {
  if (entra === undefined) return '';
  return entra === 'off'
    ? 'The cluster does not use Microsoft Entra ID.'
    : `The cluster uses Microsoft Entra ID: tenant ${entra.tenant}, cluster application ${entra.cluster}.`;
}
