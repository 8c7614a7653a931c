/** The deployments of a cluster, for a completion: quickly, quietly, or not at all. */

import { connect } from '../../cluster/gateway.ts';
import { type ConnectionFlags, resolveConnection } from '../../config/connection.ts';
import type { Host } from '../../platform/host.ts';
import { printable } from '../../platform/printable.ts';
import { forwardAbort } from '../../platform/timeout.ts';
import type { Candidate } from './candidates.ts';

/** Milliseconds for all of it. */
const maxSearchMs = 1500;

/**
 * What is found in time. Nothing is said of any failure, nor could anybody be warned: where `--token-command` would be
 * run, or the server's certificate not be checked, the cluster is not asked.
 */
export async function findDeployments(flags: ConnectionFlags, host: Host): Promise<readonly Candidate[]> {
  if (flags.tokenCommand !== undefined) return [];
  const found: Candidate[] = [];
  const tooLate = new AbortController();
  const callOff = host.clock.after(maxSearchMs, () => tooLate.abort());
  const undo = forwardAbort(host.interrupt, tooLate);
  const late = new Promise<void>((resolve) => {
    if (tooLate.signal.aborted) resolve();
    tooLate.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([late, search(flags, host, tooLate.signal, found).catch(() => {})]);
  callOff();
  undo();
  if (tooLate.signal.aborted) host.exitSoon();
  return found;
}

async function search(
  flags: ConnectionFlags,
  host: Host,
  signal: AbortSignal,
  found: Candidate[],
): Promise<void> {
  const trace = () => {};
  const connection = await resolveConnection(flags, host, trace);
  if (connection.trust.by === 'nobody') return;
  const gateway = connect({ connection, clock: host.clock, trace });
  try {
    for await (const page of gateway.readDeployments(signal, { timeout: 1 })) {
      // What a shell would show in another way than it is, or take for an option, is better typed by hand.
      const names = page.filter(({ name }) => printable(name) === name && !name.startsWith('-'));
      found.push(...names.map(({ name, status }) => ({ word: name, meaning: `${status ?? ''}` })));
    }
  } finally {
    gateway.close();
  }
}
