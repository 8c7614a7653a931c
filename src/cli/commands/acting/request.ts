/** Sends the request of a command, and reports its steps. */
import type { GatewayWriter, WriteResult } from '../../../cluster/gateway-writer.ts';
import type { WriteKind } from '../../../cluster/write-refusal.ts';
import type { ComposeFile } from '../../../config/compose-file.ts';
import {
  explainEarlyInterrupt,
  explainRequest,
  nameRequest,
} from '../../../monitor/acting/explain-request.ts';
import {
  type RequestResult,
  type RequestStep,
  sendRequest,
  type WriteRequest,
} from '../../../monitor/acting/send.ts';
import { describeRetry } from '../../../monitor/retry.ts';
import { renderRequestRecord } from '../../../output/json/records.ts';
import { startSpinner } from '../../../output/spinner.ts';
import { ExpectedError } from '../../../platform/errors.ts';
import { literal, printable } from '../../../platform/printable.ts';
import type { Acting } from './context.ts';

/** A request that the cluster has accepted. */
export interface AcceptedRequest extends Extract<RequestResult, { kind: 'accepted' }> {
  /** When the last attempt was made. */
  readonly sentAt: Date;
}

/** The request of a command. */
export interface ActingRequest extends Pick<WriteRequest, 'isRepeatable' | 'isAccepted' | 'isUnchanged'> {
  readonly kind: WriteKind;
  readonly send: (writer: GatewayWriter, signal: AbortSignal) => Promise<WriteResult>;
  readonly composeFile?: ComposeFile;
}

/**
 * Sends the request, and finds out whether it was accepted.
 * @throws ExpectedError unless it was
 */
export async function request(
  acting: Acting,
  { kind, send, ...rest }: ActingRequest,
): Promise<AcceptedRequest> {
  const { settings, connection, host, trace, deployment, gateway } = acting;
  const { GatewayWriter } = await import('../../../cluster/gateway-writer.ts');
  const writer = new GatewayWriter({ connection, clock: host.clock, trace }, gateway);
  const name = nameRequest(kind, deployment);
  const text = literal`Requesting the ${printable(name)}`;
  const spinner = settings.quiet ? undefined : await startSpinner(text, settings.color, host);
  let sentAt = new Date(host.clock.now());
  const onStep = (step: RequestStep) => {
    const now = new Date(host.clock.now());
    if (step.state === 'sending') sentAt = now;
    if (step.state === 'unknown')
      spinner?.setText(
        literal`The answer was lost: reading whether the cluster accepted the ${printable(name)}`,
      );
    if (settings.format === 'ndjson')
      host.stdout.write(renderRequestRecord({ kind, deployment, ...step }, now));
  };
  try {
    const result = await sendRequest(
      {
        ...rest,
        retries: settings.retries,
        timeoutSeconds: connection.timeoutSeconds,
        source: acting.createSource(),
        deployment,
        send: (signal) => send(writer, signal),
        onStep,
        onRetry: (failure) => trace(`  ${describeRetry(failure)}`),
      },
      host,
    );
    if (result.kind === 'accepted') return { ...result, sentAt };
    const context = { ...acting, composeFile: rest.composeFile };
    throw new ExpectedError(await explainRequest(result, kind, context, connection, host.clock));
  } catch (error) {
    // Of the errors that are thrown here, only this one comes before the request.
    const isEarly = error instanceof ExpectedError && error.explanation.code === 'SFCOMPOSE_E_INTERRUPTED';
    throw isEarly ? new ExpectedError(explainEarlyInterrupt(host.interrupt.reason)) : error;
  } finally {
    spinner?.stop();
  }
}
