/** Bearer tokens of Microsoft Entra ID: where they come from, when a new one is needed, and what can be read in them. */
import parseWords from 'string-argv';
import { ExpectedError, interruptedError, usageError } from '../platform/errors.ts';
import { formatDuration } from '../platform/format.ts';
import { type Host, ProgramError } from '../platform/host.ts';
import { Secret } from '../platform/secret.ts';
import { forwardAbort, rejectOnAbort } from '../platform/timeout.ts';
import type { TokenFacts } from './credential-facts.ts';
import { fileError, type NamedFile, readSecretFile } from './input-file.ts';

export interface Token {
  readonly text: Secret;
  readonly facts: TokenFacts;
}

export interface TokenSource {
  /** The option or variable. */
  readonly from: string;
  /**
   * A token that is still good, a new one if need be.
   * @throws a usage error when there is none to be had
   */
  current(signal: AbortSignal): Promise<Token>;
  /** @returns another token than the one that was refused, or `undefined` if there is none */
  renewed(refused: Token, signal: AbortSignal): Promise<Token | undefined>;
}

type Trace = (line: string) => void;

export function createTokenSource(text: string, from: string): TokenSource {
  const token = parseToken(text, from);
  if (token === undefined) throw usageError(`${from} holds no token: ${tokenForms}.`);
  return { from, current: async () => token, renewed: async () => undefined };
}

/** The file is read each time: whoever renews it need not tell anybody. */
export function createFileTokenSource(file: NamedFile, host: Host, trace: Trace): TokenSource {
  async function fetch(signal: AbortSignal) {
    const token = parseToken((await readSecretFile(file, host, signal)).toString(), file.from);
    if (token === undefined) throw fileError(file, `holds no token: ${tokenForms}.`);
    return token;
  }
  return createRenewingSource(file.from, fetch, () => false, host, trace);
}

/** The command is run when there is no token yet, the last is about to expire, or it was refused. */
export function createCommandTokenSource(command: string, host: Host, trace: Trace): TokenSource {
  const [program = '', ...args] = parseWords(command);
  // A token may stand there by mistake.
  const isName = program.length <= maxProgramLength || /[\\/]/.test(program);
  const from = `--token-command (${isName ? program : '…'})`;
  if (program === '' || program.includes('='))
    throw usageError(
      '--token-command takes a program that prints a token, and its arguments; there is no shell that sets variables.',
    );
  async function fetch(signal: AbortSignal) {
    trace(`  running ${from} for a token`);
    const token = parseToken(await runForOutput(program, args, from, host, signal), from);
    if (token === undefined) throw usageError(`${from} printed no token: ${tokenForms}.`);
    return token;
  }
  return createRenewingSource(
    from,
    fetch,
    ({ facts }) => getLifetimeMs(facts, host) > minTokenLifeMs,
    host,
    trace,
  );
}

const tokenForms = 'it may be the token alone, or JSON with a member accessToken';

/** Milliseconds before its end at which a token is too old to begin anything with. */
const minTokenLifeMs = 120_000;

/** Longest name of a program that is shown, in characters. */
const maxProgramLength = 40;

/** Milliseconds that a command has. */
const maxRunMs = 60_000;

interface SharedFetch {
  readonly token: Promise<Token>;
  readonly cancel: AbortController;
  waiting: number;
}

function createRenewingSource(
  from: string,
  fetch: (signal: AbortSignal) => Promise<Token>,
  isGoodFor: (token: Token) => boolean,
  { clock }: Host,
  trace: Trace,
): TokenSource {
  let last: Token | undefined;
  let fetching: SharedFetch | undefined;

  /** Shares one fetch between all that ask at the same time. It is cancelled once none of them waits any more. */
  async function fetchOnce(signal: AbortSignal): Promise<Token> {
    fetching ??= begin();
    const shared = fetching;
    shared.waiting++;
    try {
      return await rejectOnAbort(signal, shared.token);
    } catch (error) {
      throw signal.aborted ? interruptedError(signal.reason) : error;
    } finally {
      shared.waiting--;
      if (shared.waiting === 0) {
        shared.cancel.abort();
        fetching = undefined;
      }
    }
  }

  function begin(): SharedFetch {
    const cancel = new AbortController();
    const token = fetch(cancel.signal);
    // It may fail after everybody stopped waiting.
    token.catch(() => {});
    return { token, cancel, waiting: 0 };
  }

  return {
    from,
    async current(signal) {
      if (last && isGoodFor(last)) return last;
      try {
        last = await fetchOnce(signal);
      } catch (error) {
        const left = last ? getLifetimeMs(last.facts, { clock }) : 0;
        if (last === undefined || left <= 0 || signal.aborted || !(error instanceof ExpectedError))
          throw error;
        const good = Number.isFinite(left) ? `, which is good for ${formatDuration(left)}` : '';
        trace(`  ${error.message} The last token is used${good}.`);
      }
      return last;
    },
    async renewed(refused, signal) {
      const isAnother = (token: Token) => token.text.reveal() !== refused.text.reveal();
      // It was refused to somebody else before.
      if (last && isAnother(last)) return last;
      last = await fetchOnce(signal);
      return isAnother(last) ? last : undefined;
    },
  };
}

/** Infinity for a token that does not say when it ends. */
function getLifetimeMs({ expires }: TokenFacts, { clock }: Pick<Host, 'clock'>): number {
  return expires === undefined ? Number.POSITIVE_INFINITY : expires.getTime() - clock.now();
}

async function runForOutput(
  program: string,
  args: readonly string[],
  from: string,
  host: Host,
  signal: AbortSignal,
): Promise<string> {
  const tooLong = new AbortController();
  const callOff = host.clock.after(maxRunMs, () => tooLong.abort());
  const undo = forwardAbort(signal, tooLong);
  try {
    return await host.run(program, args, tooLong.signal);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const said = redactArguments(getLastLine(error.stderr), args);
    throw usageError(`${from} failed: ${said ? `${error.message}: ${said}` : error.message}.`);
  } finally {
    callOff();
    undo();
  }
}

/** Without its full stop. */
function getLastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1)?.slice(-300).replace(/\.$/, '') ?? '';
}

/** Shortest repeated part of the arguments that is hidden, in characters. */
const minRepeatedLength = 6;

/** Hides tokens, and whatever a program repeats of its arguments: any part of them may be a password. */
function redactArguments(text: string, args: readonly string[]): string {
  // The value of `name=value` and `-nvalue` may come alone, and be short.
  const values = args
    .flatMap((arg) => [arg, arg.replace(/^[^=]*=/, ''), arg.replace(/^-\w/, '')])
    .filter((value) => value.length >= 4);
  const given = args.join('\n');
  const said = text.replace(/\beyJ[\w.-]+/g, '***');
  let shown = '';
  for (let at = 0; at < said.length; ) {
    const whole = values.filter((value) => said.startsWith(value, at)).map((value) => value.length);
    const repeated = Math.max(0, ...whole, findRepetition(said, at, given));
    shown += repeated > 0 ? '***' : said.charAt(at);
    at += Math.max(1, repeated);
  }
  return shown;
}

/** @returns the length of the longest text at `at` that `given` contains, or 0 if it is shorter than {@link minRepeatedLength} */
function findRepetition(text: string, at: number, given: string): number {
  let length = minRepeatedLength;
  if (at + length > text.length || !given.includes(text.slice(at, at + length))) return 0;
  while (at + length < text.length && given.includes(text.slice(at, at + length + 1))) length++;
  return length;
}

/** As programs print one: alone, in quotes, behind `Bearer`, or as `az account get-access-token` does. */
function parseToken(text: string, from: string): Token | undefined {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  const found = /^["{]/.test(trimmed) ? findTokenInJson(trimmed) : trimmed.replace(/^Bearer\s+/i, '');
  // What a header can carry, by RFC 6750.
  if (found === undefined || !/^[\w.~+/-]+=*$/.test(found)) return undefined;
  return { text: new Secret(found), facts: { from, ...readClaims(found) } };
}

function findTokenInJson(text: string): string | undefined {
  const value = parseJson(text);
  const found = typeof value === 'object' ? (value?.['accessToken'] ?? value?.['access_token']) : value;
  return typeof found === 'string' ? found : undefined;
}

/** A token that is no JWT says nothing. */
function readClaims(token: string): Omit<TokenFacts, 'from'> {
  const payload = token.split('.')[1] ?? '';
  const value = parseJson(Buffer.from(payload, 'base64url').toString());
  const claims = typeof value === 'object' && value !== null ? value : {};
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : '');
  const expires = new Date(typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : Number.NaN);
  return {
    audience: text('aud'),
    tenant: text('tid'),
    roles: [claims['roles']].flat().filter((role) => typeof role === 'string'),
    expires: Number.isNaN(expires.getTime()) ? undefined : expires,
  };
}

function parseJson(text: string): Record<string, unknown> | string | null | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
