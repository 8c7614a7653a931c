/** The input and the result of explaining a fault. */
import type { CommandTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';

/** The read that failed, and its circumstances. */
export interface FaultContext {
  /** `undefined` for a read that is not about a deployment. */
  readonly deployment: string | undefined;
  /** `http://host:19080`, with the base path. */
  readonly endpoint: string;
  readonly commandTarget: CommandTarget;
  /** The server's time limit for one request, in seconds. */
  readonly timeoutSeconds: number;
  readonly tries: number;
  /** Whether an earlier read of the deployment succeeded. */
  readonly wasRead: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** An explanation of a fault. Without a code it gets the gateway's, or that of an unreachable cluster. */
export type FaultExplanation = Pick<Explanation, 'outcome' | 'what' | 'evidence' | 'meaning' | 'next'> & {
  readonly code?: string;
};
