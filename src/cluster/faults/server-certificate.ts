/** Explains why a server's certificate is not trusted. Pure. */
import type { NextStep } from '../../platform/next-step.ts';
import { type TransportFault, thumbprintMismatch } from './fault.ts';

/** @param now milliseconds since 1970 */
export function explainServerCertificate(
  { cause, certificate }: TransportFault,
  now: number,
): { meaning: string; next: readonly NextStep[] } {
  const pin: NextStep = {
    what: `If its thumbprint is the one that the cluster is known by: --server-thumbprint ${certificate?.thumbprint ?? '<thumbprint>'}`,
  };
  const authority: NextStep = {
    what: "If you trust its issuer, give the issuer's certificate: --ca-file <path>",
  };
  switch (cause) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { meaning: 'It is self-signed.', next: [pin] };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return {
        meaning: 'Its chain ends in a self-signed certificate that is not trusted here.',
        next: [authority, pin],
      };
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return { meaning: 'Its issuer is not known here.', next: [authority, pin] };
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return {
        meaning: 'One of its issuers is known here, but not who issued that one.',
        next: [{ what: 'Give all certificates up to the root, in one file: --ca-file <path>' }, pin],
      };
    case 'CERT_HAS_EXPIRED':
      return certificate && certificate.validTo.getTime() > now
        ? {
            meaning: 'One of its issuers has expired.',
            next: [{ what: "Have the issuer's certificate renewed." }, pin],
          }
        : { meaning: 'It has expired.', next: [{ what: "Have the cluster's certificate renewed." }, pin] };
    case 'CERT_NOT_YET_VALID':
      return {
        meaning: 'It, or one of its issuers, is not valid yet; the clock of this machine may be wrong.',
        next: [{ what: 'Check the date and time of this machine.' }, pin],
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        meaning: 'It is for another host name.',
        next: [{ what: 'Use one of the names that it is for as the endpoint (-e).' }, pin],
      };
    case thumbprintMismatch:
      return {
        meaning: 'It is not the one whose thumbprint was given (--server-thumbprint).',
        next: [
          {
            what: "If the cluster's certificate was renewed, give the new thumbprint; if not, somebody else answers here.",
          },
        ],
      };
    default:
      return {
        meaning: 'It, or one of its issuers, does not pass the check: as with a signature that is too weak.',
        next: [{ what: "Have the cluster's certificate replaced." }, pin],
      };
  }
}
