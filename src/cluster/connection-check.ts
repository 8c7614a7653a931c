/** What came of trying a connection. */

import type { Connection, EffectiveSetting } from '../config/connection.ts';
import type { Entra, TokenFacts } from '../config/credential-facts.ts';
import type { Explanation } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { explainFault } from './faults/explain.ts';
import { GatewayError } from './faults/fault.ts';
import { type Gateway, graceMs } from './gateway.ts';
import type { Peer } from './tls-agent.ts';

/** What is `undefined` was not reached. */
export interface ConnectionReport {
  readonly settings: readonly EffectiveSetting[];
  /** Whether anything at all answered a request. */
  readonly isAnswered: boolean;
  /** The server, over TLS, its certificate accepted or not. */
  readonly peer: Peer | undefined;
  readonly entra: Entra | 'off' | undefined;
  /** The token that was sent. */
  readonly token: TokenFacts | undefined;
  /** Of the runtime. */
  readonly version: string | undefined;
  readonly isAuthenticated: boolean | undefined;
  /** What the cluster lets us do, as far as we can know. */
  readonly role: string | undefined;
  /** Why it went no further. */
  readonly error: Explanation | undefined;
}

/** One question that anybody may ask, then one that only those may whom the cluster knows. */
export async function checkConnection(
  gateway: Gateway,
  settings: Connection,
  host: Host,
): Promise<ConnectionReport> {
  let entra: ConnectionReport['entra'];
  let version: string | undefined;
  let error: Explanation | undefined;
  try {
    // Before anything is sent.
    await settings.token?.current(host.interrupt);
    entra = await gateway.readEntra(host.interrupt).catch(ignoreAnswerFault);
    version = await gateway.readVersion(host.interrupt);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    error = explainFault(thrown.fault, thrown.request, {
      deployment: undefined,
      endpoint: settings.endpoint.origin + settings.endpoint.basePath,
      commandTarget: settings.commandTarget,
      timeout: settings.timeout,
      graceMs,
      tries: 1,
      wasRead: false,
      now: host.clock.now(),
    });
  }
  const token = gateway.token();
  return {
    settings: settings.effectiveSettings,
    isAnswered: entra !== undefined || version !== undefined || error?.status !== undefined,
    peer: gateway.peer(),
    entra,
    token,
    version,
    isAuthenticated: version !== undefined || isIdentityKnown(error),
    role: version === undefined ? undefined : describeRole(settings, token),
    error,
  };
}

/** Not every gateway, or what stands before it, answers just anybody. */
function ignoreAnswerFault(error: unknown): undefined {
  if (error instanceof GatewayError && error.fault.kind === 'answer') return undefined;
  throw error;
}

/** @returns whether the cluster knows who we are, `undefined` where that is left open */
function isIdentityKnown(error: Explanation | undefined): boolean | undefined {
  if (error?.code === 'E_ACCESSDENIED') return true;
  return error?.outcome === 'unauthorized' && error.status ? false : undefined;
}

/** The cluster does not tell it, so it is what follows from how we were let in. */
function describeRole({ endpoint }: Connection, token: TokenFacts | undefined): string {
  if (!endpoint.isTls) return 'Admin, as everybody on a cluster without security';
  if (token && token.roles.length > 0) return `${token.roles.join(', ')}, as the token says`;
  return 'User or Admin: it may read upgrades';
}
