/** What came of trying a connection. */

import type { InForce } from '../config/connection.ts';
import type { Entra, TokenFacts } from '../config/credential-facts.ts';
import type { Explanation } from '../platform/errors.ts';
import type { Peer } from './tls-agent.ts';

/** What is `undefined` was not reached. */
export interface ConnectionReport {
  readonly settings: readonly InForce[];
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
