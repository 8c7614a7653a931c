/** Next steps that the explanations of several faults share. Pure. */
import { defaultPort, describeOtherPort } from '../../config/endpoint.ts';
import type { NextStep } from '../../platform/next-step.ts';

/** The step for an endpoint that may be another server, such as a proxy. */
export const checkGatewayStep: NextStep = {
  what: 'Check that the endpoint is the Service Fabric gateway itself.',
};

/** Suggests https:// for an http:// endpoint. */
export function suggestHttps(endpoint: string): readonly NextStep[] {
  if (!endpoint.startsWith('http:')) return [];
  return [
    { what: 'If the cluster is secured, use https', command: `-e ${endpoint.replace(/^http:/, 'https:')}` },
  ];
}

/** Suggests the options for a client certificate. @param isOther whether one was sent already */
export function suggestCertificates(isOther: boolean): readonly NextStep[] {
  return [
    {
      what: `Send ${isOther ? 'a different' : 'a'} client certificate, in PEM`,
      command: '--cert-file <path> --key-file <path>',
    },
    { what: 'Or in PKCS#12', command: '--pfx-file <path>' },
  ];
}

/**
 * Puts the port of the HTTP gateway first, and into all suggested endpoints, if the endpoint has another well-known
 * port of a cluster. Adds it as the last step if the endpoint has the port of its scheme, which a browser does not show.
 */
export function suggestGatewayPort(endpoint: string, steps: readonly NextStep[]): readonly NextStep[] {
  // The URL parser drops the port of the scheme.
  const port = new URL(endpoint).port || (endpoint.startsWith('https:') ? '443' : '80');
  const replacePort = (text: string) => text.replace(new RegExp(`:${port}(?=/|$)`), `:${defaultPort}`);
  if (port === '443' || port === '80')
    return [
      ...steps,
      { what: 'Or try the usual port of the HTTP gateway', command: `-e ${replacePort(endpoint)}` },
    ];
  const user = describeOtherPort(port);
  if (user === undefined) return steps;
  return [
    {
      what: `Port ${port} is for ${user}. Use the HTTP gateway, at port ${defaultPort} of the same host`,
      command: `-e ${replacePort(endpoint)}`,
    },
    ...steps.map((step) =>
      step.command?.startsWith('-e ') ? { ...step, command: replacePort(step.command) } : step,
    ),
  ];
}
