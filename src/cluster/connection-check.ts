/** Checks a connection, and reports what it found out. */

import type { Connection, EffectiveSetting } from '../config/connection.ts';
import type { Entra, TokenFacts } from '../config/credential-facts.ts';
import { formatEndpoint } from '../config/endpoint.ts';
import type { Explanation } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { explainFault } from './faults/explain.ts';
import { GatewayError } from './faults/fault.ts';
import type { Gateway } from './gateway.ts';
import type { Peer } from './tls-handshake.ts';

/** The result of a connection check. Facts that are not known are `undefined`. */
export interface ConnectionReport {
  readonly settings: readonly EffectiveSetting[];
  /** Whether any server responded to a request. */
  readonly isAnswered: boolean;
  /** The server of the TLS handshake, also one whose certificate was rejected. */
  readonly peer: Peer | undefined;
  readonly entra: Entra | 'off' | undefined;
  /** The token that was sent. */
  readonly token: TokenFacts | undefined;
  /** The runtime's version. */
  readonly version: string | undefined;
  readonly isAuthenticated: boolean | undefined;
  /** The role on the cluster, as far as it can be inferred. */
  readonly role: string | undefined;
  /** The explanation of the fault that ended the check. */
  readonly error: Explanation | undefined;
}

/** Sends a request without authentication, then an authenticated one. */
export async function checkConnection(
  gateway: Gateway,
  settings: Connection,
  host: Host,
): Promise<ConnectionReport> {
  let entra: ConnectionReport['entra'];
  let version: string | undefined;
  let error: Explanation | undefined;
  try {
    // A missing token is a usage error, to be reported before anything is sent.
    await settings.token?.get(host.interrupt);
    entra = await gateway.readEntra(host.interrupt).catch(ignoreResponseFault);
    version = await gateway.readVersion(host.interrupt);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    error = explainFault(thrown.fault, thrown.request, {
      deployment: undefined,
      endpoint: formatEndpoint(settings.endpoint),
      commandTarget: settings.commandTarget,
      timeoutSeconds: settings.timeoutSeconds,
      tries: 1,
      wasRead: false,
      now: host.clock.now(),
    });
  }
  const token = gateway.getTokenFacts();
  return {
    settings: settings.effectiveSettings,
    isAnswered: entra !== undefined || version !== undefined || error?.status !== undefined,
    peer: gateway.getPeer(),
    entra,
    token,
    version,
    isAuthenticated: version !== undefined || isIdentityKnown(error),
    role: version === undefined ? undefined : describeRole(settings, token),
    error,
  };
}

/** Ignores an error response, because some gateways and proxies reject unauthenticated requests. */
function ignoreResponseFault(error: unknown): undefined {
  if (error instanceof GatewayError && error.fault.kind === 'response') return undefined;
  throw error;
}

/** Whether the cluster knows the certificate or user; `undefined` if the error leaves that open. */
function isIdentityKnown(error: Explanation | undefined): boolean | undefined {
  if (error?.code === 'E_ACCESSDENIED') return true;
  return error?.outcome === 'unauthorized' && error.status ? false : undefined;
}

/** Infers the role from the authentication used, because the gateway does not report roles. */
function describeRole({ endpoint }: Connection, token: TokenFacts | undefined): string {
  if (!endpoint.isTls) return 'Admin (the cluster is not secured)';
  if (token && token.roles.length > 0) return `${token.roles.join(', ')} (from the token)`;
  return 'User or Admin (read access confirmed)';
}
