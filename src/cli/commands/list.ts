/** `sfcompose list`: all deployments, and what those do that are being upgraded. */

import { resolveConnection } from '../../config/connection.ts';
import type { ConnectionFlags } from '../../config/connection-flags.ts';
import { resolve } from '../../config/setting.ts';
import { listMaxWaitSetting, retriesSetting } from '../../config/settings.ts';
import { type ListedDeployment, readList } from '../../monitor/list.ts';
import { createRelatedReads } from '../../monitor/related-reads.ts';
import { keepTrying, type Lost, neverReadError, retryWords } from '../../monitor/retry.ts';
import {
  renderDeploymentLine,
  renderDeploymentsJson,
  renderDeploymentTable,
} from '../../output/deployment-list.ts';
import { indentJson } from '../../output/json/document.ts';
import { renderDeploymentRecord, renderOutcomeRecord } from '../../output/json/records.ts';
import { startSpinner } from '../../output/spinner.ts';
import { createStyle } from '../../output/style.ts';
import { ExpectedError, interruptedError } from '../../platform/errors.ts';
import { formatCount, formatDuration } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import type { Outcome } from '../../platform/outcome.ts';
import { literal, printable } from '../../platform/printable.ts';
import { allowManyListeners, forwardAbort } from '../../platform/timeout.ts';
import { createTrace, openGateway } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../output-options.ts';

export interface ListFlags extends ConnectionFlags, OutputFlags {
  readonly retries?: string;
  readonly maxWait?: string;
}

/** @throws ExpectedError for a cluster that cannot be reached, or refuses us */
export async function list(flags: ListFlags, host: Host): Promise<Outcome> {
  const { clock, env, interrupt, stdout, stderr } = host;
  const started = clock.monotonic();
  const trace = createTrace(flags, host);
  const output = resolveOutput(flags, env);
  const retries = resolve(retriesSetting, flags.retries, env);
  const maxWait = resolve(listMaxWaitSetting, flags.maxWait, env);
  const connection = await resolveConnection(flags, host, trace);
  const { endpoint, commandTarget, timeout } = connection;
  const gateway = openGateway(connection, output, trace, host);
  const text = literal`Reading the deployments`;
  const spinner = output.quiet ? undefined : await startSpinner(text, output.color, host);
  const asked = { deployment: undefined, endpoint, commandTarget, timeout, retries };
  const deadline = new AbortController();
  allowManyListeners(deadline.signal);
  const callOff = clock.after(maxWait, () => deadline.abort());
  const undo = forwardAbort(interrupt, deadline);
  let last: Lost | undefined;
  let read = 0;
  const trying = <T>(read: () => Promise<T>) =>
    keepTrying(read, asked, { ...host, interrupt: deadline.signal }, (lost) => {
      last = lost;
      const again = retryWords(lost);
      trace(`  ${again}`);
      spinner?.setText(literal`${text}: ${printable(again)}`);
    });
  // The gateway's documents alone need no upgrade domains.
  const relatedReads = createRelatedReads(gateway, output.format !== 'json', clock, trace);
  let all: readonly ListedDeployment[];
  try {
    all = await readList(gateway, relatedReads, {
      trying,
      interrupt,
      signal: deadline.signal,
      counted(count) {
        read = count;
        spinner?.setText(literal`${text}: ${count} so far`);
      },
    });
  } catch (error) {
    if (interrupt.aborted) throw interruptedError(interrupt.reason);
    if (!deadline.signal.aborted) throw error;
    throw read > 0
      ? incompleteListError(read, maxWait)
      : await neverReadError(last, { ...asked, maxWait }, host);
  } finally {
    callOff();
    undo();
    spinner?.stop();
    gateway.close();
  }
  printList(all, output, host);
  if (all.length === 0 && !output.quiet)
    stderr.write(literal`sfcompose: There are no compose deployments on ${printable(endpoint.origin)}.\n`);
  if (output.format === 'ndjson') {
    const elapsed = clock.monotonic() - started;
    const ending = { outcome: 'completed', deployment: null, targetVersion: null, elapsed } as const;
    const reason = formatCount(all.length, 'deployment');
    stdout.write(renderOutcomeRecord({ ...ending, reason }, new Date(clock.now())));
  }
  return 'completed';
}

/** @param maxWait milliseconds */
function incompleteListError(count: number, maxWait: number): ExpectedError {
  return new ExpectedError({
    outcome: 'timed-out',
    code: 'SFCOMPOSE_E_TIMED_OUT',
    what: `The list was not complete after ${formatDuration(maxWait)} (--max-wait): ${formatCount(count, 'deployment')} so far.`,
    next: ['Give a longer --max-wait.'],
  });
}

function printList(
  all: readonly ListedDeployment[],
  { format, color, quiet }: OutputSettings,
  host: Host,
): void {
  const { stdout, stderr, clock, env } = host;
  const time = new Date(clock.now());
  if (format === 'table' && all.length > 0)
    stdout.write(renderDeploymentTable(all, createStyle(color, stdout, env)));
  if (format === 'plain') for (const one of all) stdout.write(renderDeploymentLine(one, time));
  if (format === 'ndjson') for (const one of all) stdout.write(renderDeploymentRecord(one, time));
  if (format === 'json') stdout.write(literal`${indentJson(renderDeploymentsJson(all))}\n`);
  // A table and lines say it in its place.
  if (quiet || format === 'table' || format === 'plain') return;
  for (const { deployment, problem } of all.filter((one) => one.problem !== '')) {
    const what = printable(`The upgrade of "${deployment.name}" could not be read: ${problem}`);
    stderr.write(literal`sfcompose: ${what}\n`);
  }
}
