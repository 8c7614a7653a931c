/** Finds the output options of an invalid command line. */
import { Command } from '@commander-js/extra-typings';
import type { Host } from '../platform/host.ts';
import { findErrorOutput, type OutputFlags, type ReportOutput } from './output-options.ts';
import { addOutputOptions } from './shared-options.ts';

/**
 * Finds format and color for the report of an invalid command line, so that a script that asked for JSON gets JSON.
 * Options may be unknown or lack a value, even before the ones that count; the last one wins.
 */
export function findOutputLeniently(argv: readonly string[], env: Host['env']): ReportOutput {
  let flags: OutputFlags = {};
  const set = (more: OutputFlags) => {
    flags = { ...flags, ...more };
  };
  const command = addOutputOptions(new Command().exitOverride().configureOutput({ writeErr() {} }))
    .option('-w, --watch')
    .on('option:json', () => set({ output: 'json' }))
    .on('option:output', (output) => set({ output }))
    .on('option:color', (color) => set({ color }))
    .on('option:no-color', () => set({ color: false }));
  try {
    command.parseOptions([...argv]);
  } catch {
    // The last option lacks its value.
  }
  return findErrorOutput(flags, env);
}
