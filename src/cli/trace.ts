/** Traces requests and retries with `--verbose`. */
import type { Host } from '../platform/host.ts';
import { literal, printable } from '../platform/printable.ts';

/** Creates a function that writes a line to stderr with `--verbose`. */
export function createTrace(
  flags: { readonly verbose?: boolean | undefined },
  host: Host,
): (line: string) => void {
  return (line) => {
    if (flags.verbose) host.stderr.write(literal`${printable(line)}\n`);
  };
}
