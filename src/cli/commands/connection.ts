/** `sfcompose connection`: the settings in force and where each is from, and what the cluster makes of them. */

import { type ConnectionReport, tryOut } from '../../cluster/connection-check.ts';
import { type ConnectionFlags, connectionOf } from '../../config/connection.ts';
import { connectionJson, connectionLine, connectionTable } from '../../output/connection.ts';
import { indentJson } from '../../output/json/document.ts';
import { connectionRecord, outcomeRecord } from '../../output/json/records.ts';
import { startSpinner } from '../../output/spinner.ts';
import { styleOf } from '../../output/style.ts';
import { ExpectedError } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import type { Outcome } from '../../platform/outcome.ts';
import { printable, shown } from '../../platform/printable.ts';
import { open, tracer } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, outputSettingsOf } from '../output-options.ts';

/** @throws ExpectedError for a cluster that cannot be reached, or refuses us */
export async function connection(flags: ConnectionFlags & OutputFlags, host: Host): Promise<Outcome> {
  const started = host.clock.monotonic();
  const trace = tracer(flags, host);
  const output = outputSettingsOf(flags, host.env);
  const settings = await connectionOf(flags, host, trace);
  const gateway = open(settings, output, trace, host);
  const spinner = output.quiet
    ? undefined
    : await startSpinner(shown`Trying ${printable(settings.endpoint.origin)}`, output.color, host);
  let report: ConnectionReport;
  try {
    report = await tryOut(gateway, settings, host);
  } finally {
    spinner?.stop();
    gateway.close();
  }
  show(report, output, host);
  if (report.error) {
    // The table has just shown it.
    const certificate = output.format === 'table' && report.peer ? [] : (report.error.certificate ?? []);
    throw new ExpectedError({ ...report.error, certificate, document: connectionJson(report) });
  }
  if (output.format === 'ndjson') {
    const elapsed = host.clock.monotonic() - started;
    const ending = { outcome: 'completed', deployment: null, targetVersion: null, elapsed } as const;
    const reason = `${settings.endpoint.origin} answers`;
    host.stdout.write(outcomeRecord({ ...ending, reason }, new Date(host.clock.now())));
  }
  return 'completed';
}

function show(report: ConnectionReport, { format, color }: OutputSettings, host: Host): void {
  const { stdout, clock, env } = host;
  const time = new Date(clock.now());
  if (format === 'table') stdout.write(connectionTable(report, styleOf(color, stdout, env), clock.now()));
  if (format === 'plain') stdout.write(connectionLine(report, time));
  if (format === 'ndjson') stdout.write(connectionRecord(connectionJson(report), time));
  // An error document is written by whoever reports the error.
  if (format === 'json' && !report.error) stdout.write(shown`${indentJson(connectionJson(report))}\n`);
}
