/** Opens TCP connections. The set-up can be cancelled. */
import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import net from 'node:net';

/** Connects to a host. @throws Node's own error, or an AbortError once the signal aborts */
export async function connectTcp(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<net.Socket> {
  const socket = net.connect({ host, port });
  await waitForEvent(socket, 'connect', signal);
  return socket;
}

/**
 * Waits for an event and returns its arguments. Destroys the emitter if it fails first, or if the signal aborts.
 * @throws the emitter's error, or an AbortError
 */
export async function waitForEvent(
  emitter: net.Socket | ClientRequest,
  event: string,
  signal: AbortSignal,
): Promise<unknown[]> {
  // Without a listener, an error between two steps would crash the process.
  emitter.on('error', () => {});
  try {
    return await once(emitter, event, { signal });
  } catch (error) {
    emitter.destroy();
    throw error;
  }
}
