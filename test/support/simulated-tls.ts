/** A simulated cluster over TLS that wants a client certificate, and clients of it. */
import https, { type RequestOptions } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { newAuthority } from './authority.ts';
import { progressPath, simulatedCluster } from './simulated-cluster.ts';

const authority = newAuthority('Test authority');
const issued = () => authority.issue({ address: '127.0.0.1' });
export const mine = issued();
export const anothers = issued();
export const progress = progressPath('web');

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** One request, on a connection of its own unless an agent is given. */
export function ask(url: string, path: string, options: RequestOptions = {}, body?: Buffer): Promise<Answer> {
  const client: RequestOptions = { rejectUnauthorized: false, agent: false, path, ...options };
  return new Promise((resolve, reject) => {
    const request = https.request(url, client, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const { statusCode = 0, statusMessage = '' } = response;
      resolve({ status: statusCode, reason: statusMessage, body: Buffer.concat(chunks).toString() });
    });
    request.on('error', reject).end(body);
  });
}

/** A connection that has sent a request, and reads nothing. */
export async function mute(url: string): Promise<TLSSocket> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, ...mine });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  socket.pause();
  await new Promise((resolve) =>
    socket.write(`GET ${progress} HTTP/1.1\r\nHost: localhost\r\n\r\n`, resolve),
  );
  // The other side has to notice.
  await ask(url, '/$/GetAadMetadata?api-version=1.0');
  return socket;
}

export const secured = () => simulatedCluster('happy', { tls: true, clientCertificate: mine.cert });
export const refusal: Answer = { status: 403, reason: 'Client certificate required', body: '' };
