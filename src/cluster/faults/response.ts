/** Explains responses that are not the expected document. Pure. */

import { formatAlternatives } from '../../config/setting.ts';
import { explainVariableIn } from '../../config/undefined-variable.ts';
import { addTarget } from '../../platform/command-target.ts';
import { formatDuration } from '../../platform/format.ts';
import { buildStatus, prependSelect } from '../../upgrade/findings/sfctl-commands.ts';
import type { ResponseFault } from './fault.ts';
import type { FaultContext, FaultExplanation } from './fault-context.ts';
import { describeIdentity, explainForbidden } from './forbidden.ts';
import { checkGatewayStep, suggestHttps } from './next-steps.ts';
import { explainMissing } from './not-found.ts';

type Explain = (context: FaultContext, fault: ResponseFault) => FaultExplanation;

function explainBusy(what: string, meaning: string): Explain {
  return () => ({
    outcome: 'unreachable',
    what,
    meaning,
    next: [{ what: 'Wait a minute and try again: the cluster usually recovers by itself.' }],
  });
}

const explainFailover = explainBusy(
  'The cluster is temporarily unavailable.',
  'The cluster manager is failing over, has no quorum or is too busy, or the node is shutting down.',
);

/** Explanations by the gateway's error code, for reads of a deployment. */
const deploymentExplanations: Readonly<Record<string, Explain>> = {
  FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND: ({ deployment = '', endpoint, commandTarget, wasRead }) => {
    const explanation = explainMissing(deployment, endpoint, undefined, commandTarget);
    if (!wasRead) return explanation;
    return {
      ...explanation,
      what: `The compose deployment "${deployment}" was removed while it was being watched.`,
      meaning: 'Removing the deployment ended its upgrade.',
    };
  },
  NotFound: ({ deployment = '', commandTarget }) => ({
    outcome: 'unreachable',
    what: `The cluster has no application upgrade record for "${deployment}".`,
    meaning:
      'The deployment exists. Its first upgrade was rolled back while the new version was still being provisioned, ' +
      'and the cluster reports NotFound until the next upgrade.',
    next: prependSelect(
      [{ what: 'Show the status of the deployment', command: buildStatus({ deployment, commandTarget }) }],
      commandTarget,
    ),
  }),
  FABRIC_E_VALUE_TOO_LARGE: () => ({
    outcome: 'unreachable',
    what: 'The deployment name is too long.',
    meaning: 'A deployment name has at most 4096 characters.',
    next: [{ what: 'Check the name on the command line.' }],
  }),
};

/** Explains a request that the gateway does not understand, of which its message seldom tells more. */
function explainInvalidRequest(
  { deployment = '', endpoint, commandTarget }: FaultContext,
  { error, refusedVersions = [] }: ResponseFault,
): FaultExplanation {
  const tried = refusedVersions.length > 0 ? ` (${refusedVersions.join(' and ')} were tried)` : '';
  if (/\bversions?\b|apiversion/i.test(error?.message ?? ''))
    return {
      outcome: 'unreachable',
      what: `The gateway rejected the API version${tried}.`,
      meaning: 'The runtime may be too old for compose deployments, or a proxy may change requests.',
      next: [
        {
          what: 'Show the version of the runtime',
          command: addTarget('sfcompose connection', commandTarget),
        },
        checkGatewayStep,
      ],
    };
  // Every gateway accepts these characters.
  const isNamePlain = /^[\w.~-]*$/.test(deployment);
  const causes = [
    'the endpoint has a wrong base path',
    `the runtime does not support the API version${tried}`,
    ...(isNamePlain ? [] : ['the deployment name has characters that the gateway does not accept']),
  ];
  return {
    outcome: 'unreachable',
    what: 'The gateway rejected the request as invalid.',
    meaning: `Possible causes: ${formatAlternatives(causes)}.`,
    next: isNamePlain
      ? [{ what: `Check the endpoint: ${endpoint}` }]
      : [
          { what: `Check the endpoint and the deployment name: ${endpoint}` },
          {
            what:
              explainVariableIn(deployment) ?? 'Names of letters, digits and - . _ ~ work on every cluster.',
          },
        ],
  };
}

/** Explanations by the gateway's error code, for all reads. */
const explanationsByCode: Readonly<Record<string, Explain>> = {
  FABRIC_E_TIMEOUT: ({ deployment, timeoutSeconds }) => ({
    outcome: 'unreachable',
    what: `The cluster did not complete the request within ${formatDuration(timeoutSeconds * 1000)}.`,
    meaning: `The cluster is up, but failing over or busy${deployment ? `, or "${deployment}" is being created or removed` : ''}.`,
    next: [{ what: 'Try again, with a longer --timeout if the cluster is slow.' }],
  }),
  E_INVALIDARG: explainInvalidRequest,
  FABRIC_E_MESSAGE_TOO_LARGE: ({ endpoint }) => ({
    outcome: 'unreachable',
    what: "The response exceeds the cluster's internal size limit.",
    meaning: 'The upgrade has more nodes or unhealthy evaluations than fit into one message.',
    next: [
      { what: 'See the application health in Service Fabric Explorer', command: `${endpoint}/Explorer` },
    ],
  }),
  E_FAIL: () => ({
    outcome: 'unreachable',
    what: 'The cluster reported a failure without a reason.',
    meaning: 'Usually the cluster manager cannot read the record of this upgrade.',
    next: [
      {
        what: 'Try again. If the error persists, check the health of fabric:/System/ClusterManagerService.',
      },
    ],
  }),
  E_ACCESSDENIED: (context, { identity }) => ({
    outcome: 'unauthorized',
    what: 'Access denied: no permission to read upgrades.',
    evidence: describeIdentity(identity, context),
    meaning:
      'The certificate or user has neither the role User nor Admin, or belongs to a different cluster.',
    next: [{ what: 'Ask the cluster administrator for the User role.' }],
  }),
  FABRIC_E_GATEWAY_NOT_REACHABLE: explainBusy(
    'The HTTP gateway cannot reach the Fabric gateway on its own node.',
    'The node is starting, stopping or faulty.',
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
    'A node or the network is failing.',
  ),
};

/** Explains a response by its error code, then by its status, else as the response of another kind of server. */
export function explainResponse(fault: ResponseFault, context: FaultContext): FaultExplanation {
  const explanations =
    context.deployment === undefined
      ? explanationsByCode
      : { ...explanationsByCode, ...deploymentExplanations };
  const code = fault.error?.code;
  const explain = code && Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  if (explain !== undefined) return explain(context, fault);
  if (fault.status === 401) return explainUnauthenticated(fault);
  if (fault.status === 403) return explainForbidden(fault, context);
  if (fault.error !== undefined) {
    return {
      outcome: 'unreachable',
      what: `The gateway rejected the request: ${fault.error.code}.`,
      meaning: 'sfcompose does not know this error code.',
      next: [{ what: 'Look up the error code in the Service Fabric documentation.' }],
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
      ? 'The cluster requires Windows authentication.'
      : 'The cluster, or a proxy in front of it, requires a login.',
    meaning: isWindows
      ? 'Negotiate (Kerberos, NTLM) is not supported here.'
      : 'The response is not from a gateway with certificates or Microsoft Entra ID, which would send 403.',
    next: isWindows
      ? [
          {
            what: 'Use PowerShell on a domain-joined machine',
            command: 'Get-ServiceFabricComposeDeploymentUpgrade',
          },
        ]
      : [checkGatewayStep],
  };
}

function explainForeignServer(fault: ResponseFault, { endpoint }: FaultContext): FaultExplanation {
  const body =
    fault.length === 0
      ? 'an empty response'
      : /html/i.test(fault.contentType ?? '')
        ? 'a web page'
        : 'an unknown document';
  const isRedirect = fault.status >= 300 && fault.status < 400 && fault.location;
  const proxy = fault.via ? `the proxy ${fault.via}` : 'a proxy';
  return {
    outcome: 'unreachable',
    code: 'SFCOMPOSE_E_NOT_A_GATEWAY',
    what: isRedirect
      ? `${endpoint} redirects to ${fault.location}.`
      : `${endpoint} sent ${body}, not a Service Fabric response.`,
    meaning: isRedirect
      ? 'Service Fabric gateways never redirect, so sfcompose did not follow.'
      : `The endpoint is another kind of server, or ${proxy} or load balancer answered${endpoint.startsWith('http:') ? ', or the port requires https://' : ''}.`,
    next: [
      { what: 'Check the host, port (19080 by default), base path and scheme of the endpoint.' },
      ...suggestHttps(endpoint),
    ],
  };
}
