/** What each fault means to an operator, and what to do next. Pure. */
import type { Explanation } from './errors.ts';
import { type Access, type AnswerFault, type Fault, otherThumbprint, type TransportFault } from './fault.ts';
import { type CertificateFacts, certificateLines, type TokenFacts, tokenAdvice } from './identity.ts';
import { timeText, typed } from './text.ts';

/** What was being asked when the fault was met. */
export interface Asked {
  /** `undefined` where no deployment was asked for. */
  readonly deployment: string | undefined;
  /** `http://host:19080`, with the base path. */
  readonly endpoint: string;
  /** The server's time for one request, in seconds. */
  readonly timeout: number;
  /** How much longer we waited, in milliseconds. */
  readonly grace: number;
  readonly tries: number;
  /** Whether the deployment was there before. */
  readonly wasSeen: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type Words = Pick<Explanation, 'outcome' | 'what' | 'evidence' | 'meaning' | 'next'> & {
  readonly code?: string;
};

export function explain(fault: Fault, request: string, asked: Asked): Explanation {
  const words = fault.kind === 'answer' ? answerWords(fault, asked) : wayWords(fault, asked);
  const tries = asked.tries > 1 ? ` (${asked.tries} tries)` : '';
  const own = { code: 'SFCOMPOSE_E_UNREACHABLE', ...words, what: `${words.what}${tries}`, request };
  if (fault.kind !== 'answer')
    return fault.certificate ? { ...own, certificate: certificateLines(fault.certificate) } : own;
  const status = `${fault.status} ${fault.reason}`.trim();
  if (fault.error === undefined || fault.document === undefined) return { ...own, status };
  return { ...own, status, code: fault.error.code, message: fault.error.message, document: fault.document };
}

const busy =
  (what: string, meaning: string): ((asked: Asked) => Words) =>
  () => ({
    outcome: 'unreachable',
    what,
    meaning,
    next: ['Wait a minute and try again; it passes by itself when the cluster has settled.'],
  });

const failingOver = busy(
  'The cluster cannot answer just now.',
  'Its cluster manager is failing over, has no quorum or is too busy, or the node is shutting down.',
);

/** By the gateway's own code. */
const byCode: Readonly<Record<string, (asked: Asked) => Words>> = {
  FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND: ({ deployment, endpoint, wasSeen }) => ({
    outcome: 'not-found',
    what: wasSeen
      ? `The compose deployment "${deployment}" was removed while it was being watched.`
      : `There is no compose deployment "${deployment}" on ${endpoint}.`,
    meaning: wasSeen
      ? 'Its upgrade ended with it.'
      : 'It was never created there, or it has been removed. Names are case-sensitive.',
    next: ['List the deployments: sfctl compose list', 'Check that the endpoint is the cluster you mean.'],
  }),
  NotFound: ({ deployment }) => ({
    outcome: 'unreachable',
    what: `The cluster has no record of an application upgrade for "${deployment}".`,
    meaning:
      'The deployment is not missing: its first upgrade was rolled back while the new version was still being ' +
      'prepared, and runtimes answer this until the next upgrade.',
    next: [
      `See how the deployment stands: sfctl compose status --deployment-name ${typed(deployment ?? '')}`,
    ],
  }),
  FABRIC_E_TIMEOUT: ({ deployment, timeout }) => ({
    outcome: 'unreachable',
    what: `The cluster did not finish the request within the ${timeout} s it was given.`,
    meaning: `It answered, so it is up: it is failing over or busy${deployment ? `, or "${deployment}" is being created or removed` : ''}.`,
    next: ['Try again, with a longer --timeout if this is a slow cluster.'],
  }),
  E_INVALIDARG: ({ endpoint }) => ({
    outcome: 'unreachable',
    what: 'The gateway did not accept the request.',
    meaning:
      'It refuses a deployment name that its URL parser does not take, an api-version that its runtime does not ' +
      'have, and every path that it does not know, as when the endpoint has a wrong base path.',
    next: [
      `Check the endpoint (${endpoint}) and the deployment name.`,
      'Names of letters, digits and - . _ ~ are accepted everywhere.',
    ],
  }),
  FABRIC_E_VALUE_TOO_LARGE: () => ({
    outcome: 'unreachable',
    what: 'The deployment name is too long for the cluster.',
    meaning: 'A name has at most 4096 characters.',
    next: ['Check the name that was passed.'],
  }),
  FABRIC_E_MESSAGE_TOO_LARGE: () => ({
    outcome: 'unreachable',
    what: "The cluster's reply was too large for its own transport.",
    meaning: 'The upgrade has more nodes or unhealthy evaluations than fit into one message.',
    next: ["See the application's health in Service Fabric Explorer."],
  }),
  E_FAIL: () => ({
    outcome: 'unreachable',
    what: 'The cluster failed to answer, without saying why.',
    meaning: 'As a rule the record of this upgrade is in a state that the cluster manager cannot read.',
    next: ['Try again; if it stays, look at the health of fabric:/System/ClusterManagerService.'],
  }),
  E_ACCESSDENIED: () => ({
    outcome: 'unauthorized',
    what: 'The cluster knows us, but does not allow this.',
    meaning:
      'The certificate or user has no role that may read upgrades (User or Admin), or it is another cluster.',
    next: ["Ask the cluster's administrator for the User role."],
  }),
  FABRIC_E_GATEWAY_NOT_REACHABLE: busy(
    "The HTTP gateway cannot reach its own node's Fabric gateway.",
    'The node is starting, stopping or broken.',
  ),
  E_ABORT: failingOver,
  FABRIC_E_NO_WRITE_QUORUM: failingOver,
  FABRIC_E_RECONFIGURATION_PENDING: failingOver,
  FABRIC_E_NOT_PRIMARY: failingOver,
  FABRIC_E_NOT_READY: failingOver,
  FABRIC_E_SERVICE_OFFLINE: failingOver,
  FABRIC_E_SERVICE_TOO_BUSY: failingOver,
  FABRIC_E_COMMUNICATION_ERROR: busy(
    'The gateway lost its connection to the cluster.',
    'A node or network is failing.',
  ),
};

function answerWords(fault: AnswerFault, asked: Asked): Words {
  const known = fault.error && Object.hasOwn(byCode, fault.error.code) ? byCode[fault.error.code] : undefined;
  if (known !== undefined) return known(asked);
  if (fault.status === 401) return windowsWords(fault);
  if (fault.status === 403) return refusedWords(fault, asked);
  if (fault.error !== undefined) {
    return {
      outcome: 'unreachable',
      what: `The gateway refused the request with ${fault.error.code}.`,
      meaning: 'This is not an answer that is known for this request.',
      next: ["Look the code up in Service Fabric's documentation."],
    };
  }
  return notAGateway(fault, asked);
}

function windowsWords(fault: AnswerFault): Words {
  const windows = /negotiate|ntlm|kerberos/i.test(fault.authenticate);
  return {
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: windows
      ? 'The cluster wants Windows authentication.'
      : 'The cluster, or a proxy before it, wants us to log in.',
    meaning: windows
      ? 'It asks for Negotiate (Kerberos), which sfcompose does not speak.'
      : 'The answer does not come from a gateway with certificates or Microsoft Entra ID: those answer 403.',
    next: windows
      ? ['Use PowerShell on a domain-joined machine: Get-ServiceFabricComposeDeploymentUpgrade']
      : ['Check that the endpoint is the gateway itself.'],
  };
}

/** The gateway gives the same empty answer for all causes, so all are named that what we know does not rule out. */
function refusedWords({ access, via }: AnswerFault, asked: Asked): Words {
  const { certificate, token, entra } = access ?? {};
  const isTls = asked.endpoint.startsWith('https:');
  const causes = [
    certificateCause(certificate, isTls),
    ...(entra === 'off' ? [] : [tokenCause(token, access, asked)]),
  ];
  return {
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: `${via ? `The cluster, or the proxy ${via},` : 'The cluster'} refused us.`,
    evidence: causes,
    meaning:
      `It does not say why${causes.length > 1 ? ', and answers the same to all of these' : ''}. ${entraWords(entra)}`.trim(),
    next: [
      ...(isTls ? [] : [`A secured cluster speaks TLS: try ${asked.endpoint.replace(/^http:/, 'https:')}`]),
      ...(typeof entra === 'object'
        ? tokenAdvice(entra)
        : [
            `Give ${certificate ? 'another' : 'a'} certificate that the cluster knows: --cert-file or --pfx-file.`,
          ]),
      "If that is not it, ask the cluster's administrator which certificate or user may read it.",
    ],
  };
}

function certificateCause(certificate: CertificateFacts | undefined, isTls: boolean): string {
  if (certificate)
    return `It may not know the client certificate ${certificate.subject}, thumbprint ${certificate.thumbprint}.`;
  return `No client certificate was presented${isTls ? '' : '; over http:// none can be'}.`;
}

function tokenCause(token: TokenFacts | undefined, access: Access | undefined, { now }: Asked): string {
  if (token === undefined) return 'No token was sent.';
  const { from, audience, expires } = token;
  if (expires && expires.getTime() <= now) return `The token (${from}) expired at ${timeText(expires)}.`;
  const entra = access?.entra;
  if (typeof entra === 'object' && audience !== '' && !audience.replace(/\/$/, '').endsWith(entra.cluster))
    return `The token (${from}) is for ${audience}, and the cluster is ${entra.cluster}.`;
  const damaged = expires ? '' : ' be expired or damaged, or may';
  const foreign = typeof entra === 'object' && audience !== '' ? '' : ' be for another cluster, or';
  return `The token (${from}) may${damaged}${foreign} be of a user without a role.`;
}

function entraWords(entra: Access['entra']): string {
  if (entra === undefined) return '';
  return entra === 'off'
    ? 'The cluster does not use Microsoft Entra ID.'
    : `The cluster uses Microsoft Entra ID: tenant ${entra.tenant}, cluster application ${entra.cluster}.`;
}

function notAGateway(fault: AnswerFault, { endpoint }: Asked): Words {
  const body =
    fault.length === 0
      ? 'an empty answer'
      : /html/i.test(fault.contentType)
        ? 'a web page'
        : 'something else';
  const redirect = fault.status >= 300 && fault.status < 400 && fault.location !== '';
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: redirect
      ? `${endpoint} sends us elsewhere, to ${fault.location}.`
      : `${endpoint} answered ${body} and not what a Service Fabric gateway sends.`,
    meaning: redirect
      ? 'A gateway never redirects; it was not followed.'
      : `It is another server, ${fault.via ? `the proxy ${fault.via}` : 'a proxy'} or load balancer in between, or an http:// request to a port that speaks TLS.`,
    next: ['Check host, port (19080 as a rule), base path and http:// or https:// of the endpoint.'],
  };
}

/** What is wrong with a server's certificate, and what settles it. */
function certificateWords(
  { cause, certificate }: TransportFault,
  now: number,
): { meaning: string; next: readonly string[] } {
  const pin = `If its thumbprint is the one that the cluster is known by: --server-thumbprint ${certificate?.thumbprint ?? '<thumbprint>'}`;
  const authority = "If you trust its issuer, give the issuer's certificate: --ca-file <path>";
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
        next: ['Give all certificates up to the root, in one file: --ca-file <path>', pin],
      };
    case 'CERT_HAS_EXPIRED':
      return certificate && certificate.validTo.getTime() > now
        ? {
            meaning: 'One of its issuers has expired.',
            next: ["Have the issuer's certificate renewed.", pin],
          }
        : { meaning: 'It has expired.', next: ["Have the cluster's certificate renewed.", pin] };
    case 'CERT_NOT_YET_VALID':
      return {
        meaning: 'It, or one of its issuers, is not valid yet; the clock of this machine may be wrong.',
        next: ['Check the date and time of this machine.', pin],
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        meaning: 'It is for another host name.',
        next: ['Use one of the names that it is for as the endpoint (-e).', pin],
      };
    case otherThumbprint:
      return {
        meaning: 'It is not the one whose thumbprint was given (--server-thumbprint).',
        next: [
          "If the cluster's certificate was renewed, give the new thumbprint; if not, somebody else answers here.",
        ],
      };
    default:
      return {
        meaning: 'It, or one of its issuers, does not pass the check: as with a signature that is too weak.',
        next: ["Have the cluster's certificate replaced.", pin],
      };
  }
}

/** What a server says by an alert. */
const alertWords: Readonly<Record<string, string>> = {
  ERR_SSL_ALERT_CERTIFICATE_EXPIRED: 'It says that the certificate has expired.',
  ERR_SSL_ALERT_UNKNOWN_CA: 'It does not know who issued the certificate.',
};

/** A failure on the way to the cluster: with the cluster itself, or with the proxy before it. */
function wayWords(fault: TransportFault, asked: Asked): Words {
  const { proxy, via, kind } = fault;
  const words = transportWords[kind](proxy ? { ...asked, endpoint: `the proxy ${proxy}` } : asked, fault);
  if (proxy === undefined) return via === undefined ? words : behindProxy(words, via, asked);
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_PROXY',
    what: words.what.charAt(0).toUpperCase() + words.what.slice(1),
    meaning: `${words.meaning ?? ''} The cluster was not reached.`.trim(),
    next: [
      kind === 'certificate'
        ? 'If you trust its issuer, name a file with its certificate in NODE_EXTRA_CA_CERTS; --ca-file is for the cluster.'
        : 'Check the proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY).',
      withoutProxy(asked),
    ],
  };
}

/** Where a proxy is on the way, what goes wrong behind it may be of its making. */
function behindProxy(words: Words, via: string, asked: Asked): Words {
  return {
    ...words,
    meaning:
      `${words.meaning ?? ''} The way there goes through the proxy ${via}, which may be the cause.`.trim(),
    next: [...(words.next ?? []), withoutProxy(asked)],
  };
}

function withoutProxy({ endpoint }: Asked): string {
  return `To do without the proxy, add the host to NO_PROXY: ${hostOf(endpoint)}`;
}

function hostOf(endpoint: string): string {
  return new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
}

const transportWords: Readonly<
  Record<TransportFault['kind'], (asked: Asked, fault: TransportFault) => Words>
> = {
  'unknown-host': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `The host of ${endpoint} is not known.`,
    meaning: 'Its name cannot be resolved here.',
    next: ['Check the spelling of the endpoint, and whether a VPN is needed.'],
  }),
  refused: ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `Nothing listens on ${endpoint}.`,
    meaning: 'The connection was refused: the cluster is down, or it is another host or port.',
    next: ['Check the endpoint (-e) and that the cluster is up.', 'No cluster at hand? Try: sfcompose demo'],
  }),
  'no-route': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `There is no way to ${endpoint} from here.`,
    meaning: 'The network does not reach it.',
    next: ['Check network, VPN and firewall.'],
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
    next: ['Try again; if it stays, check http:// or https:// and what is in between.'],
  }),
  timeout: ({ endpoint, timeout, grace }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TIMEOUT',
    what: `${endpoint} gave no whole answer within ${timeout + grace / 1000} s.`,
    meaning: `It had ${timeout} s (--timeout) and did not even say that it needs longer. This is our own time-out.`,
    next: ['Check that the endpoint is a gateway and that no firewall swallows the packets.'],
  }),
  'too-large': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_TOO_LARGE',
    what: `${endpoint} sends more than the ${Math.round(Number(cause) / 2 ** 20)} MiB that sfcompose reads.`,
    meaning: 'No gateway does that.',
    next: ['Check that the endpoint is the gateway itself.'],
  }),
  'not-http': ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: `${endpoint} does not answer in HTTP (${cause}).`,
    meaning: endpoint.startsWith('http:')
      ? 'It is another kind of server, or a port that speaks TLS and wants https://.'
      : 'What came back is broken, or it is another kind of server.',
    next: ['Check the port, and http:// or https://.'],
  }),
  'not-tls': ({ endpoint }) => ({
    outcome: 'unreachable',
    what: `${endpoint} does not speak TLS.`,
    meaning: 'It answers in the clear: the cluster is not secured, or it is another port.',
    next: [`Try ${endpoint.replace(/^https:/, 'http:')}`],
  }),
  certificate: ({ endpoint, now }, fault) => {
    const { meaning, next } = certificateWords(fault, now);
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
    meaning: `${alertWords[cause] ?? 'The cluster is secured with certificates, and asks for one that it knows.'} (${cause})`,
    next: [
      presented
        ? 'Give another one: --cert-file with --key-file, or --pfx-file.'
        : 'Give one: --cert-file with --key-file, or --pfx-file.',
    ],
  }),
  tls: ({ endpoint }, { cause, presented }) => {
    const differs = /PROTOCOL|VERSION|CIPHER|HANDSHAKE_FAILURE/.test(cause);
    const versions = presented
      ? 'with a client certificate sfcompose speaks only 1.2'
      : 'sfcompose speaks 1.2 and 1.3';
    return {
      outcome: 'unreachable',
      what: `No secure connection to ${endpoint} came about.`,
      meaning: differs
        ? `The two sides found no common protocol or cipher (${cause}).`
        : `${cause.includes('UNRECOGNIZED_NAME') ? 'It does not know itself by that host name.' : 'One of the two sides broke off the handshake.'} (${cause})`,
      next: [
        differs
          ? `Check which versions of TLS the cluster speaks: ${versions}.`
          : 'Check host and port of the endpoint, and what is in between.',
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
    next: ['Sign in again, as with az login, and watch on.'],
  }),
  other: ({ endpoint }, { cause }) => ({
    outcome: 'unreachable',
    what: `The request to ${endpoint} failed (${cause}).`,
    meaning: 'This is not a failure that is known here.',
    next: ['Try again; if it stays, check the endpoint and the network.'],
  }),
};
