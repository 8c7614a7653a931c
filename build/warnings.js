/** @import { InputOptions } from 'rolldown' */

/**
 * Options for a build that fails on warnings about the code only.
 * @satisfies {InputOptions}
 */
export const failOnWarnings = {
  // Warns about slow plugins, and so depends on the machine.
  checks: { bundlerTimings: false },
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
};
