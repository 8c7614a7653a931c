/** Options of a build that fails on warnings about the code, and on no others. */
export const failOnWarnings = {
  // How long the plugins take says something of the machine, not of the code.
  checks: { bundlerTimings: false },
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
};
