#!/usr/bin/env node
'use strict';
/** Starts the program, or says that Node is too old. This file must parse on old versions of Node. */
const version = process.versions.node;
const parts = version.split('.').map(Number);
// As in package.json.
const isTooOld = Number(parts[0]) < 20 || (Number(parts[0]) === 20 && Number(parts[1]) < 19);

if (isTooOld) {
  const found = `this is ${version} (${process.execPath})`;
  process.stderr.write(`sfcompose: Node.js 20.19 or later is required, but ${found}.\n`);
  process.exitCode = 2;
} else {
  require('./launch.js');
}
