/** `sfcompose connection`: shows the effective settings and their sources, and tests them on the cluster. */
import { type ConnectionReport, checkConnection } from '../../cluster/connection-check.ts';
import { type Connection, resolveConnection } from '../../config/connection.ts';
import type { ConnectionFlags } from '../../config/connection-flags.ts';
import {
  renderConnectionJson,
  renderConnectionLine,
  renderConnectionTable,
} from '../../output/connection.ts';
import { renderConnectionRecord } from '../../output/json/records.ts';
import { startSpinner } from '../../output/spinner.ts';
import { createStyle } from '../../output/style.ts';
import type { Host } from '../../platform/host.ts';
import { literal, printable } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { openGateway } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, resolveOutput } from '../output-options.ts';
import { createTrace } from '../trace.ts';

/** Checks the connection and prints the report. */
export async function connection(flags: ConnectionFlags & OutputFlags, host: Host): Promise<CommandResult> {
  const trace = createTrace(flags, host);
  const output = resolveOutput(flags, host.env);
  const settings = await resolveConnection(flags, host, trace);
  return printReport(await readReport(settings, output, trace, host), settings, output, host);
}

/** Checks a connection. */
export async function readReport(
  settings: Connection,
  output: OutputSettings,
  trace: (line: string) => void,
  host: Host,
): Promise<ConnectionReport> {
  const gateway = openGateway(settings, output, trace, host);
  const text = literal`Connecting to ${printable(settings.endpoint.origin)}`;
  const spinner = output.quiet ? undefined : await startSpinner(text, output.color, host);
  return checkConnection(gateway, settings, host).finally(() => {
    spinner?.stop();
    gateway.close();
  });
}

/** Prints a report. */
export function printReport(
  report: ConnectionReport,
  settings: Connection,
  { format, color }: OutputSettings,
  { stdout, clock, env }: Host,
): CommandResult {
  const document = renderConnectionJson(report, settings);
  const time = new Date(clock.now());
  if (format === 'table') {
    const style = createStyle(color, stdout, env);
    stdout.write(renderConnectionTable(report, settings.clusterName, style, clock.now()));
  }
  if (format === 'plain') stdout.write(renderConnectionLine(report, time));
  if (format === 'ndjson') stdout.write(renderConnectionRecord(document, time));
  const { error, peer } = report;
  if (error) {
    // The table has just shown the certificate.
    const certificate = format === 'table' && peer ? [] : (error.certificate ?? []);
    return { outcome: error.outcome, explanation: { ...error, certificate }, document, isOnScreen: true };
  }
  const reason = `Connected to ${settings.endpoint.origin}`;
  return { outcome: 'completed', document, record: { reason, deployment: null, targetVersion: null } };
}
