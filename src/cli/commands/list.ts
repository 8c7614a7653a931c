/** `sfcompose list`: all deployments, and what those do that are being upgraded. */

import { type ConnectionFlags, connectionOf } from '../../config/connection.ts';
import { resolve } from '../../config/setting.ts';
import { listMaxWaitSetting, retriesSetting } from '../../config/settings.ts';
import { type Listed, readListing } from '../../monitor/list.ts';
import { asidesOf } from '../../monitor/related-reads.ts';
import { keepTrying, type Lost, neverReadError, retryWords } from '../../monitor/retry.ts';
import { deploymentLine, deploymentsJson, deploymentsTable } from '../../output/deployment-list.ts';
import { indentJson } from '../../output/json/document.ts';
import { deploymentRecord, outcomeRecord } from '../../output/json/records.ts';
import { startSpinner } from '../../output/spinner.ts';
import { styleOf } from '../../output/style.ts';
import { ExpectedError, interruptedError } from '../../platform/errors.ts';
import { counted, durationText } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import type { Outcome } from '../../platform/outcome.ts';
import { printable, shown } from '../../platform/printable.ts';
import { abortWith, heardByMany } from '../../platform/timeout.ts';
import { open, tracer } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, outputSettingsOf } from '../output-options.ts';

export interface ListFlags extends ConnectionFlags, OutputFlags {
  readonly retries?: string;
  readonly maxWait?: string;
}

/** @throws ExpectedError for a cluster that cannot be reached, or refuses us */
export async function list(flags: ListFlags, host: Host): Promise<Outcome> {
  const { clock, env, interrupt, stdout, stderr } = host;
  const started = clock.monotonic();
  const trace = tracer(flags, host);
  const output = outputSettingsOf(flags, env);
  const retries = resolve(retriesSetting, flags.retries, env);
  const maxWait = resolve(listMaxWaitSetting, flags.maxWait, env);
  const connection = await connectionOf(flags, host, trace);
  const { endpoint, reach, timeout } = connection;
  const gateway = open(connection, output, trace, host);
  const text = shown`Reading the deployments`;
  const spinner = output.quiet ? undefined : await startSpinner(text, output.color, host);
  const asked = { deployment: undefined, endpoint, reach, timeout, retries };
  const deadline = new AbortController();
  heardByMany(deadline.signal);
  const callOff = clock.after(maxWait, () => deadline.abort());
  const undo = abortWith(interrupt, deadline);
  let last: Lost | undefined;
  let read = 0;
  const trying = <T>(read: () => Promise<T>) =>
    keepTrying(read, asked, { ...host, interrupt: deadline.signal }, (lost) => {
      last = lost;
      const again = retryWords(lost);
      trace(`  ${again}`);
      spinner?.say(shown`${text}: ${printable(again)}`);
    });
  // The gateway's documents alone need no upgrade domains.
  const asides = asidesOf(gateway, output.format !== 'json', clock, trace);
  let all: readonly Listed[];
  try {
    all = await readListing(gateway, asides, {
      trying,
      interrupt,
      signal: deadline.signal,
      counted(count) {
        read = count;
        spinner?.say(shown`${text}: ${count} so far`);
      },
    });
  } catch (error) {
    if (interrupt.aborted) throw interruptedError(interrupt.reason);
    if (!deadline.signal.aborted) throw error;
    throw read > 0 ? notAllReadError(read, maxWait) : await neverReadError(last, { ...asked, maxWait }, host);
  } finally {
    callOff();
    undo();
    spinner?.stop();
    gateway.close();
  }
  show(all, output, host);
  if (all.length === 0 && !output.quiet)
    stderr.write(shown`sfcompose: There are no compose deployments on ${printable(endpoint.origin)}.\n`);
  if (output.format === 'ndjson') {
    const elapsed = clock.monotonic() - started;
    const ending = { outcome: 'completed', deployment: null, targetVersion: null, elapsed } as const;
    const reason = counted(all.length, 'deployment');
    stdout.write(outcomeRecord({ ...ending, reason }, new Date(clock.now())));
  }
  return 'completed';
}

/** @param maxWait milliseconds */
function notAllReadError(count: number, maxWait: number): ExpectedError {
  return new ExpectedError({
    outcome: 'timed-out',
    code: 'SFCOMPOSE_E_TIMED_OUT',
    what: `The list was not complete after ${durationText(maxWait)} (--max-wait): ${counted(count, 'deployment')} so far.`,
    next: ['Give a longer --max-wait.'],
  });
}

function show(all: readonly Listed[], { format, color, quiet }: OutputSettings, host: Host): void {
  const { stdout, stderr, clock, env } = host;
  const time = new Date(clock.now());
  if (format === 'table' && all.length > 0) stdout.write(deploymentsTable(all, styleOf(color, stdout, env)));
  if (format === 'plain') for (const one of all) stdout.write(deploymentLine(one, time));
  if (format === 'ndjson') for (const one of all) stdout.write(deploymentRecord(one, time));
  if (format === 'json') stdout.write(shown`${indentJson(deploymentsJson(all))}\n`);
  // A table and lines say it in its place.
  if (quiet || format === 'table' || format === 'plain') return;
  for (const { deployment, problem } of all.filter((one) => one.problem !== '')) {
    const what = printable(`The upgrade of "${deployment.name}" could not be read: ${problem}`);
    stderr.write(shown`sfcompose: ${what}\n`);
  }
}
