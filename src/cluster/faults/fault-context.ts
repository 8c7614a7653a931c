/** Input and result of explaining a fault. */
import type { CommandTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';

/** The failed read and its settings. */
export interface FaultContext {
  /** The deployment that was read; `undefined` for other reads. */
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

/** An explanation of a fault. Its code defaults to the gateway's, or to `SFCOMPOSE_E_UNREACHABLE`. */
export type FaultExplanation = Pick<Explanation, 'outcome' | 'what' | 'evidence' | 'meaning' | 'next'> & {
  readonly code?: string;
};
