/** Reads the state of the deployment before a request. */
import { explainMissing } from '../../../cluster/faults/not-found.ts';
import { nothingStarted } from '../../../monitor/acting/conflict.ts';
import { type DeploymentState, readDeploymentState } from '../../../monitor/acting/deployment-state.ts';
import { explainReadFailure } from '../../../monitor/explain-failure.ts';
import { describeRetry, ReadFailedError, readWithRetries } from '../../../monitor/retry.ts';
import { startSpinner } from '../../../output/spinner.ts';
import { ExpectedError, type Explanation, explainInterrupt } from '../../../platform/errors.ts';
import { literal, type Printable, printable } from '../../../platform/printable.ts';
import type { Acting } from './context.ts';

/**
 * Reads the deployment's state.
 * @throws ExpectedError that says that nothing was started, if the state cannot be read or the deployment does not exist
 */
export async function readState(acting: Acting): Promise<DeploymentState> {
  const { deployment, host, endpoint, commandTarget } = acting;
  const source = acting.createSource();
  const text = literal`Reading the upgrade of ${printable(deployment)}`;
  const state = await readBeforeRequest(acting, text, () =>
    readDeploymentState(source, deployment, host.interrupt),
  );
  if (state) return state;
  const names = await source.relatedReads.names(host.interrupt).catch(() => undefined);
  throw new ExpectedError(explainMissing(deployment, endpoint, names, commandTarget));
}

/**
 * Reads with retries, behind a spinner.
 * @throws ExpectedError that says that nothing was started
 */
export async function readBeforeRequest<T>(
  acting: Acting,
  text: Printable,
  read: () => Promise<T>,
): Promise<T> {
  const { settings, connection, host, trace, deployment } = acting;
  const options = { ...settings, timeoutSeconds: connection.timeoutSeconds };
  const spinner = settings.quiet ? undefined : await startSpinner(text, settings.color, host);
  try {
    return await readWithRetries(read, options, host.interrupt, host, (failure) => {
      const retry = describeRetry(failure);
      trace(`  ${retry}`);
      spinner?.setText(literal`${text}: ${printable(retry)}`);
    });
  } catch (error) {
    throw await explainFailure(error, acting, deployment);
  } finally {
    spinner?.stop();
  }
}

async function explainFailure(
  error: unknown,
  { connection, host: { interrupt, clock } }: Acting,
  deployment: string,
): Promise<unknown> {
  if (interrupt.aborted) return new ExpectedError(addPromise(explainInterrupt(interrupt.reason)));
  if (!(error instanceof ReadFailedError)) return error;
  const context = { deployment, connection, wasRead: false };
  return new ExpectedError(addPromise(await explainReadFailure(error.failure, context, clock)));
}

/** Adds that nothing was started. */
export function addPromise(explanation: Explanation): Explanation {
  return { ...explanation, what: `${explanation.what} ${nothingStarted}` };
}
