/** Hides secrets in what a server sends back, however it spells them. */
import type { Connection } from '../config/connection.ts';
import type { Token } from '../config/token-source.ts';

/** What finds that which we sent in confidence, as a server that echoes its requests would tell it. */
export interface Secrets {
  readonly token: RegExp | undefined;
  /** What the proxy is told as well. */
  readonly all: RegExp | undefined;
}

export function collectSecrets({ proxy }: Connection, sent: readonly Token[]): Secrets {
  // What is shorter is met by chance, and no token.
  const token = sent
    .map(({ text }) => text.reveal())
    .filter((text) => text.length >= 8)
    .map(buildTokenPattern);
  const authorization = proxy?.authorization?.reveal().replace(/^Basic /, '') ?? '';
  const passwords = proxy?.passwords.map((password) => password.reveal()) ?? [];
  // What is searched is read byte by byte.
  const inBytes = passwords.map((password) => Buffer.from(password).toString('latin1'));
  const ofProxy = [...new Set([authorization, ...passwords, ...inBytes])]
    .flatMap(splitSecret)
    .filter((text) => text.length >= 4)
    .map(buildPattern);
  return { token: compileFinder(token), all: compileFinder([...token, ...ofProxy]) };
}

function compileFinder(patterns: readonly string[]): RegExp | undefined {
  return patterns.length > 0 ? new RegExp(patterns.join('|'), 'gi') : undefined;
}

/** What V8 can compile the spellings of, however long a secret is. */
const maxPieceLength = 64;

function splitSecret(secret: string): readonly string[] {
  // None at the end is so short that it would be met by chance.
  return secret.match(/.{1,67}$|.{64}/gs) ?? [];
}

/** Of a long one the beginning, and all that goes on like a token. */
function buildTokenPattern(token: string): string {
  const more = String.raw`(?:[\w.~+=-]|\\?/|(?:\\u00|%)(?:2[bdef]|3[\dd]|[46][1-9a-f]|[57][\da]|5f|7e))`;
  // No further than the token goes: for a match of millions of characters V8 runs out of stack.
  return `${buildPattern(token.slice(0, maxPieceLength))}${more}{0,${Math.max(0, token.length - maxPieceLength)}}`;
}

/** Each character as it is, as JSON may escape it, or as a URL. */
function buildPattern(secret: string): string {
  return [...secret]
    .map((character) => {
      const hex = character.charCodeAt(0).toString(16).padStart(2, '0');
      return `(?:\\\\?${character.replace(/[^\w]/, '\\$&')}|\\\\u00${hex}|%${hex})`;
    })
    .join('');
}

export function redact(text: string, secrets: RegExp | undefined): string {
  return secrets ? text.replace(secrets, '***') : text;
}
