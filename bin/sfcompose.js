#!/usr/bin/env node
import { processHost } from '../dist/host.js';
import { main } from '../dist/main.js';

const exitCode = await main(process.argv.slice(2), processHost());
// Set, not called with process.exit: that would cut off what is still on its way to a slow pipe.
process.exitCode ||= exitCode;
