/** Determines whether to colour a stream. */
import type { ColorChoice } from '../config/settings.ts';
import type { Host, Output } from '../platform/host.ts';

/** Checks the option first, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then whether the stream is a terminal. */
export function hasColor(choice: ColorChoice, output: Output, env: Host['env']): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env['CLICOLOR_FORCE'] && env['CLICOLOR_FORCE'] !== '0') return true;
  return output.isTTY && env['TERM'] !== 'dumb';
}
