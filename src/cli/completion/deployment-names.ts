/** Finds a cluster's deployments for a completion, within a short time and without output. */
import { Gateway } from '../../cluster/gateway.ts';
import { resolveConnections } from '../../config/connection.ts';
import type { ConnectionFlags } from '../../config/connection-flags.ts';
import { type Host, ProgramError } from '../../platform/host.ts';
import { printable } from '../../platform/printable.ts';
import { rejectOnAbort, withTimeout } from '../../platform/timeout.ts';
import type { Candidate } from './candidates.ts';

/** Limit for the whole search, in milliseconds. */
const maxSearchMs = 1500;

/**
 * Returns the deployments that are found in time; none after a failure. It does not ask a cluster if that would run a
 * command for a token or leave the server's certificate unchecked, because a completion can show no warning.
 */
export async function findDeployments(flags: ConnectionFlags, host: Host): Promise<readonly Candidate[]> {
  const found = new Map<string, Candidate>();
  await withTimeout(host.clock, maxSearchMs, host.interrupt, async (signal) => {
    // A name lookup cannot be cancelled.
    await rejectOnAbort(signal, search(flags, host, signal, found)).catch(() => {});
    if (signal.aborted) host.exitSoon();
  });
  return [...found.values()];
}

/** @param found receives the deployments of all clusters page by page, by name */
async function search(
  flags: ConnectionFlags,
  host: Host,
  signal: AbortSignal,
  found: Map<string, Candidate>,
): Promise<void> {
  const trace = () => {};
  const run: Host['run'] = async () => {
    throw new ProgramError('not run for a completion', '');
  };
  const connections = await resolveConnections(flags, { ...host, run }, trace);
  await Promise.allSettled(
    connections.map(async (connection) => {
      if (connection.trust.by === 'nobody') return;
      const gateway = new Gateway({ connection, clock: host.clock, trace });
      try {
        for await (const page of gateway.readDeployments(signal, { timeout: 1 })) {
          // Excludes names that a shell would show differently or take for an option.
          const names = page.filter(({ name }) => printable(name) === name && !name.startsWith('-'));
          for (const { name, status } of names) found.set(name, { word: name, meaning: `${status ?? ''}` });
        }
      } finally {
        gateway.close();
      }
    }),
  );
}
