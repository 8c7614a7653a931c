/** `sfcompose connection`: shows the effective settings and their sources, and tests them on the cluster. */
import { type ConnectionReport, checkConnection } from '../../cluster/connection-check.ts';
import { resolveConnection } from '../../config/connection.ts';
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
  const gateway = openGateway(settings, output, trace, host);
  const { origin } = settings.endpoint;
  const spinner = output.quiet
    ? undefined
    : await startSpinner(literal`Connecting to ${printable(origin)}`, output.color, host);
  const report = await checkConnection(gateway, settings, host).finally(() => {
    spinner?.stop();
    gateway.close();
  });
  const document = renderConnectionJson(report, settings);
  printReport(report, document, settings.clusterName, output, host);
  const { error, peer } = report;
  if (error) {
    // The table has just shown the certificate.
    const certificate = output.format === 'table' && peer ? [] : (error.certificate ?? []);
    return { outcome: error.outcome, explanation: { ...error, certificate }, document, isOnScreen: true };
  }
  const record = { reason: `Connected to ${origin}`, deployment: null, targetVersion: null };
  return { outcome: 'completed', document, record };
}

function printReport(
  report: ConnectionReport,
  document: string,
  cluster: string,
  { format, color }: OutputSettings,
  host: Host,
): void {
  const { stdout, clock, env } = host;
  const time = new Date(clock.now());
  if (format === 'table') {
    const style = createStyle(color, stdout, env);
    stdout.write(renderConnectionTable(report, cluster, style, clock.now()));
  }
  if (format === 'plain') stdout.write(renderConnectionLine(report, time));
  if (format === 'ndjson') stdout.write(renderConnectionRecord(document, time));
}
