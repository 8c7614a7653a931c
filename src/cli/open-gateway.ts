/** Opens the gateway for commands that speak to a cluster. */
import { Gateway } from '../cluster/gateway.ts';
import type { Connection } from '../config/connection.ts';
import type { Host } from '../platform/host.ts';
import { literal, type Printable, printable } from '../platform/printable.ts';

/**
 * Prepares the gateway; nothing is sent yet. Traces all settings, and warns if the server's certificate is not checked.
 */
export function openGateway(
  connection: Connection,
  { quiet }: { quiet: boolean },
  trace: (line: string) => void,
  host: Host,
): Gateway {
  for (const { name, value, from } of connection.effectiveSettings) trace(`  ${name}: ${value} (${from})`);
  if (connection.trust.by === 'nobody' && !quiet)
    host.stderr.write(literal`sfcompose: warning: ${describeUncheckedServer(connection)}\n`);
  return new Gateway({ connection, clock: host.clock, trace });
}

function describeUncheckedServer({ effectiveSettings, token }: Connection): Printable {
  const from = effectiveSettings.find(({ name }) => name === 'trust')?.from ?? '';
  const loss = token ? ', and be sent the token' : '';
  return printable(
    `the server's certificate is not checked (${from}): anybody could answer in the cluster's place${loss}.`,
  );
}
