'use strict';
/** Makes a program crash on SIGUSR2, as a bug does: by an error that nothing catches. */
process.on('SIGUSR2', () => {
  throw new Error('a crash on purpose');
});
