/** Causes faults of single requests, in the server or on the network. */
import type { ServerResponse } from 'node:http';
import net from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { onTestFinished, vi } from 'vitest';
import type { TestTime } from './run.ts';
import { answer, answerError, type Script } from './scripted-gateway.ts';

/** Where a fault occurs. */
interface Place {
  readonly time: TestTime;
  /** Milliseconds after which the client gives up. */
  readonly timeoutMs: number;
  /** The body that the client expects. */
  readonly document: string;
  /** Whether a fault of connections hits the connection with that number, counted from 0. */
  isHit(connection: number): boolean;
}

/** Prepares a fault. @returns the server's script, or nothing if no request reaches the server */
export type Fault = (place: Place) => Script | undefined;

/** Fails connecting with this error code. On loopback no host is unreachable, so connecting itself is replaced. */
export const failConnecting = (code: string): Fault =>
  replaceConnecting((socket) => {
    socket.destroy(Object.assign(new Error(`connect ${code}`), { code }));
  });

/** Never connects, as behind a firewall that drops packets. */
export const hangConnecting: Fault = replaceConnecting((_, { time, timeoutMs }) => {
  setImmediate(() => time.pass(timeoutMs));
});

function replaceConnecting(happens: (socket: net.Socket, place: Place) => void): Fault {
  return (place) => {
    const { connect } = net;
    let connections = 0;
    const spy = vi.spyOn(net, 'connect').mockImplementation(((options: net.NetConnectOpts) => {
      if (!place.isHit(connections++)) return connect(options);
      const socket = new net.Socket();
      happens(socket, place);
      return socket;
    }) as typeof net.connect);
    onTestFinished(() => spy.mockRestore());
    return undefined;
  };
}

export const staySilent: Fault =
  ({ time, timeoutMs }) =>
  () =>
    time.pass(timeoutMs);

/** Sends the same few bytes each second until the client gives up. */
export const drip =
  (head: string, drop: string | Buffer = ' '): Fault =>
  ({ time, timeoutMs }) =>
  (_, { socket }) => {
    socket.write(head);
    const drip = (left: number) => {
      socket.write(drop);
      time.pass(1000);
      if (left > 1000) setImmediate(drip, left - 1000);
    };
    setImmediate(drip, timeoutMs);
  };

type Form = string | Buffer | ((document: string) => string | Buffer);

/** Sends these bytes, and closes the connection. */
export const sendBytes =
  (of: Form): Fault =>
  ({ document }) =>
  (_, { socket }) => {
    socket.end(typeof of === 'function' ? of(document) : of);
  };

/** Sends these bytes, and resets the connection. */
export const resetConnection =
  (after = ''): Fault =>
  () =>
  (_, { socket }) => {
    if (after === '') socket.resetAndDestroy();
    else socket.write(after, () => socket.resetAndDestroy());
  };

export const formatHead = (headers: string, line = 'HTTP/1.1 200 OK') => `${line}\r\n${headers}\r\n\r\n`;

/** Formats a whole response with this document. */
export const formatResponse = (document: string, connection = 'close') =>
  formatHead(`Connection: ${connection}\r\nContent-Length: ${Buffer.byteLength(document)}`) + document;

/** Sends interim responses, and then the document. */
export const sendInterim = (line: string, times = 1): Fault =>
  sendBytes((document) => formatHead('X: x', `HTTP/1.1 ${line}`).repeat(times) + formatResponse(document));

type Headers = Readonly<Record<string, string>>;

/** Sends a status without a FabricError. */
export const sendStatus =
  (code: number, headers: Headers = {}, body = ''): Fault =>
  () =>
    answer(body, code, '', headers);

export const sendFabricError =
  (code: number, name: string): Fault =>
  () =>
    answerError(code, name);

/** Sends a success with another body, or with the document in another form or under other headers. */
export const sendBody =
  (of: Form = (document) => document, headers: Headers = {}): Fault =>
  ({ document }) =>
    answer(typeof of === 'function' ? of(document) : of, 200, 'OK', headers);

/** Sends the document with one more member. */
export const sendMember = (member: string, encoding: BufferEncoding = 'utf8'): Fault =>
  sendBody((document) => Buffer.from(insertMember(document, member), encoding));

export const insertMember = (document: string, member: string) => `${document.slice(0, -1)},${member}}`;

export const webPageHeaders: Headers = { 'Content-Type': 'text/html' };

const mebibyte = Buffer.alloc(2 ** 20, ' ');

/** Sends a body of that many MiB, or until the client disconnects. */
export const flood =
  (mebibytes: number, headers: Headers = {}): Fault =>
  () =>
  (response: ServerResponse) => {
    response.writeHead(200, headers);
    // The client disconnects before the end, which is expected.
    pipeline(Readable.from(Array(mebibytes).fill(mebibyte)), response, () => {});
  };

/** Sends 5 MB that unpack to 5 GB, which is more than fits into a Node.js buffer. */
export const sendBomb: Fault = sendBody(() => Buffer.concat(Array(5000).fill(gzipSync(mebibyte))), {
  'Content-Encoding': 'gzip',
});

/** Nests 10,000 levels, more than the stack holds. */
export const nest = (open: string, close: string) => open.repeat(10_000) + close.repeat(10_000);
