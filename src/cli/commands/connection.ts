/** `sfcompose connection`: the settings in force and where each is from, and what the cluster makes of them. */

import { type ConnectionReport, checkConnection } from '../../cluster/connection-check.ts';
import { resolveConnection } from '../../config/connection.ts';
import type { ConnectionFlags } from '../../config/connection-flags.ts';
import {
  renderConnectionJson,
  renderConnectionLine,
  renderConnectionTable,
} from '../../output/connection.ts';
import { indentJson } from '../../output/json/document.ts';
import { renderConnectionRecord, renderOutcomeRecord } from '../../output/json/records.ts';
import { startSpinner } from '../../output/spinner.ts';
import { createStyle } from '../../output/style.ts';
import { ExpectedError } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import type { Outcome } from '../../platform/outcome.ts';
import { literal, printable } from '../../platform/printable.ts';
import { createTrace, openGateway } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../output-options.ts';

/** @throws ExpectedError for a cluster that cannot be reached, or refuses us */
export async function connection(flags: ConnectionFlags & OutputFlags, host: Host): Promise<Outcome> {
  const started = host.clock.monotonic();
  const trace = createTrace(flags, host);
  const output = resolveOutput(flags, host.env);
  const settings = await resolveConnection(flags, host, trace);
  const gateway = openGateway(settings, output, trace, host);
  const spinner = output.quiet
    ? undefined
    : await startSpinner(literal`Trying ${printable(settings.endpoint.origin)}`, output.color, host);
  let report: ConnectionReport;
  try {
    report = await checkConnection(gateway, settings, host);
  } finally {
    spinner?.stop();
    gateway.close();
  }
  printReport(report, output, host);
  if (report.error) {
    // The table has just shown it.
    const certificate = output.format === 'table' && report.peer ? [] : (report.error.certificate ?? []);
    throw new ExpectedError({ ...report.error, certificate, document: renderConnectionJson(report) });
  }
  if (output.format === 'ndjson') {
    const elapsed = host.clock.monotonic() - started;
    const ending = { outcome: 'completed', deployment: null, targetVersion: null, elapsed } as const;
    const reason = `${settings.endpoint.origin} answers`;
    host.stdout.write(renderOutcomeRecord({ ...ending, reason }, new Date(host.clock.now())));
  }
  return 'completed';
}

function printReport(report: ConnectionReport, { format, color }: OutputSettings, host: Host): void {
  const { stdout, clock, env } = host;
  const time = new Date(clock.now());
  if (format === 'table')
    stdout.write(renderConnectionTable(report, createStyle(color, stdout, env), clock.now()));
  if (format === 'plain') stdout.write(renderConnectionLine(report, time));
  if (format === 'ndjson') stdout.write(renderConnectionRecord(renderConnectionJson(report), time));
  // An error document is written by whoever reports the error.
  if (format === 'json' && !report.error)
    stdout.write(literal`${indentJson(renderConnectionJson(report))}\n`);
}
