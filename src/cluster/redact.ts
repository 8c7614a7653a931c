/** Redacts secrets that a server sends back, in any encoding. */
import type { Connection } from '../config/connection.ts';
import type { Token } from '../config/token.ts';
import type { Secret } from '../platform/secret.ts';
import type { ResponseHead } from './faults/fault.ts';

/** Patterns that match the secrets that were sent; `undefined` for none. */
export interface Secrets {
  readonly tokens: RegExp | undefined;
  /** Tokens, passwords in the request's body, and the proxy's credentials. */
  readonly all: RegExp | undefined;
}

/** Shortest token and shortest password that are redacted, in characters: shorter ones occur by chance. */
const minTokenLength = 8;
const minPasswordLength = 4;

/**
 * Builds the patterns for the tokens that were sent and the proxy's credentials.
 * @param inBody passwords in the request's body
 */
export function collectSecrets(
  { proxy }: Connection,
  sent: readonly Token[],
  inBody: readonly Secret[] = [],
): Secrets {
  const tokens = sent
    .map(({ text }) => text.reveal())
    .filter((text) => text.length >= minTokenLength)
    .map(buildTokenPattern);
  const authorization = proxy?.authorization?.reveal().replace(/^Basic /, '') ?? '';
  const passwords = [...(proxy?.passwords ?? []), ...inBody].map((password) => password.reveal());
  // Bodies are searched as Latin-1.
  const inLatin1 = passwords.map((password) => Buffer.from(password).toString('latin1'));
  const otherSecrets = [...new Set([authorization, ...passwords, ...inLatin1, ...inBody.map(encodeBase64)])]
    .flatMap(splitSecret)
    .filter((text) => text.length >= minPasswordLength)
    .map(buildPattern);
  return { tokens: compilePattern(tokens), all: compilePattern([...tokens, ...otherSecrets]) };
}

/** Encodes a password without padding, so that the pattern matches with and without it. */
function encodeBase64(password: Secret): string {
  return Buffer.from(password.reveal()).toString('base64').replace(/=+$/, '');
}

function compilePattern(patterns: readonly string[]): RegExp | undefined {
  return patterns.length > 0 ? new RegExp(patterns.join('|'), 'gi') : undefined;
}

/** Longest part of a secret in one pattern, in characters: V8 fails to compile much longer patterns. */
const maxPieceLength = 64;

/** Splits a secret into pieces, none shorter than {@link minPasswordLength} unless the secret itself is. */
function splitSecret(secret: string): readonly string[] {
  return secret.match(/.{1,67}$|.{64}/gs) ?? [];
}

/** Builds a pattern for the first piece of a token and all token characters that follow. */
function buildTokenPattern(token: string): string {
  const more = String.raw`(?:[\w.~+=-]|\\?/|(?:\\u00|%)(?:2[bdef]|3[\dd]|[46][1-9a-f]|[57][\da]|5f|7e))`;
  // Limited to the token's length, because a match of millions of characters overflows V8's stack.
  return `${buildPattern(token.slice(0, maxPieceLength))}${more}{0,${Math.max(0, token.length - maxPieceLength)}}`;
}

/** Builds a pattern that matches each character literally, as a JSON escape, or percent-encoded. */
function buildPattern(secret: string): string {
  return [...secret]
    .map((character) => {
      const hex = character.charCodeAt(0).toString(16).padStart(2, '0');
      return `(?:\\\\?${character.replace(/[^\w]/, '\\$&')}|\\\\u00${hex}|%${hex})`;
    })
    .join('');
}

/** Replaces secrets with `***`. */
export function redact(text: string, secrets: RegExp | undefined): string {
  return secrets ? text.replace(secrets, '***') : text;
}

/** Redacts the reason and the headers of a response. @param headers by name in lower case */
export function redactHead(
  {
    status,
    reason,
    headers,
  }: {
    readonly status: number;
    readonly reason: string;
    readonly headers: Readonly<Record<string, unknown>>;
  },
  secrets: RegExp | undefined,
): ResponseHead {
  const header = (name: string) => redact(String(headers[name] ?? ''), secrets) || undefined;
  return {
    status,
    reason: redact(reason, secrets),
    contentType: header('content-type'),
    location: header('location'),
    authenticate: header('www-authenticate'),
    retryAfter: header('retry-after'),
  };
}
