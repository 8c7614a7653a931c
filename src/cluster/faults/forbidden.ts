/** Explains a refusal of access for which the gateway gives no reason. Pure. */
import { type CertificateFacts, suggestToken, type TokenFacts } from '../../config/credential-facts.ts';
import { formatTime } from '../../platform/format.ts';
import type { PresentedIdentity, ResponseFault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';

/** Names all possible causes, because the gateway's response is the same for each. */
export function explainForbidden({ identity, via }: ResponseFault, context: FaultContext): FaultExplanation {
  const { certificate, token, entra } = identity ?? {};
  const isTls = context.endpoint.startsWith('https:');
  const causes = [
    describeCertificateCause(certificate, isTls),
    ...(entra === 'off' ? [] : [describeTokenCause(token, entra, context)]),
  ];
  return {
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: `${via ? `The cluster, or the proxy ${via},` : 'The cluster'} refused us.`,
    evidence: causes,
    meaning:
      `It does not say why${causes.length > 1 ? ', and answers the same to all of these' : ''}. ${describeEntra(entra)}`.trim(),
    next: [
      ...(isTls
        ? []
        : [{ what: `A secured cluster speaks TLS: try ${context.endpoint.replace(/^http:/, 'https:')}` }]),
      ...(typeof entra === 'object'
        ? suggestToken(entra)
        : [
            {
              what: `Give ${certificate ? 'another' : 'a'} certificate that the cluster knows: --cert-file or --pfx-file.`,
            },
          ]),
      { what: "If that is not it, ask the cluster's administrator which certificate or user may read it." },
    ],
  };
}

function describeCertificateCause(certificate: CertificateFacts | undefined, isTls: boolean): string {
  if (certificate)
    return `It may not know the client certificate ${certificate.subject}, thumbprint ${certificate.thumbprint}.`;
  return `No client certificate was presented${isTls ? '' : '; over http:// none can be'}.`;
}

function describeTokenCause(
  token: TokenFacts | undefined,
  entra: PresentedIdentity['entra'],
  { now }: FaultContext,
): string {
  if (token === undefined) return 'No token was sent.';
  const { from, audience, expires } = token;
  if (expires && expires.getTime() <= now) return `The token (${from}) expired at ${formatTime(expires)}.`;
  if (typeof entra === 'object' && audience && !audience.replace(/\/$/, '').endsWith(entra.cluster))
    return `The token (${from}) is for ${audience}, and the cluster is ${entra.cluster}.`;
  const orInvalid = expires ? '' : ' be expired or damaged, or may';
  const orForeign = typeof entra === 'object' && audience ? '' : ' be for another cluster, or';
  return `The token (${from}) may${orInvalid}${orForeign} be of a user without a role.`;
}

function describeEntra(entra: PresentedIdentity['entra']): string {
  if (entra === undefined) return '';
  return entra === 'off'
    ? 'The cluster does not use Microsoft Entra ID.'
    : `The cluster uses Microsoft Entra ID: tenant ${entra.tenant}, cluster application ${entra.cluster}.`;
}
