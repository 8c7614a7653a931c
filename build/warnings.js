/** @import { InputOptions } from 'rolldown' */

/**
 * Options that make a build fail on warnings about the code.
 * @satisfies {InputOptions}
 */
export const failOnWarnings = {
  // Off, because warnings about slow plugins depend on the machine.
  checks: { bundlerTimings: false },
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
};
