/** Explains why there is no complete response. Pure. */

import { describePurpose } from '../../config/credential-facts.ts';
import { capitalize, formatDuration } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { printable } from '../../platform/printable.ts';
import { graceMs } from '../time-limits.ts';
import type { TransportFault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';
import { checkGatewayStep, suggestCertificates, suggestHttps } from './next-steps.ts';
import { explainServerCertificate } from './server-certificate.ts';
import { addDetail } from './wording.ts';

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
    meaning: `${explanation.meaning ?? ''} The request did not reach the cluster.`.trim(),
    next: [suggestProxyFix(fault), suggestNoProxy(context)],
  };
}

function suggestProxyFix({ kind, cause }: TransportFault): NextStep {
  if (kind === 'server-certificate')
    return {
      what: 'If you trust the issuer, set NODE_EXTRA_CA_CERTS to a file with its certificate: --ca-file applies to the cluster only.',
    };
  return cause.startsWith('407')
    ? {
        what: "Add user and password to the proxy's variable",
        command: 'http://<user>:<password>@<host>:<port>',
      }
    : { what: 'Check the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY.' };
}

/** Adds that the proxy in between may have caused the fault. */
function addProxyCause(explanation: FaultExplanation, via: string, context: FaultContext): FaultExplanation {
  return {
    ...explanation,
    meaning:
      `${explanation.meaning ?? ''} The connection goes through the proxy ${via}, which may be the cause.`.trim(),
    next: [...(explanation.next ?? []), suggestNoProxy(context)],
  };
}

function suggestNoProxy({ endpoint }: FaultContext): NextStep {
  return { what: 'To bypass the proxy, add the host to NO_PROXY', command: getHost(endpoint) };
}

function getHost(endpoint: string): string {
  return new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
}

const checkEndpointOrNetworkStep: NextStep = {
  what: 'Try again. If the error persists, check the endpoint and the network.',
};

/** Meaning of a server's TLS alerts about a client certificate. */
const alertMeanings: Readonly<Record<string, string>> = {
  ERR_SSL_ALERT_CERTIFICATE_EXPIRED: 'The cluster reports that the certificate has expired.',
  ERR_SSL_ALERT_UNKNOWN_CA: 'The cluster does not trust the issuer of the certificate.',
};

const explanations: Readonly<
  Record<TransportFault['kind'], (context: FaultContext, fault: TransportFault) => FaultExplanation>
> = {
  'unknown-host': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    what: `Host not found: ${endpoint}.`,
    meaning:
      cause === 'EAI_AGAIN'
        ? 'The DNS lookup failed for the time being (EAI_AGAIN).'
        : 'DNS has no address for the host name.',
    next: [{ what: 'Check the spelling of the endpoint, and whether a VPN is needed.' }],
  }),
  refused: ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `Connection refused: ${endpoint}.`,
    meaning: 'The server is down, or the host or port is wrong.',
    next: [
      { what: 'Check the endpoint and that the cluster is up.' },
      { what: 'Without a cluster, try the demo', command: 'sfcompose demo' },
    ],
  }),
  'no-route': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `No network route to ${endpoint}.`,
    meaning: 'The host is down, or this network does not reach it.',
    next: [{ what: 'Check the network, VPN and firewall.' }],
  }),
  reset: ({ endpoint }, { presented }) => ({
    outcome: 'unreachable',
    what: `Connection closed before the response was complete: ${endpoint}.`,
    evidence: presented ? describePurpose(presented) : [],
    meaning: `Possible causes: ${[
      'the server is restarting',
      'a proxy or firewall cut the connection',
      ...(endpoint.startsWith('http:') ? ['the port requires https://'] : []),
      ...(presented ? [`the cluster rejects the client certificate ${presented.subject}`] : []),
    ].join(', ')}.`,
    next: [checkEndpointOrNetworkStep, ...suggestHttps(endpoint)],
  }),
  timeout: ({ endpoint, timeoutSeconds }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TIMEOUT',
    what: `No complete response within ${formatDuration(timeoutSeconds * 1000 + graceMs)}: ${endpoint}.`,
    meaning: `A gateway that is up reports a timeout of its own after ${formatDuration(timeoutSeconds * 1000)} (--timeout).`,
    next: [{ what: 'Check that the endpoint is the HTTP gateway and that no firewall drops packets.' }],
  }),
  'too-large': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TOO_LARGE',
    what: `Response larger than the limit of ${cause}: ${endpoint}.`,
    meaning: 'Service Fabric gateways do not send responses of this size.',
    next: [checkGatewayStep],
  }),
  'bad-encoding': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: `Response cannot be decompressed (${cause}): ${endpoint}.`,
    meaning:
      'Service Fabric gateways do not compress responses: another server answered, or a proxy damages responses.',
    next: [checkGatewayStep],
  }),
  'not-http': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: `Not a valid HTTP response (${cause}): ${endpoint}.`,
    meaning: endpoint.startsWith('http:')
      ? 'The port requires https://, or belongs to another kind of server.'
      : 'The response is damaged, or the port belongs to another kind of server.',
    next: [{ what: 'Check the port, 19080 by default.' }, ...suggestHttps(endpoint)],
  }),
  'not-tls': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `The server does not use TLS: ${endpoint}.`,
    meaning: 'The cluster is not secured, or the port is wrong.',
    next: [
      {
        what: 'If the cluster is not secured, use http',
        command: `-e ${endpoint.replace(/^https:/, 'http:')}`,
      },
    ],
  }),
  'server-certificate': ({ endpoint, now }, fault) => {
    const { meaning, next } = explainServerCertificate(fault, now);
    return {
      outcome: 'unauthorized',
      code: 'SFCOMPOSE_E_CERTIFICATE',
      what: `Server certificate rejected: ${endpoint}.`,
      meaning: addDetail(meaning, fault.cause),
      next,
    };
  },
  'client-certificate': ({ endpoint }, { cause, presented }) => ({
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: presented
      ? `Client certificate rejected: ${endpoint}.`
      : `Client certificate required: ${endpoint}.`,
    evidence: presented
      ? [
          `The client certificate is ${presented.subject}, thumbprint ${presented.thumbprint}.`,
          ...describePurpose(presented),
        ]
      : [],
    meaning: addDetail(
      presented
        ? (alertMeanings[cause] ??
            'The TLS handshake failed because the cluster does not accept the certificate.')
        : 'The TLS handshake failed because no client certificate was sent.',
      cause,
    ),
    next: suggestCertificates(presented !== undefined),
  }),
  'tls-handshake': ({ endpoint }, { cause, presented }) => {
    const isIncompatible = /PROTOCOL|VERSION|CIPHER|HANDSHAKE_FAILURE/.test(cause);
    return {
      outcome: 'unreachable',
      what: `TLS handshake failed: ${endpoint}.`,
      meaning: addDetail(
        isIncompatible
          ? 'Client and server have no TLS version or cipher in common.'
          : cause.includes('UNRECOGNIZED_NAME')
            ? 'The server does not recognize the host name.'
            : 'The server, or a device in between, ended the handshake.',
        cause,
      ),
      next: [
        isIncompatible
          ? {
              what: `Check which TLS versions the cluster accepts: sfcompose uses ${presented ? 'only 1.2 with a client certificate' : '1.2 and 1.3'}.`,
            }
          : { what: 'Check the host and port of the endpoint, and any proxy in between.' },
      ],
    };
  },
  'proxy-rejection': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    what: `Request rejected by ${endpoint}: ${cause}.`,
    meaning: cause.startsWith('407')
      ? 'The proxy requires a user name and a password.'
      : 'The proxy cannot reach the cluster, or is not allowed to.',
  }),
  token: (_, { cause }) => ({
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: 'The token has expired and could not be renewed.',
    evidence: [`${cause}.`],
    next: [{ what: 'Sign in again, for example with az login, and repeat the command.' }],
  }),
  'wrong-deployment': ({ deployment = '' }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_WRONG_DEPLOYMENT',
    what: `The response for "${deployment}" is about a different deployment, "${printable(cause)}".`,
    meaning: 'A proxy or cache in front of the cluster mixes up responses.',
    next: [checkGatewayStep],
  }),
  other: ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    what: `Request failed (${cause}): ${endpoint}.`,
    next: [checkEndpointOrNetworkStep],
  }),
};
