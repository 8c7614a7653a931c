/** What came of trying a connection. */
import type { Explanation } from '../errors.ts';
import type { Entra, TokenFacts } from '../identity.ts';
import type { Peer } from './agent.ts';
import type { InForce } from './connection.ts';

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
