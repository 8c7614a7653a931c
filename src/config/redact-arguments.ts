/** Redacts secrets in the error output of a program, which may repeat its arguments. Pure. */

/** Shortest repeated part of the arguments that is redacted, in characters. */
const minRepeatedLength = 6;

/** Shortest whole argument or option value that is redacted, in characters. */
const minValueLength = 4;

/** Redacts JWTs and every repetition of an argument or its parts, any of which may be a password. */
export function redactArguments(text: string, args: readonly string[]): string {
  // A program may print the value of `name=value` or `-nvalue` alone.
  const values = args
    .flatMap((arg) => [arg, arg.replace(/^[^=]*=/, ''), arg.replace(/^-\w/, '')])
    .filter((value) => value.length >= minValueLength);
  const allArguments = args.join('\n');
  const withoutTokens = text.replace(/\beyJ[\w.-]+/g, '***');
  let redacted = '';
  for (let at = 0; at < withoutTokens.length; ) {
    const lengths = values.filter((value) => withoutTokens.startsWith(value, at)).map(({ length }) => length);
    const length = Math.max(0, ...lengths, measureRepetition(withoutTokens, at, allArguments));
    redacted += length > 0 ? '***' : withoutTokens.charAt(at);
    at += Math.max(1, length);
  }
  return redacted;
}

/** Measures the longest part of `source` that the text repeats at an index; 0 below {@link minRepeatedLength}. */
function measureRepetition(text: string, at: number, source: string): number {
  let length = minRepeatedLength;
  if (at + length > text.length || !source.includes(text.slice(at, at + length))) return 0;
  while (at + length < text.length && source.includes(text.slice(at, at + length + 1))) length++;
  return length;
}
