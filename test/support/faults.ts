/** What can go wrong with one request: each fault is what a server, or the network before it, does with it. */
import type { ServerResponse } from 'node:http';
import net from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { onTestFinished, vi } from 'vitest';
import type { TestTime } from './run.ts';
import { answer, fabricError, type Script } from './scripted-gateway.ts';

/** Where a fault is met. */
interface Place {
  readonly time: TestTime;
  /** Milliseconds until whoever asks gives up. */
  readonly patience: number;
  /** What would be answered if all were well. */
  readonly document: string;
  /** Whether it strikes the connection of that number, from 0, where it is one of connections. */
  strikes(connection: number): boolean;
}

/** @returns what the server does, or nothing where no request ever comes to it */
export type Fault = (place: Place) => Script | undefined;

/** Loopback has no way to be unreachable, and each system its own time until it says so: it is said here. */
export const noConnection = (code: string): Fault =>
  insteadOfConnecting((socket) => {
    socket.destroy(Object.assign(new Error(`connect ${code}`), { code }));
  });

/** As where a firewall swallows the packets. */
export const neverConnected: Fault = insteadOfConnecting((_, { time, patience }) => {
  setImmediate(() => time.pass(patience));
});

function insteadOfConnecting(happens: (socket: net.Socket, place: Place) => void): Fault {
  return (place) => {
    const { connect } = net;
    let connections = 0;
    const spy = vi.spyOn(net, 'connect').mockImplementation(((options: net.NetConnectOpts) => {
      if (!place.strikes(connections++)) return connect(options);
      const socket = new net.Socket();
      happens(socket, place);
      return socket;
    }) as typeof net.connect);
    onTestFinished(() => spy.mockRestore());
    return undefined;
  };
}

export const silent: Fault =
  ({ time, patience }) =>
  () =>
    time.pass(patience);

/** Sends a little each second, for longer than anybody waits. */
export const dripping =
  (head: string, drop: string | Buffer = ' '): Fault =>
  ({ time, patience }) =>
  (_, { socket }) => {
    socket.write(head);
    const drip = (left: number) => {
      socket.write(drop);
      time.pass(1000);
      if (left > 1000) setImmediate(drip, left - 1000);
    };
    setImmediate(drip, patience);
  };

type Form = string | Buffer | ((document: string) => string | Buffer);

/** The bytes themselves, after which the connection is closed. */
export const bytes =
  (of: Form): Fault =>
  ({ document }) =>
  (_, { socket }) => {
    socket.end(typeof of === 'function' ? of(document) : of);
  };

/** The same, but the connection is torn down. */
export const reset =
  (after = ''): Fault =>
  () =>
  (_, { socket }) => {
    if (after === '') socket.resetAndDestroy();
    else socket.write(after, () => socket.resetAndDestroy());
  };

export const head = (headers: string, line = 'HTTP/1.1 200 OK') => `${line}\r\n${headers}\r\n\r\n`;

/** The document with its head, as a string of bytes. */
export const whole = (document: string, connection = 'close') =>
  head(`Connection: ${connection}\r\nContent-Length: ${Buffer.byteLength(document)}`) + document;

/** What a server says before the answer, and then that. */
export const following = (line: string, times = 1): Fault =>
  bytes((document) => head('X: x', `HTTP/1.1 ${line}`).repeat(times) + whole(document));

type Headers = Readonly<Record<string, string>>;

/** An answer without a body, or with one that is no FabricError. */
export const status =
  (code: number, headers: Headers = {}, body = ''): Fault =>
  () =>
    answer(body, code, '', headers);

export const fabric =
  (code: number, name: string): Fault =>
  () =>
    fabricError(code, name);

/** A success with another body than there should be, or with that one in another form or under other headers. */
export const body =
  (of: Form = (document) => document, headers: Headers = {}): Fault =>
  ({ document }) =>
    answer(typeof of === 'function' ? of(document) : of, 200, 'OK', headers);

/** The document with something more in it. */
export const withMember = (member: string, encoding: BufferEncoding = 'utf8'): Fault =>
  body((document) => Buffer.from(joined(document, member), encoding));

export const joined = (document: string, member: string) => `${document.slice(0, -1)},${member}}`;

export const webPage: Headers = { 'Content-Type': 'text/html' };

const mebibyte = Buffer.alloc(2 ** 20, ' ');

/** As much as the client lets it, of `most` MiB. */
export const flood =
  (most: number, headers: Headers = {}): Fault =>
  () =>
  (response: ServerResponse) => {
    response.writeHead(200, headers);
    // The client hangs up.
    pipeline(Readable.from(Array(most).fill(mebibyte)), response, () => {});
  };

/** A thousand times as much as is sent: 5 GB, more than Node.js could hold in one piece. */
export const bomb: Fault = body(() => Buffer.concat(Array(5000).fill(gzipSync(mebibyte))), {
  'Content-Encoding': 'gzip',
});

/** Deeper than any stack is. */
export const nested = (open: string, close: string) => open.repeat(10_000) + close.repeat(10_000);
