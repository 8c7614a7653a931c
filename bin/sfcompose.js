#!/usr/bin/env node
import { processHost } from '../dist/host.js';
import { crashed, main } from '../dist/main.js';

const argv = process.argv.slice(2);
const host = processHost();
// By itself Node prints all members of an error, and those of a request hold what was sent in confidence.
process.on('uncaughtException', (error) => process.exit(crashed(error, argv, host)));
const exitCode = await main(argv, host);
// Set, not called with process.exit: that would cut off what is still on its way to a slow pipe.
process.exitCode = exitCode || process.exitCode;
host.letGo();
