/** What an explanation goes by, and what it is made of. */
import type { CommandTarget } from '../../platform/command-target.ts';
import type { Explanation } from '../../platform/errors.ts';

/** What was being context when the fault was met. */
export interface FaultContext {
  /** `undefined` where no deployment was context for. */
  readonly deployment: string | undefined;
  /** `http://host:19080`, with the base path. */
  readonly endpoint: string;
  readonly commandTarget: CommandTarget;
  /** The server's time for one request, in seconds. */
  readonly timeout: number;
  /** How much longer we waited, in milliseconds. */
  readonly graceMs: number;
  readonly tries: number;
  /** Whether the deployment was there before. */
  readonly wasRead: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The code is one of ours; without it, and without the gateway's own, it is that of an unreachable cluster. */
export type FaultExplanation = Pick<Explanation, 'outcome' | 'what' | 'evidence' | 'meaning' | 'next'> & {
  readonly code?: string;
};
