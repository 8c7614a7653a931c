/** Starts the build without the launcher, for a comparison with Node's own compile cache. */
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');

require(resolve('dist', readFileSync('dist/main', 'utf8')));
