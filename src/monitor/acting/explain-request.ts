/** Explains requests that were not accepted, or whose fate is unknown. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { WriteContext } from '../../cluster/faults/write.ts';
import type { WriteKind } from '../../cluster/write-refusal.ts';
import type { Connection } from '../../config/connection.ts';
import { formatEndpoint } from '../../config/endpoint.ts';
import { type Explanation, explainInterrupt, getErrorCode } from '../../platform/errors.ts';
import type { Clock } from '../../platform/host.ts';
import { buildCommand } from '../../upgrade/findings/own-commands.ts';
import { nothingStarted } from './conflict.ts';
import type { RequestResult } from './send.ts';

/** A request in words that follow "the": `upgrade of web`. */
export function nameRequest(kind: WriteKind, deployment: string): string {
  const words: Readonly<Record<WriteKind, string>> = {
    upgrade: 'upgrade',
    rollback: 'rollback',
    resume: 'approval for the upgrade',
  };
  return `${words[kind]} of ${deployment}`;
}

/** Explains a request that did not succeed. */
export async function explainRequest(
  result: Exclude<RequestResult, { kind: 'accepted' }>,
  kind: WriteKind,
  context: Pick<WriteContext, 'commandTarget' | 'composeFile'> & { readonly deployment: string },
  connection: Connection,
  clock: Clock,
): Promise<Explanation> {
  const { deployment, commandTarget, composeFile } = context;
  const { fault, request, count } = result.failure;
  const evidence = [`The answer was lost: ${describeFault(fault)}.`];
  const name = nameRequest(kind, deployment);
  const status = { what: 'Show the upgrade', command: buildCommand('status', context) };
  switch (result.kind) {
    case 'failed': {
      const { explainRefusal } = await import('../../cluster/faults/write.ts');
      return explainRefusal(fault, request, {
        write: kind,
        composeFile,
        deployment,
        endpoint: formatEndpoint(connection.endpoint),
        commandTarget,
        timeoutSeconds: connection.timeoutSeconds,
        tries: count,
        wasRead: true,
        now: clock.now(),
      });
    }
    case 'not-accepted':
      return {
        outcome: 'unreachable',
        code: getErrorCode('unreachable'),
        what: `The cluster did not accept the ${name}. ${nothingStarted}`,
        evidence: [
          ...evidence,
          'Reading shows the same state as before, after the time limit of the request.',
        ],
        next: [{ what: 'Run the command again.' }],
      };
    case 'unknown':
      return {
        outcome: 'unknown',
        code: getErrorCode('unknown'),
        what: `It is unknown whether the cluster accepted the ${name}.`,
        evidence,
        meaning:
          kind === 'upgrade'
            ? 'Reading could not tell. Do not run the command again before you know.'
            : 'Reading could not tell. Running the command again does no harm.',
        next: [status],
      };
  }
}

/** Explains an interrupt before the request was sent. */
export function explainEarlyInterrupt(reason: unknown): Explanation {
  const explanation = explainInterrupt(reason);
  return { ...explanation, what: `${explanation.what} ${nothingStarted}` };
}
