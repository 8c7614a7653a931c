'use strict';
/** Starts the program as users get it, and ends stderr with the files that V8 compiled without cached data, as JSON. */
const { writeSync } = require('node:fs');
const { newScripts } = require('./start.cjs');

process.on('exit', () => writeSync(2, `\n${JSON.stringify(newScripts.map(({ file }) => file))}`));
