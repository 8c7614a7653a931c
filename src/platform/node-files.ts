/** Reads and appends to files, named pipes and terminals, without keeping the process alive. */
import { constants, createReadStream, fstatSync, openSync, type ReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import tty, { isatty } from 'node:tty';
import type { Host } from './host.ts';
import type { Printable } from './printable.ts';
import { rejectOnAbort } from './timeout.ts';

/** Largest file that is read. A bundle of all public certificate authorities has about 256 KiB. */
const maxFileBytes = 4 * 2 ** 20;

// Windows has no named pipes in its file system, and no O_NONBLOCK.
const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK = 0 } = constants;

/** Creates an implementation of {@link Host.readFile}. Remembers the content of pipes. */
export function createFileReader(): Host['readFile'] {
  const pipes = new Map<string, Pipe>();
  return async (path, signal) => {
    const file = await stat(path);
    if (file.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    if (!file.isFIFO() && !file.isCharacterDevice()) return readRegularFile(path);
    const pipe = pipes.get(path) ?? openPipe(path);
    pipes.set(path, pipe);
    pipe.ref();
    return rejectOnAbort(signal, pipe.content).finally(pipe.unref);
  };
}

/** A named pipe or terminal, with the content that was or is being read. */
interface Pipe {
  readonly content: Promise<Buffer>;
  /** Keeps the process alive until the content has been read. */
  ref(): void;
  /** Lets the process end without the content. */
  unref(): void;
}

/**
 * Opens a named pipe or a terminal without blocking. Node would read it in a thread, which keeps the process alive
 * while it waits for a writer or for input.
 */
function openPipe(path: string): Pipe {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  const stream = openStream(fd);
  let isOpen = true;
  const content = readAll(stream).finally(() => {
    isOpen = false;
  });
  // May reject when no reader is waiting any more.
  content.catch(() => {});
  const socket = stream instanceof net.Socket ? stream : undefined;
  return {
    content,
    ref: () => void (isOpen && socket?.ref()),
    unref: () => void (isOpen && socket?.unref()),
  };
}

function openStream(fd: number): net.Socket | ReadStream {
  if (isatty(fd)) return new tty.ReadStream(fd);
  // Other devices, such as /dev/null, do not wait.
  if (!fstatSync(fd).isFIFO()) return createReadStream('', { fd, end: maxFileBytes });
  return new net.Socket({ fd, readable: true, writable: false });
}

/** Implements `Host.stdin.read`. */
export async function readStdin(signal: AbortSignal): Promise<Buffer> {
  try {
    return await rejectOnAbort(signal, readAll(process.stdin));
  } finally {
    // A writer that never ends would keep the process alive. Windows reads files and consoles in a thread.
    if (signal.aborted) process.stdin.destroy();
  }
}

/** Implements {@link Host.listFiles}. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const paths = (await readdir(folder)).sort().map((name) => join(folder, name));
  // A link may lead nowhere.
  const files = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, index) => files[index]?.isFile());
}

/** Implements {@link Host.append}. */
export async function appendToFile(path: string, text: Printable): Promise<void> {
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

function readRegularFile(path: string): Promise<Buffer> {
  // A device may have no end.
  return readAll(createReadStream(path, { end: maxFileBytes }));
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxFileBytes) throw Object.assign(new Error('more than 4 MiB'), { code: 'EFBIG' });
  }
  return Buffer.concat(chunks);
}
