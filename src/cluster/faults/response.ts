/** Explains responses that are not the expected document. Pure. */
import { buildStatus, prependSelect } from '../../upgrade/findings/sfctl-commands.ts';
import type { ResponseFault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';
import { explainForbidden } from './forbidden.ts';
import { checkEndpointStep, suggestList } from './not-found.ts';

type Explain = (context: FaultContext) => FaultExplanation;

function explainBusy(what: string, meaning: string): Explain {
  return () => ({
    outcome: 'unreachable',
    what,
    meaning,
    next: [{ what: 'Wait a minute and try again; it passes by itself when the cluster has settled.' }],
  });
}

const explainFailover = explainBusy(
  'The cluster cannot answer just now.',
  'Its cluster manager is failing over, has no quorum or is too busy, or the node is shutting down.',
);

/** Explanations by the gateway's error code, for reads of a deployment. */
const deploymentExplanations: Readonly<Record<string, Explain>> = {
  FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND: ({ deployment, endpoint, commandTarget, wasRead }) => ({
    outcome: 'not-found',
    what: wasRead
      ? `The compose deployment "${deployment}" was removed while it was being watched.`
      : `There is no compose deployment "${deployment}" on ${endpoint}.`,
    meaning: wasRead
      ? 'Its upgrade ended with it.'
      : 'It was never created there, or it has been removed. Names are case-sensitive.',
    next: [suggestList(commandTarget), checkEndpointStep],
  }),
  NotFound: ({ deployment = '', commandTarget }) => ({
    outcome: 'unreachable',
    what: `The cluster has no record of an application upgrade for "${deployment}".`,
    meaning:
      'The deployment is not missing: its first upgrade was rolled back while the new version was still being ' +
      'prepared, and runtimes answer this until the next upgrade.',
    next: prependSelect(
      [{ what: 'See how the deployment stands', command: buildStatus({ deployment }) }],
      commandTarget,
    ),
  }),
  FABRIC_E_VALUE_TOO_LARGE: () => ({
    outcome: 'unreachable',
    what: 'The deployment name is too long for the cluster.',
    meaning: 'A name has at most 4096 characters.',
    next: [{ what: 'Check the name that was passed.' }],
  }),
};

/** Explanations by the gateway's error code, for all reads. */
const explanationsByCode: Readonly<Record<string, Explain>> = {
  FABRIC_E_TIMEOUT: ({ deployment, timeoutSeconds }) => ({
    outcome: 'unreachable',
    what: `The cluster did not finish the request within the ${timeoutSeconds} s it was given.`,
    meaning: `It answered, so it is up: it is failing over or busy${deployment ? `, or "${deployment}" is being created or removed` : ''}.`,
    next: [{ what: 'Try again, with a longer --timeout if this is a slow cluster.' }],
  }),
  E_INVALIDARG: ({ deployment, endpoint }) => ({
    outcome: 'unreachable',
    what: 'The gateway did not accept the request.',
    meaning:
      `It refuses ${deployment === undefined ? '' : 'a deployment name that its URL parser does not take, '}an ` +
      'api-version that its runtime does not have, and every path that it does not know, as when the endpoint has a ' +
      'wrong base path.',
    next:
      deployment === undefined
        ? [{ what: `Check the endpoint (${endpoint}).` }]
        : [
            { what: `Check the endpoint (${endpoint}) and the deployment name.` },
            { what: 'Names of letters, digits and - . _ ~ are accepted everywhere.' },
          ],
  }),
  FABRIC_E_MESSAGE_TOO_LARGE: () => ({
    outcome: 'unreachable',
    what: "The cluster's reply was too large for its own transport.",
    meaning: 'The upgrade has more nodes or unhealthy evaluations than fit into one message.',
    next: [{ what: "See the application's health in Service Fabric Explorer." }],
  }),
  E_FAIL: () => ({
    outcome: 'unreachable',
    what: 'The cluster failed to answer, without saying why.',
    meaning: 'As a rule the record of this upgrade is in a state that the cluster manager cannot read.',
    next: [{ what: 'Try again; if it stays, look at the health of fabric:/System/ClusterManagerService.' }],
  }),
  E_ACCESSDENIED: () => ({
    outcome: 'unauthorized',
    what: 'The cluster knows us, but does not allow this.',
    meaning:
      'The certificate or user has no role that may read upgrades (User or Admin), or it is another cluster.',
    next: [{ what: "Ask the cluster's administrator for the User role." }],
  }),
  FABRIC_E_GATEWAY_NOT_REACHABLE: explainBusy(
    "The HTTP gateway cannot reach its own node's Fabric gateway.",
    'The node is starting, stopping or broken.',
  ),
  E_ABORT: explainFailover,
  FABRIC_E_NO_WRITE_QUORUM: explainFailover,
  FABRIC_E_RECONFIGURATION_PENDING: explainFailover,
  FABRIC_E_NOT_PRIMARY: explainFailover,
  FABRIC_E_NOT_READY: explainFailover,
  FABRIC_E_SERVICE_OFFLINE: explainFailover,
  FABRIC_E_SERVICE_TOO_BUSY: explainFailover,
  FABRIC_E_COMMUNICATION_ERROR: explainBusy(
    'The gateway lost its connection to the cluster.',
    'A node or network is failing.',
  ),
};

/** Explains a response by its error code, its status, or as that of another server. */
export function explainResponse(fault: ResponseFault, context: FaultContext): FaultExplanation {
  const explanations =
    context.deployment === undefined
      ? explanationsByCode
      : { ...explanationsByCode, ...deploymentExplanations };
  const code = fault.error?.code;
  const explain = code && Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  if (explain !== undefined) return explain(context);
  if (fault.status === 401) return explainUnauthenticated(fault);
  if (fault.status === 403) return explainForbidden(fault, context);
  if (fault.error !== undefined) {
    return {
      outcome: 'unreachable',
      what: `The gateway refused the request with ${fault.error.code}.`,
      meaning: 'This is not an answer that is known for this request.',
      next: [{ what: "Look the code up in Service Fabric's documentation." }],
    };
  }
  return explainForeignServer(fault, context);
}

/** Explains a 401, which gateways with certificates or Microsoft Entra ID never send. */
function explainUnauthenticated({ authenticate = '' }: ResponseFault): FaultExplanation {
  const isWindows = /negotiate|ntlm|kerberos/i.test(authenticate);
  return {
    outcome: 'unauthorized',
    code: 'SFCOMPOSE_E_UNAUTHORIZED',
    what: isWindows
      ? 'The cluster wants Windows authentication.'
      : 'The cluster, or a proxy before it, wants us to log in.',
    meaning: isWindows
      ? 'It asks for Negotiate (Kerberos), which sfcompose does not speak.'
      : 'The answer does not come from a gateway with certificates or Microsoft Entra ID: those answer 403.',
    next: isWindows
      ? [{ what: 'Use PowerShell on a domain-joined machine: Get-ServiceFabricComposeDeploymentUpgrade' }]
      : [{ what: 'Check that the endpoint is the gateway itself.' }],
  };
}

function explainForeignServer(fault: ResponseFault, { endpoint }: FaultContext): FaultExplanation {
  const body =
    fault.length === 0
      ? 'an empty answer'
      : /html/i.test(fault.contentType ?? '')
        ? 'a web page'
        : 'something else';
  const isRedirect = fault.status >= 300 && fault.status < 400 && fault.location;
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: isRedirect
      ? `${endpoint} sends us elsewhere, to ${fault.location}.`
      : `${endpoint} answered ${body} and not what a Service Fabric gateway sends.`,
    meaning: isRedirect
      ? 'A gateway never redirects; it was not followed.'
      : `It is another server, ${fault.via ? `the proxy ${fault.via}` : 'a proxy'} or load balancer in between, or an http:// request to a port that speaks TLS.`,
    next: [
      { what: 'Check host, port (19080 as a rule), base path and http:// or https:// of the endpoint.' },
    ],
  };
}
