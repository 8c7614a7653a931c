/** Finds durations that were typed as two words. The second word would be taken for a deployment. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { type ExpectedError, usageError } from '../platform/errors.ts';

const unit = /^(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)$/i;

/** Finds a duration such as `--max-wait 1 h`. @returns the error that suggests `1h` */
export function findSplitDuration(
  argv: readonly string[],
  { options }: CommandUnknownOpts,
): ExpectedError | undefined {
  for (const [index, word] of argv.entries()) {
    if (!unit.test(word)) continue;
    const [, attached, number = argv[index - 1] ?? ''] = /^(-.+)=(\d+)$/.exec(argv[index - 1] ?? '') ?? [];
    const name = attached ?? argv[index - 2];
    const option = options.find(({ long, short }) => name !== undefined && (name === long || name === short));
    if (!option?.flags.endsWith('<duration>') || !/^\d+$/.test(number)) continue;
    const amount = word.toLowerCase();
    const short = amount.startsWith('ms') ? 'ms' : amount.charAt(0);
    const nearest = short === 'd' ? `${24 * Number(number)}h` : number + short;
    return usageError(`Invalid ${option.long} "${number} ${word}": use one word. Did you mean ${nearest}?`);
  }
  return undefined;
}
