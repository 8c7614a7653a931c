/** Gets bearer tokens for Microsoft Entra ID from a text, a file or a command, and renews them. */
import parseWords from 'string-argv';
import { ExpectedError, interruptedError, usageError } from '../platform/errors.ts';
import { formatDuration } from '../platform/format.ts';
import { type Clock, type Host, ProgramError } from '../platform/host.ts';
import { rejectOnAbort, withTimeout } from '../platform/timeout.ts';
import type { TokenFacts } from './credential-facts.ts';
import { decodeText } from './decode-text.ts';
import { fileError, type NamedFile, readSecretFile } from './input-file.ts';
import { redactArguments } from './redact-arguments.ts';
import type { Sourced } from './setting.ts';
import { describeTokenForms, parseToken, type Token } from './token.ts';
import { explainVariable } from './undefined-variable.ts';

/** A source of tokens. Calls fail with an `interrupted` ExpectedError once the signal aborts. */
export interface TokenSource {
  /** The option or variable that the tokens come from. */
  readonly from: string;
  /**
   * Returns a token that has not expired, fetching a new one if necessary.
   * @throws a usage error if no token is available
   */
  get(signal: AbortSignal): Promise<Token>;
  /**
   * Returns a token that differs from the rejected one, or `undefined` if the source still has the same token.
   * @throws a usage error if no token can be fetched
   */
  renew(rejected: Token, signal: AbortSignal): Promise<Token | undefined>;
}

type Trace = (line: string) => void;

/** Creates a source of one fixed token. @throws a usage error for a text without a token */
export function createTokenSource(text: string, from: string): TokenSource {
  const token = parseToken(text, from);
  if (token === undefined) throw usageError(`${from} contains no token. ${describeTokenForms(text)}`);
  return { from, get: async () => token, renew: async () => undefined };
}

/** Creates a source that reads the file for each request, so that other programs can renew the token in the file. */
export function createFileTokenSource(file: NamedFile, host: Host, trace: Trace): TokenSource {
  async function fetch(signal: AbortSignal) {
    const text = decodeText(await readSecretFile(file, host, signal));
    const token = parseToken(text, file.from);
    if (token === undefined) throw fileError(file, `contains no token. ${describeTokenForms(text)}`);
    return token;
  }
  return createRenewingSource(file.from, fetch, () => false, host.clock, trace);
}

/**
 * Creates a source that runs the command for the first token, and again when the last one is about to expire or was
 * rejected.
 * @param option the source of the command: `--token-command`
 * @throws a usage error if the command names no program
 */
export function createCommandTokenSource(
  { value: command, from: option }: Sourced<string>,
  host: Host,
  trace: Trace,
): TokenSource {
  const [program = '', ...args] = parseWords(command);
  // A token may have been passed by mistake.
  const isProgram = program.length <= maxProgramLength || /[\\/]/.test(program);
  const from = `${option} (${isProgram ? program : '...'})`;
  const hint = explainVariable(command);
  if (hint) throw usageError(`${option} is no program: ${hint}`);
  if (program === '' || program.includes('='))
    throw usageError(
      `${option} must be a program that prints a token, with its arguments. No shell runs, so variables cannot be set.`,
    );
  async function fetch(signal: AbortSignal) {
    trace(`  getting a token from ${from}`);
    const output = await runForOutput(program, args, from, host, signal);
    const token = parseToken(output, from);
    if (token === undefined) throw usageError(`${from} printed no token. ${describeTokenForms(output)}`);
    return token;
  }
  const isReusable = ({ facts }: Token) => getLifetimeMs(facts, host.clock) > minTokenLifeMs;
  return createRenewingSource(from, fetch, isReusable, host.clock, trace);
}

/** Remaining lifetime below which a new token is fetched. */
const minTokenLifeMs = 120_000;

/** Longest program name without a path that is shown, in characters. A longer name may be a token. */
const maxProgramLength = 40;

const maxRunMs = 60_000;

/** A fetch that many callers wait for. */
interface SharedFetch {
  readonly token: Promise<Token>;
  readonly controller: AbortController;
  waiting: number;
}

/** @param isReusable whether the last token can be used for another request */
function createRenewingSource(
  from: string,
  fetch: (signal: AbortSignal) => Promise<Token>,
  isReusable: (token: Token) => boolean,
  clock: Clock,
  trace: Trace,
): TokenSource {
  let last: Token | undefined;
  let fetching: SharedFetch | undefined;

  /** Shares one fetch among concurrent callers, and cancels it once all of them have stopped waiting. */
  async function fetchShared(signal: AbortSignal): Promise<Token> {
    fetching ??= startFetch();
    const shared = fetching;
    shared.waiting++;
    try {
      return await rejectOnAbort(signal, shared.token);
    } catch (error) {
      throw signal.aborted ? interruptedError(signal.reason) : error;
    } finally {
      shared.waiting--;
      if (shared.waiting === 0) {
        shared.controller.abort();
        fetching = undefined;
      }
    }
  }

  function startFetch(): SharedFetch {
    const controller = new AbortController();
    const token = fetch(controller.signal);
    // Avoids an unhandled rejection when it fails after all callers have stopped waiting.
    token.catch(() => {});
    return { token, controller, waiting: 0 };
  }

  return {
    from,
    async get(signal) {
      if (last && isReusable(last)) return last;
      try {
        last = await fetchShared(signal);
      } catch (error) {
        const lifetimeMs = last ? getLifetimeMs(last.facts, clock) : 0;
        if (last === undefined || lifetimeMs <= 0 || signal.aborted || !(error instanceof ExpectedError))
          throw error;
        const validity = Number.isFinite(lifetimeMs) ? `, valid for ${formatDuration(lifetimeMs)}` : '';
        trace(`  ${error.message} Using the last token${validity}.`);
      }
      return last;
    },
    async renew(rejected, signal) {
      const isAnother = (token: Token) => token.text.reveal() !== rejected.text.reveal();
      // A concurrent request may have renewed it already.
      if (last && isAnother(last)) return last;
      last = await fetchShared(signal);
      return isAnother(last) ? last : undefined;
    },
  };
}

/** Returns the remaining lifetime, `Infinity` for a token without an expiry. */
function getLifetimeMs({ expires }: TokenFacts, clock: Clock): number {
  return expires === undefined ? Infinity : expires.getTime() - clock.now();
}

/** Runs the program. @throws a usage error that quotes the last line of its stderr, with the arguments redacted */
async function runForOutput(
  program: string,
  args: readonly string[],
  from: string,
  { run, clock }: Host,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await withTimeout(clock, maxRunMs, signal, (own) => run(program, args, own));
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const detail = redactArguments(getLastLine(error.stderr), args);
    throw usageError(`${from} failed: ${detail ? `${error.message}: ${detail}` : error.message}.`);
  }
}

/** Returns the end of the last line, without a full stop. */
function getLastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1)?.slice(-300).replace(/\.$/, '') ?? '';
}
