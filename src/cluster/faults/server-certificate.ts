/** Explains why a server's certificate is not trusted. Pure. */
import { formatTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { type TransportFault, thumbprintMismatch } from './fault.ts';

/** @param now milliseconds since 1970 */
export function explainServerCertificate(
  { cause, certificate }: TransportFault,
  now: number,
): { meaning: string; next: readonly NextStep[] } {
  const pin: NextStep = {
    what: 'If this is the known thumbprint of the cluster, accept the certificate',
    command: `--server-thumbprint ${certificate?.thumbprint ?? '<thumbprint>'}`,
  };
  const authority: NextStep = {
    what: 'If you trust the issuer, provide its certificate',
    command: '--ca-file <path>',
  };
  switch (cause) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { meaning: 'The certificate is self-signed.', next: [pin] };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return {
        meaning: 'The certificate chain ends in a self-signed certificate that this machine does not trust.',
        next: [authority, pin],
      };
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return {
        meaning: 'The issuer of the certificate is not known on this machine.',
        next: [authority, pin],
      };
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return {
        meaning: 'The certificate chain is incomplete: the issuer of an intermediate certificate is unknown.',
        next: [
          { what: 'Provide all certificates up to the root in one file', command: '--ca-file <path>' },
          pin,
        ],
      };
    case 'CERT_HAS_EXPIRED':
      return certificate && certificate.validTo.getTime() > now
        ? {
            meaning: 'The certificate of an issuer has expired.',
            next: [{ what: "Ask the cluster administrator to renew the issuer's certificate." }, pin],
          }
        : {
            meaning: `The certificate expired${certificate ? ` at ${formatTime(certificate.validTo)}` : ''}.`,
            next: [{ what: 'Ask the cluster administrator to renew the certificate.' }, pin],
          };
    case 'CERT_NOT_YET_VALID':
      return {
        meaning:
          'The certificate or one of its issuers is not valid yet, or the clock of this machine is wrong.',
        next: [{ what: 'Check the date and time of this machine.' }, pin],
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        meaning: 'The certificate is for a different host name.',
        next: [{ what: 'Use a host name from the certificate in the endpoint.' }, pin],
      };
    case thumbprintMismatch:
      return {
        meaning: 'The thumbprint differs from --server-thumbprint.',
        next: [
          {
            what: "If the cluster's certificate was renewed, use the new thumbprint. Otherwise a different server answered.",
          },
        ],
      };
    default:
      return {
        meaning:
          'The certificate or one of its issuers failed verification, for example because of a weak signature.',
        next: [{ what: 'Ask the cluster administrator to replace the certificate.' }, pin],
      };
  }
}
