/** `sfcompose connection`: the settings in force and where each is from, and what the cluster makes of them. */

import type { ConnectionReport } from '../../cluster/connection-check.ts';
import { explain } from '../../cluster/faults/explain.ts';
import { GatewayError } from '../../cluster/faults/fault.ts';
import { type Gateway, grace } from '../../cluster/gateway.ts';
import { type Connection, type ConnectionFlags, connectionOf } from '../../config/connection.ts';
import type { TokenFacts } from '../../config/credential-facts.ts';
import { connectionJson, connectionLine, connectionTable } from '../../output/connection.ts';
import { indentJson } from '../../output/json/document.ts';
import { connectionRecord, outcomeRecord } from '../../output/json/records.ts';
import { startSpinner } from '../../output/spinner.ts';
import { styleOf } from '../../output/style.ts';
import { ExpectedError, type Explanation } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import type { Outcome } from '../../platform/outcome.ts';
import { printable, shown } from '../../platform/printable.ts';
import { open, tracer } from '../open-gateway.ts';
import { type OutputFlags, type OutputSettings, outputSettingsOf } from './upgrade-progress/options.ts';

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

/** One question that anybody may ask, then one that only those may whom the cluster knows. */
async function tryOut(gateway: Gateway, settings: Connection, host: Host): Promise<ConnectionReport> {
  let entra: ConnectionReport['entra'];
  let version: string | undefined;
  let error: Explanation | undefined;
  try {
    // Before anything is sent.
    await settings.token?.current(host.interrupt);
    entra = await gateway.readEntra(host.interrupt).catch(goOnAfterAnswer);
    version = await gateway.readVersion(host.interrupt);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    error = explain(thrown.fault, thrown.request, {
      deployment: undefined,
      endpoint: settings.endpoint.origin + settings.endpoint.basePath,
      reach: settings.reach,
      timeout: settings.timeout,
      grace,
      tries: 1,
      wasSeen: false,
      now: host.clock.now(),
    });
  }
  const token = gateway.token();
  return {
    settings: settings.inForce,
    isAnswered: entra !== undefined || version !== undefined || error?.status !== undefined,
    peer: gateway.peer(),
    entra,
    token,
    version,
    isAuthenticated: version !== undefined || isKnown(error),
    role: version === undefined ? undefined : roleOf(settings, token),
    error,
  };
}

/** Not every gateway, or what stands before it, answers just anybody. */
function goOnAfterAnswer(error: unknown): undefined {
  if (error instanceof GatewayError && error.fault.kind === 'answer') return undefined;
  throw error;
}

/** @returns whether the cluster knows who we are, `undefined` where that is left open */
function isKnown(error: Explanation | undefined): boolean | undefined {
  if (error?.code === 'E_ACCESSDENIED') return true;
  return error?.outcome === 'unauthorized' && error.status ? false : undefined;
}

/** The cluster does not tell it, so it is what follows from how we were let in. */
function roleOf({ endpoint }: Connection, token: TokenFacts | undefined): string {
  if (!endpoint.isTls) return 'Admin, as everybody on a cluster without security';
  if (token && token.roles.length > 0) return `${token.roles.join(', ')}, as the token says`;
  return 'User or Admin: it may read upgrades';
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
