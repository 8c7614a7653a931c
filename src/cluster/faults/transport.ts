/** Explains why there is no complete response. Pure. */

import { capitalize } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { graceMs } from '../time-limits.ts';
import type { TransportFault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';
import { explainServerCertificate } from './server-certificate.ts';

/** Explains a fault of the connection to the cluster or to the proxy. */
export function explainTransport(fault: TransportFault, context: FaultContext): FaultExplanation {
  const { proxy, via, kind } = fault;
  const server = proxy ? `the proxy ${proxy}` : context.endpoint;
  const explanation = explanations[kind]({ ...context, endpoint: server }, fault);
  if (proxy === undefined) return via === undefined ? explanation : addProxyCause(explanation, via, context);
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_PROXY',
    what: capitalize(explanation.what),
    meaning: `${explanation.meaning ?? ''} The cluster was not reached.`.trim(),
    next: [
      kind === 'certificate'
        ? {
            what: 'If you trust its issuer, name a file with its certificate in NODE_EXTRA_CA_CERTS; --ca-file is for the cluster.',
          }
        : { what: 'Check the proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY).' },
      suggestNoProxy(context),
    ],
  };
}

/** Adds that the proxy in between may have caused the fault. */
function addProxyCause(explanation: FaultExplanation, via: string, context: FaultContext): FaultExplanation {
  return {
    ...explanation,
    meaning:
      `${explanation.meaning ?? ''} The way there goes through the proxy ${via}, which may be the cause.`.trim(),
    next: [...(explanation.next ?? []), suggestNoProxy(context)],
  };
}

function suggestNoProxy({ endpoint }: FaultContext): NextStep {
  return { what: 'To do without the proxy, add the host to NO_PROXY', command: getHost(endpoint) };
}

function getHost(endpoint: string): string {
  return new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
}

/** Meaning of a server's TLS alerts. */
const alertMeanings: Readonly<Record<string, string>> = {
  ERR_SSL_ALERT_CERTIFICATE_EXPIRED: 'It says that the certificate has expired.',
  ERR_SSL_ALERT_UNKNOWN_CA: 'It does not know who issued the certificate.',
};

const explanations: Readonly<
  Record<TransportFault['kind'], (context: FaultContext, fault: TransportFault) => FaultExplanation>
> = {
  'unknown-host': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `The host of ${endpoint} is not known.`,
    meaning: 'Its name cannot be resolved here.',
    next: [{ what: 'Check the spelling of the endpoint, and whether a VPN is needed.' }],
  }),
  refused: ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `Nothing listens on ${endpoint}.`,
    meaning: 'The connection was refused: the cluster is down, or it is another host or port.',
    next: [
      { what: 'Check the endpoint (-e) and that the cluster is up.' },
      { what: 'No cluster at hand? Try: sfcompose demo' },
    ],
  }),
  'no-route': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `There is no way to ${endpoint} from here.`,
    meaning: 'The network does not reach it.',
    next: [{ what: 'Check network, VPN and firewall.' }],
  }),
  reset: ({ endpoint }, { presented }) => ({
    outcome: 'unreachable',
    what: `${endpoint} broke the connection off before its answer was whole.`,
    meaning: [
      'The gateway is restarting, something in between cuts connections',
      ...(endpoint.startsWith('http:') ? ['the port speaks TLS and wants https://'] : []),
      ...(presented ? [`it does not accept the client certificate ${presented.subject}`] : []),
    ]
      .join(', or ')
      .concat('.'),
    next: [{ what: 'Try again; if it stays, check http:// or https:// and what is in between.' }],
  }),
  timeout: ({ endpoint, timeoutSeconds }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TIMEOUT',
    what: `${endpoint} gave no whole answer within ${timeoutSeconds + graceMs / 1000} s.`,
    meaning: `It had ${timeoutSeconds} s (--timeout) and did not even say that it needs longer. This is our own time-out.`,
    next: [{ what: 'Check that the endpoint is a gateway and that no firewall swallows the packets.' }],
  }),
  'too-large': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TOO_LARGE',
    what: `${endpoint} sends more than the ${cause} that sfcompose reads.`,
    meaning: 'No gateway does that.',
    next: [{ what: 'Check that the endpoint is the gateway itself.' }],
  }),
  garbled: ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: `${endpoint} sends an answer that cannot be unpacked (${cause}).`,
    meaning: 'No gateway packs its answers: it is another server, or a proxy in between that breaks them.',
    next: [{ what: 'Check that the endpoint is the gateway itself.' }],
  }),
  'not-http': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: `${endpoint} does not answer in HTTP (${cause}).`,
    meaning: endpoint.startsWith('http:')
      ? 'It is another kind of server, or a port that speaks TLS and wants https://.'
      : 'What came back is broken, or it is another kind of server.',
    next: [{ what: 'Check the port, and http:// or https://.' }],
  }),
  'not-tls': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `${endpoint} does not speak TLS.`,
    meaning: 'It answers in the clear: the cluster is not secured, or it is another port.',
    next: [{ what: `Try ${endpoint.replace(/^https:/, 'http:')}` }],
  }),
  certificate: ({ endpoint, now }, fault) => {
    const { meaning, next } = explainServerCertificate(fault, now);
    return {
      outcome: 'unauthorized',
      code: 'SFCOMPOSE_E_CERTIFICATE',
      what: `The certificate of ${endpoint} is not accepted.`,
      meaning: `${meaning} (${fault.cause})`,
      next,
    };
  },
  'client-certificate': ({ endpoint }, { cause, presented }) => ({
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: presented
      ? `${endpoint} broke off the TLS handshake: it does not accept our client certificate.`
      : `${endpoint} broke off the TLS handshake for want of a client certificate.`,
    evidence: presented
      ? [`The client certificate is ${presented.subject}, thumbprint ${presented.thumbprint}.`]
      : [],
    meaning: `${alertMeanings[cause] ?? 'The cluster is secured with certificates, and asks for one that it knows.'} (${cause})`,
    next: [
      presented
        ? { what: 'Give another one: --cert-file with --key-file, or --pfx-file.' }
        : { what: 'Give one: --cert-file with --key-file, or --pfx-file.' },
    ],
  }),
  tls: ({ endpoint }, { cause, presented }) => {
    const isIncompatible = /PROTOCOL|VERSION|CIPHER|HANDSHAKE_FAILURE/.test(cause);
    const versions = presented
      ? 'with a client certificate sfcompose speaks only 1.2'
      : 'sfcompose speaks 1.2 and 1.3';
    return {
      outcome: 'unreachable',
      what: `No secure connection to ${endpoint} came about.`,
      meaning: isIncompatible
        ? `The two sides found no common protocol or cipher (${cause}).`
        : `${cause.includes('UNRECOGNIZED_NAME') ? 'It does not know itself by that host name.' : 'One of the two sides broke off the handshake.'} (${cause})`,
      next: [
        isIncompatible
          ? { what: `Check which versions of TLS the cluster speaks: ${versions}.` }
          : { what: 'Check host and port of the endpoint, and what is in between.' },
      ],
    };
  },
  'proxy-refused': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    what: `${endpoint} did not connect us to the cluster: ${cause}.`,
    meaning: cause.startsWith('407')
      ? 'It wants a user and a password: http://user:password@proxy in its variable.'
      : 'It may not reach the cluster, or may not be allowed to.',
  }),
  token: (_, { cause }) => ({
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: 'There is no token any more that the cluster would take.',
    evidence: [`${cause}.`],
    meaning: 'The last one has expired.',
    next: [{ what: 'Sign in again, as with az login, and watch on.' }],
  }),
  'other-deployment': ({ deployment = '' }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_WRONG_DEPLOYMENT',
    what: `The answer for "${deployment}" was about another deployment, "${cause}".`,
    meaning: 'A proxy or cache between here and the cluster mixes up its answers.',
    next: [{ what: 'Check that the endpoint (-e) is the gateway itself.' }],
  }),
  other: ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    what: `The request to ${endpoint} failed (${cause}).`,
    meaning: 'This is not a failure that is known here.',
    next: [{ what: 'Try again; if it stays, check the endpoint and the network.' }],
  }),
};
