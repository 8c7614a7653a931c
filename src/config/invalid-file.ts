/** Explains a compose file that is not valid. Pure. */
import { ExpectedError, getErrorCode } from '../platform/errors.ts';
import type { NextStep } from '../platform/next-step.ts';

/** Creates the error for a file that is not valid. @param problem follows the name of the file */
export function invalidFile(
  path: string,
  line: number | undefined,
  problem: string,
  next: readonly NextStep[] = [],
): ExpectedError {
  const file = path === '-' ? 'The compose file on stdin' : path;
  const outcome = 'invalid';
  return new ExpectedError({
    outcome,
    code: getErrorCode(outcome),
    what: `${file}${line === undefined ? '' : `:${line}`} ${problem}`,
    next,
    location: path === '-' || line === undefined ? undefined : { file: path, line },
  });
}
