/** What every command that speaks to a cluster does first. */
import type { Connection } from '../connection/connection.ts';
import { connect, type Gateway } from '../gateway.ts';
import type { Host } from '../host.ts';
import { printable } from '../text.ts';

/** @returns what writes a line to stderr, where `--verbose` asks for that */
export function tracer(flags: { readonly verbose?: boolean }, host: Host): (line: string) => void {
  return (line) => {
    if (flags.verbose) host.stderr.write(`${printable(line)}\n`);
  };
}

/** Opens no connection yet, but says what it will go by: on request all of it, and unasked that nothing is checked. */
export function open(
  connection: Connection,
  { quiet }: { quiet: boolean },
  trace: (line: string) => void,
  host: Host,
): Gateway {
  for (const { name, value, from } of connection.inForce) trace(`  ${name}: ${value} (${from})`);
  const from = connection.inForce.find(({ name }) => name === 'trust')?.from ?? '';
  if (connection.trust.by === 'nobody' && !quiet)
    host.stderr.write(
      `sfcompose: warning: the server's certificate is not checked (${from}): anybody could answer in the cluster's place.\n`,
    );
  return connect({ connection, clock: host.clock, trace });
}
